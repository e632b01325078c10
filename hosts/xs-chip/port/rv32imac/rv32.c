/*
 * The port of FreeRTOS: the first stack of a task, critical sections, the tick, faults, and what
 * guards memory.
 *
 * A task's stack is guarded three times: FreeRTOS looks at its last words at each switch; each trap
 * looks where the stack pointer is; and the processor watches the word below which nothing may be
 * written, and faults at once (as CONFIG_FREERTOS_WATCHPOINT_END_OF_STACK of ESP-IDF).
 */
#include "machine.h"

/* Flash and image of link.ld: as a power of two. */
#define FLASH_AT 0x80000000
#define FLASH_BYTES 0x4000000
#define MTIMECMP ((volatile uint32_t*)0x02004000)

/* mcause. */
enum { BREAKPOINT = 3, ECALL = 11 };
#define TIMER 0x80000007u

/* Words of the frame that trap.S makes. */
enum { FRAME_RA, FRAME_A0 = 8, FRAME_MEPC = 28, FRAME_MSTATUS, FRAME_WORDS = 32 };

extern void startFirstTask(void);
void failStack(uint32_t pc, uint32_t ra) __attribute__((noreturn));
void handleTrap(uint32_t cause, StackType_t* frame, uint32_t value);

/* Kept in the frame of a task that does not run: it may yield inside. */
UBaseType_t criticalNesting = 0;
/* Below it the stack of the running task has no room for the frame of a trap. */
uint32_t lowestFrame = 0;
static uint64_t nextTick;
static uint64_t idle = 0;

/* An instruction takes 2^shift of them. */
uint64_t readCycles(void)
{
	uint32_t high, low, again;
	do {
		__asm volatile(CSR("csrr %0, mcycleh\ncsrr %1, mcycle\ncsrr %2, mcycleh")
			: "=r"(high), "=r"(low), "=r"(again));
	} while (high != again);
	return ((uint64_t)high << 32) | low;
}

uint64_t idleCycles(void)
{
	return idle;
}

/* The processor sleeps until the next tick, and the emulator does not. */
void vApplicationIdleHook(void)
{
	uint32_t was = closeInterrupts();
	uint64_t start = readCycles();
	__asm volatile("wfi");
	idle += readCycles() - start;
	restoreInterrupts(was);
}

static void setAlarm(uint64_t at)
{
	MTIMECMP[1] = UINT32_MAX;
	MTIMECMP[0] = (uint32_t)at;
	MTIMECMP[1] = (uint32_t)(at >> 32);
}

/* The end of a critical section opens no door either. */
void stopThreads(void)
{
	portDISABLE_INTERRUPTS();
	criticalNesting = 1;
}

static void taskReturned(void)
{
	failAssert("a task has returned", 0);
}

StackType_t* pxPortInitialiseStack(StackType_t* top, TaskFunction_t code, void* argument)
{
	top = (StackType_t*)((uintptr_t)top & ~(uintptr_t)15) - FRAME_WORDS;
	for (int i = 0; i < FRAME_WORDS; i++)
		top[i] = 0;
	top[FRAME_RA] = (StackType_t)taskReturned;
	top[FRAME_A0] = (StackType_t)argument;
	top[FRAME_MEPC] = (StackType_t)code;
	top[FRAME_MSTATUS] = 0x1880;        /* machine mode, and interrupts after mret */
	return top;
}

BaseType_t xPortStartScheduler(void)
{
	nextTick = readClock() + tickClocks;
	setAlarm(nextTick);
	startFirstTask();
	return pdFALSE;
}

void vPortEndScheduler(void)
{
}

void vPortEnterCritical(void)
{
	portDISABLE_INTERRUPTS();
	criticalNesting++;
}

void vPortExitCritical(void)
{
	if (--criticalNesting == 0)
		portENABLE_INTERRUPTS();
}

/* The locked entry of the physical memory protection holds for machine mode too. */
void protectFlash(void)
{
	uintptr_t napot = (FLASH_AT >> 2) | ((FLASH_BYTES >> 3) - 1);
	/* Entry 0: locked, NAPOT, execute and read. Entry 1: all else, as without protection. */
	__asm volatile(CSR("csrw pmpaddr0, %0\ncsrw pmpaddr1, %1\ncsrw pmpcfg0, %2")
		:: "r"(napot), "r"(UINT32_MAX), "r"(0x1F9D) : "memory");
}

/* Called by trap.S too, when the stack has no room for a frame. */
void failStack(uint32_t pc, uint32_t ra)
{
	failMachine(MACHINE_STACK_FULL, "the native stack is full, at pc %#lx, ra %#lx",
		(unsigned long)pc, (unsigned long)ra);
}

static void failTrap(uint32_t cause, const StackType_t* frame, uint32_t value)
{
	if (cause == BREAKPOINT)
		failStack(frame[FRAME_MEPC], frame[FRAME_RA]);
	failMachine(MACHINE_FAULT, "fault %lu at pc %#lx, ra %#lx, value %#lx",
		(unsigned long)cause, (unsigned long)frame[FRAME_MEPC],
		(unsigned long)frame[FRAME_RA], (unsigned long)value);
}

/* The processor is to fault when the last word of the running task's stack is written. Its trigger
 * 0: stores of any size, in machine mode. */
static void watchStack(void)
{
	uint32_t stores = 0x20000042, end = (uint32_t)stackOf(NULL);
	lowestFrame = end + FRAME_WORDS * sizeof(StackType_t);
	__asm volatile(CSR("csrw tselect, zero\ncsrw tdata1, %0\ncsrw tdata2, %1")
		:: "r"(stores), "r"(end) : "memory");
}

/* Called by trap.S on a stack of its own. */
void handleTrap(uint32_t cause, StackType_t* frame, uint32_t value)
{
	if (cause == TIMER) {
		nextTick += tickClocks;
		setAlarm(nextTick);
		if (xTaskIncrementTick())
			vTaskSwitchContext();
		if (xTaskGetTickCount() >= lookTick)
			lookForEnd();
	}
	else if (cause == ECALL) {          /* a yield */
		frame[FRAME_MEPC] += 4;
		vTaskSwitchContext();
	}
	else
		failTrap(cause, frame, value);
	watchStack();
}
