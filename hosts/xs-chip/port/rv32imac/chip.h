/*
 * What the other files need to know of an rv32imac (QEMU's "virt").
 */
#ifndef CHIP_H
#define CHIP_H

#include <stdint.h>

/* Of readClock() and of the tick: the CLINT's. */
#define CLOCK_HZ 10000000

/* At each switch, beside what all chips do. Here each trap does it. */
#define CHIP_SWITCHED_IN() (void)0

/* An instruction of the extension that the compiler is not told of: see chip.mk. */
#define CSR(text) ".option push\n.option arch, +zicsr\n" text "\n.option pop\n"

#define MTIME ((volatile uint32_t*)0x0200BFF8)

static inline uint64_t readClock(void)
{
	uint32_t high, low;
	do {
		high = MTIME[1];
		low = MTIME[0];
	} while (high != MTIME[1]);
	return ((uint64_t)high << 32) | low;
}

/* No interrupt, and so no other task, until restoreInterrupts() is told what this returned. */
static inline uint32_t closeInterrupts(void)
{
	uint32_t was;
	__asm volatile(CSR("csrrci %0, mstatus, 8") : "=r"(was) :: "memory");
	return was & 8;
}

static inline void restoreInterrupts(uint32_t was)
{
	__asm volatile(CSR("csrs mstatus, %0") :: "r"(was) : "memory");
}

#endif
