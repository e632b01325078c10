/*
 * The port of FreeRTOS: the first stack of a task, critical sections, the tick, faults, and what
 * guards memory.
 *
 * A task's stack is guarded three times: FreeRTOS looks at its last words at each switch; each trap
 * looks where the stack pointer is; and the processor watches the word below which nothing may be
 * written, and faults at once (as CONFIG_FREERTOS_WATCHPOINT_END_OF_STACK of ESP-IDF).
 */
#include "machine.h"
#include "trace.h"
#include <semihost.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#define MTIMECMP ((volatile uint32_t*)0x02004000)
#define MTIME ((volatile uint32_t*)0x0200BFF8)
#define TICK_CYCLES (CYCLES_PER_S / configTICK_RATE_HZ)
#define SCALE_BITS 24

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
/* Of the emulator's clock in a millisecond: so many that an instruction takes as long as it is to.
 * What the emulator has counted, times 2^-24 of the scale, is the chip's time. */
static uint32_t tickCycles = TICK_CYCLES;
static uint32_t timeScale = 1 << SCALE_BITS;
static uint64_t idle = 0;

uint64_t readTime(void)
{
	uint32_t high, low;
	do {
		high = MTIME[1];
		low = MTIME[0];
	} while (high != MTIME[1]);
	return (((uint64_t)low * timeScale) >> SCALE_BITS)
		+ (((uint64_t)high * timeScale) << (32 - SCALE_BITS));
}

/* Before main starts: the time makes a step. */
void setTickCycles(unsigned cycles)
{
	if (cycles < TICK_CYCLES / 2 || cycles > TICK_CYCLES * 2)
		failMachine(MACHINE_ASSERTION, "--machine-tick=%u: from %u to %u", cycles,
			TICK_CYCLES / 2, TICK_CYCLES * 2);
	tickCycles = cycles;
	timeScale = (uint32_t)(((uint64_t)TICK_CYCLES << SCALE_BITS) / cycles);
}

/* Nanoseconds of the emulator: an instruction takes 2^shift of them. */
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
	uint64_t start;
	portDISABLE_INTERRUPTS();
	start = readCycles();
	__asm volatile("wfi");
	idle += readCycles() - start;
	portENABLE_INTERRUPTS();
}

static void setAlarm(uint64_t at)
{
	MTIMECMP[1] = UINT32_MAX;
	MTIMECMP[0] = (uint32_t)at;
	MTIMECMP[1] = (uint32_t)(at >> 32);
}

void endMachine(int code)
{
	for (;;)
		sys_semihost_exit_extended(code);
}

/* Nobody else runs any more, and writing to the console opens no door. */
void stopThreads(void)
{
	portDISABLE_INTERRUPTS();
	criticalNesting = 1;
}

void failMachine(int code, const char* format, ...)
{
	static bool hasFailed = false;
	va_list arguments;
	stopThreads();
	if (hasFailed)
		endMachine(code);
	hasFailed = true;
	fprintf(stderr, "xs-chip: task %s: ", accountName());
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputs("\n", stderr);
	flushConsole();
	tellTrace(nameOfPlace);
	reportAccounts();
	flushConsole();
	endMachine(code);
}

void failAssert(const char* file, int line)
{
	failMachine(MACHINE_ASSERTION, "FreeRTOS: %s:%d", file, line);
}

void vApplicationStackOverflowHook(TaskHandle_t task, char* name)
{
	(void)task;
	(void)name;
	failMachine(MACHINE_STACK_FULL, "the native stack is full");
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

char* stackOf(TaskHandle_t task)
{
	TaskStatus_t info;
	vTaskGetInfo(task, &info, pdFALSE, eReady);
	return (char*)info.pxStackBase;
}

BaseType_t xPortStartScheduler(void)
{
	nextTick = readTime() + tickCycles;
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

/* From here on flash and image can be read only, as on a board: the locked entry of the physical
 * memory protection holds for machine mode too. `base` and `bytes` as a power of two. */
void protectFlash(uintptr_t base, size_t bytes)
{
	uintptr_t napot = (base >> 2) | ((bytes >> 3) - 1);
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
		nextTick += tickCycles;
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
