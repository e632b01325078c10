/*
 * A Cortex-M3 (QEMU's mps2-an385) under FreeRTOS's own port to it: reset, vectors, clock, faults,
 * and what guards memory.
 *
 * A task's stack is guarded twice: FreeRTOS looks at its last words at each switch, and the memory
 * protection unit faults when something is written to the 128 bytes above them, a frame of the
 * processor included.
 */
#include "machine.h"
#include <picotls.h>
#include <stdbool.h>

#define REGISTER(address) (*(volatile uint32_t*)(address))

/* A timer that counts down from its end, all the time. */
#define TIMER_CTRL REGISTER(0x40000000)
#define TIMER_VALUE REGISTER(0x40000004)
#define TIMER_RELOAD REGISTER(0x40000008)
#define TIMER_ENABLE 1

/* One that fires once, for the tick. SysTick would do so a second time before QEMU has woken a
 * processor that sleeps: a tick would be lost. */
#define ALARM_LOAD REGISTER(0x40002000)
#define ALARM_CONTROL REGISTER(0x40002008)
#define ALARM_INTCLR REGISTER(0x4000200C)
enum { ALARM_ONESHOT = 1 << 0, ALARM_32_BITS = 1 << 1 };
enum { ALARM_INTERRUPT = 1 << 5, ALARM_ENABLE = 1 << 7 };
enum { ALARM_IRQ = 10, ALARM_EXCEPTION = 16 + ALARM_IRQ };
#define NVIC_ISER REGISTER(0xE000E100)
#define NVIC_PRIORITY ((volatile uint8_t*)0xE000E400)
#define NS_PER_CLOCK (1000000000 / CLOCK_HZ)

/* System control block. */
#define SCB_CCR REGISTER(0xE000ED14)
#define SCB_SHCSR REGISTER(0xE000ED24)
#define SCB_CFSR REGISTER(0xE000ED28)
#define SCB_HFSR REGISTER(0xE000ED2C)
#define SCB_MMFAR REGISTER(0xE000ED34)
#define SCB_BFAR REGISTER(0xE000ED38)
enum { CCR_UNALIGN_TRP = 1 << 3, CCR_DIV_0_TRP = 1 << 4 };
enum { SHCSR_MEMFAULTENA = 1 << 16, SHCSR_BUSFAULTENA = 1 << 17, SHCSR_USGFAULTENA = 1 << 18 };
/* Of memory protection and of the bus: the frame could not be written; there is an address. */
enum { CFSR_MSTKERR = 1 << 4, CFSR_MMARVALID = 1 << 7 };
enum { CFSR_STKERR = 1 << 12, CFSR_BFARVALID = 1 << 15 };

/* Memory protection unit. The region of the highest number counts. */
#define MPU_CTRL REGISTER(0xE000ED94)
#define MPU_RBAR REGISTER(0xE000ED9C)
#define MPU_RASR REGISTER(0xE000EDA0)
enum { CTRL_ENABLE = 1 << 0, CTRL_PRIVDEFENA = 1 << 2 };
enum { RBAR_VALID = 1 << 4 };
enum { RASR_ENABLE = 1 << 0, RASR_XN = 1 << 28 };
enum { RASR_NO_ACCESS = 0 << 24, RASR_READ_ONLY = 6 << 24 };
enum { REGION_FLASH, REGION_IMAGE, REGION_NULL, REGION_GUARD };

/* Those of link.ld. A region is a power of two; the image is 8 MB but for the last two of eight
 * subregions. */
#define FLASH_AT 0x00000000
#define FLASH_BITS 22
#define IMAGE_AT 0x21000000
#define IMAGE_BITS 23
#define IMAGE_LESS (0xC0 << 8)
/* Where the vectors are, which only the processor reads. */
#define NULL_AT 0x00000000
#define NULL_BITS 10
#define GUARD_BITS 7
#define GUARD_BYTES (1u << GUARD_BITS)
/* So far above the stack pointer a return address is looked for. */
#define NEAR_WORDS 128

/* What lr has when an exception has come in a task. */
#define RETURN_TO_TASK 0xFFFFFFFD

/* What the processor writes when an exception begins. */
typedef struct {
	uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
} Frame;

