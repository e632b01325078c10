/*
 * The chip's time, from the emulator's clock. An instruction takes a power of two of nanoseconds
 * there: for what is between them a millisecond of the chip is longer or shorter by that clock.
 */
#include "machine.h"

#define TICK_CLOCKS (CLOCK_HZ / configTICK_RATE_HZ)
#define SCALE_BITS 24

uint32_t tickClocks = TICK_CLOCKS;
/* What the emulator has counted, times 2^-24 of this, is the chip's time. */
static uint32_t timeScale = 1 << SCALE_BITS;

uint64_t readTime(void)
{
	uint64_t clock = readClock();
	uint32_t low = (uint32_t)clock, high = (uint32_t)(clock >> 32);
	return (((uint64_t)low * timeScale) >> SCALE_BITS)
		+ (((uint64_t)high * timeScale) << (32 - SCALE_BITS));
}

/* Before main starts: the time makes a step. */
void setTickClocks(unsigned clocks)
{
	if (clocks < TICK_CLOCKS / 2 || clocks > TICK_CLOCKS * 2)
		failMachine(MACHINE_ASSERTION, "--machine-tick=%u: from %u to %u", clocks,
			(unsigned)TICK_CLOCKS / 2, (unsigned)TICK_CLOCKS * 2);
	tickClocks = clocks;
	timeScale = (uint32_t)(((uint64_t)TICK_CLOCKS << SCALE_BITS) / clocks);
}
