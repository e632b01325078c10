/*
 * What the other files, and FreeRTOS's port, need to know of a Cortex-M3 (QEMU's mps2-an385).
 */
#ifndef CHIP_H
#define CHIP_H

#include <stdint.h>

/* Of readClock(), of the timers and of the tick. */
#define CLOCK_HZ 25000000

#define configCPU_CLOCK_HZ CLOCK_HZ
/* The lowest priority, and that up to which a critical section closes interrupts. */
#define configKERNEL_INTERRUPT_PRIORITY 255
#define configMAX_SYSCALL_INTERRUPT_PRIORITY 32

/* At each switch, beside what all chips do: with the stack of the task that runs next. */
void beginTask(const void* stack);
#define CHIP_SWITCHED_IN() beginTask(pxCurrentTCB->pxStack)

uint64_t readClock(void);

/* No interrupt, and so no other task, until restoreInterrupts() is told what this returned. */
static inline uint32_t closeInterrupts(void)
{
	uint32_t was;
	__asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(was) :: "memory");
	return was;
}

static inline void restoreInterrupts(uint32_t was)
{
	__asm volatile("msr primask, %0" :: "r"(was) : "memory");
}

#endif