extern char __data_source[], __data_start[], __data_end[], __bss_start[], __bss_end[];
extern char __tls_base[], __trap_stack[];
extern void vPortSVCHandler(void), xPortPendSVHandler(void), xPortSysTickHandler(void);
extern char __text_start[], __text_end[];
void failFault(const Frame* frame, uint32_t exceptionReturn) __attribute__((noreturn, used));

/* Where the guard is; 0: not set yet. */
static uint32_t guard = 0;
/* Is it the idle task that runs, and since when has it slept, ticks apart? */
static bool isIdle = false;
static uint64_t idleSince = 0;
static uint64_t idle = 0;
static uint64_t nextTick;

static void protect(uint32_t region, uint32_t at, uint32_t bits, uint32_t attributes)
{
	MPU_RBAR = at | RBAR_VALID | region;
	MPU_RASR = attributes | (bits - 1) << 1 | RASR_ENABLE;
}

void beginTask(const void* stack)
{
	uint32_t at = ((uint32_t)stack + GUARD_BYTES - 1) & ~(GUARD_BYTES - 1);
	isIdle = false;
	if (at == guard)
		return;
	guard = at;
	MPU_RBAR = guard | RBAR_VALID | REGION_GUARD;
}

/* A null pointer can be neither read nor written any more. */
void protectFlash(void)
{
	protect(REGION_FLASH, FLASH_AT, FLASH_BITS, RASR_READ_ONLY);
	protect(REGION_IMAGE, IMAGE_AT, IMAGE_BITS, RASR_READ_ONLY | RASR_XN | IMAGE_LESS);
	protect(REGION_NULL, NULL_AT, NULL_BITS, RASR_NO_ACCESS | RASR_XN);
}

/* The timer has 32 bits, which are over in three minutes: each tick looks. */
uint64_t readClock(void)
{
	static uint32_t low = 0, high = 0;
	uint32_t was = closeInterrupts(), now = ~TIMER_VALUE;
	uint64_t clock;
	if (now < low)
		high++;
	low = now;
	clock = ((uint64_t)high << 32) | low;
	restoreInterrupts(was);
	return clock;
}

uint64_t readCycles(void)
{
	return readClock() * NS_PER_CLOCK;
}

uint64_t idleCycles(void)
{
	return idle;
}

/* Interrupts stay open: QEMU wakes nobody up for one that is masked. So a tick ends the sleep, and
 * another task may run before the idle one goes on. */
void vApplicationIdleHook(void)
{
	uint32_t was = closeInterrupts();
	if (!isIdle)
		idleSince = readCycles();
	isIdle = true;
	restoreInterrupts(was);
	__asm volatile("wfi");
}

static void setAlarm(void)
{
	int64_t wait = (int64_t)(nextTick - readClock());
	ALARM_CONTROL = 0;
	ALARM_LOAD = (wait > 1) ? (uint32_t)wait : 1;
	ALARM_CONTROL = ALARM_ENABLE | ALARM_INTERRUPT | ALARM_32_BITS | ALARM_ONESHOT;
}

/* Returns in thread mode, on the stack of handlers: what the exception leaves by says so. */
__attribute__((naked)) static void leaveHandler(void)
{
	__asm volatile(
		"sub sp, #32\n\t"
		"bic lr, lr, #1\n\t"
		"str lr, [sp, #24]\n\t"             /* pc */
		"mov r0, #0x01000000\n\t"           /* Thumb */
		"str r0, [sp, #28]\n\t"             /* xpsr */
		"mvn lr, #6\n\t"                    /* 0xFFFFFFF9 */
		"bx lr");
}

/* A critical section of FreeRTOS opens no interrupt that is closed by PRIMASK. It is refused in a
 * handler: the one of the tick is left, for what is told at the end. */
void stopThreads(void)
{
	uint32_t exception;
	closeInterrupts();
	__asm volatile("mrs %0, ipsr" : "=r"(exception));
	if (exception == ALARM_EXCEPTION)
		leaveHandler();
}

/* In place of that in FreeRTOS's port, which sets SysTick. */
void vPortSetupTimerInterrupt(void)
{
	NVIC_PRIORITY[ALARM_IRQ] = configKERNEL_INTERRUPT_PRIORITY;
	NVIC_ISER = 1 << ALARM_IRQ;
	nextTick = readClock() + tickClocks;
	setAlarm();
}

static void onTick(void)
{
	if (isIdle)
		idle += readCycles() - idleSince;
	ALARM_INTCLR = 1;
	nextTick += tickClocks;
	setAlarm();
	xPortSysTickHandler();
	if (isIdle)
		idleSince = readCycles();
	if (xTaskGetTickCount() >= lookTick)
		lookForEnd();
}

/* The last return address on the stack, or 0: that of Thumb is odd. */
static uint32_t returnAddressNear(const uint32_t* sp)
{
	for (int i = 0; i < NEAR_WORDS; i++) {
		if ((sp[i] & 1) && sp[i] >= (uint32_t)__text_start && sp[i] < (uint32_t)__text_end)
			return sp[i];
	}
	return 0;
}

/* The task's frame was written before, when it was not the task that wrote to the guard. */
static void failStack(const Frame* frame, uint32_t exceptionReturn)
{
	if (exceptionReturn != RETURN_TO_TASK)
		__asm volatile("mrs %0, psp" : "=r"(frame));
	failMachine(MACHINE_STACK_FULL, "the native stack is full, at pc %#lx, lr %#lx",
		(unsigned long)frame->pc, (unsigned long)frame->lr);
}

/* There is no room for a frame, and so the pc is lost. */
static void failFrame(const Frame* frame, uint32_t cause)
{
	const uint32_t* sp = (const uint32_t*)(frame + 1);
	if (cause & CFSR_STKERR)
		failMachine(MACHINE_FAULT, "fault %#lx at sp %#lx", (unsigned long)cause, (unsigned long)sp);
	failMachine(MACHINE_STACK_FULL, "the native stack is full, near pc %#lx, sp %#lx",
		(unsigned long)returnAddressNear(sp), (unsigned long)sp);
}

void failFault(const Frame* frame, uint32_t exceptionReturn)
{
	uint32_t cause = SCB_CFSR, at = 0;
	if (cause & (CFSR_MSTKERR | CFSR_STKERR))
		failFrame(frame, cause);
	if (cause & CFSR_MMARVALID)
		at = SCB_MMFAR;
	else if (cause & CFSR_BFARVALID)
		at = SCB_BFAR;
	if (guard != 0 && at - guard < GUARD_BYTES)
		failStack(frame, exceptionReturn);
	failMachine(MACHINE_FAULT, "fault %#lx at pc %#lx, lr %#lx, value %#lx",
		(unsigned long)(cause ? cause : SCB_HFSR), (unsigned long)frame->pc,
		(unsigned long)frame->lr, (unsigned long)at);
}

/* The frame is on the stack that was in use. */
__attribute__((naked)) static void onFault(void)
{
	__asm volatile(
		"tst lr, #4\n\t"
		"ite eq\n\t"
		"mrseq r0, msp\n\t"
		"mrsne r0, psp\n\t"
		"mov r1, lr\n\t"
		"b failFault");
}

static void reset(void)
{
	char *from = __data_source, *to = __data_start;
	while (to < __data_end)
		*to++ = *from++;
	for (to = __bss_start; to < __bss_end; to++)
		*to = 0;
	_set_tls(__tls_base);
	SCB_CCR |= CCR_UNALIGN_TRP | CCR_DIV_0_TRP;
	SCB_SHCSR |= SHCSR_MEMFAULTENA | SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA;
	/* At the vectors, until there is a task. */
	protect(REGION_GUARD, NULL_AT, GUARD_BITS, RASR_READ_ONLY | RASR_XN);
	MPU_CTRL = CTRL_ENABLE | CTRL_PRIVDEFENA;
	TIMER_RELOAD = TIMER_VALUE = UINT32_MAX;
	TIMER_CTRL = TIMER_ENABLE;
	startMachine();
}

/* The first word is the stack of handlers. */
__attribute__((section(".vectors"), used)) void (*const VECTORS[])(void) = {
	(void (*)(void))__trap_stack, reset, onFault, onFault, onFault, onFault, onFault,
	[11] = vPortSVCHandler, [14] = xPortPendSVHandler, [ALARM_EXCEPTION] = onTick,
};
