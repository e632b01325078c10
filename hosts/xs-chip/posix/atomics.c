/*
 * Atomics of the sizes that the chip has no instructions for: 1, 2 and 8 bytes. The compiler calls
 * them by name. One core, so closing the door to interrupts is enough, as ESP-IDF does it.
 */
#include <stdbool.h>
#include <stdint.h>
#include "chip.h"

#define FETCH(SIZE, TYPE, NAME, EXPRESSION) \
	TYPE fetch_##NAME##_##SIZE(volatile void* at, TYPE value, int order) \
		__asm("__atomic_" #NAME "_" #SIZE); \
	TYPE fetch_##NAME##_##SIZE(volatile void* at, TYPE value, int order) \
	{ \
		volatile TYPE* it = at; \
		uint32_t was = closeInterrupts(); \
		TYPE old = *it; \
		(void)order; \
		*it = (EXPRESSION); \
		restoreInterrupts(was); \
		return old; \
	}

#define ATOMICS(SIZE, TYPE) \
	FETCH(SIZE, TYPE, exchange, value) \
	FETCH(SIZE, TYPE, fetch_add, old + value) \
	FETCH(SIZE, TYPE, fetch_sub, old - value) \
	FETCH(SIZE, TYPE, fetch_and, old & value) \
	FETCH(SIZE, TYPE, fetch_or, old | value) \
	FETCH(SIZE, TYPE, fetch_xor, old ^ value) \
	TYPE load_##SIZE(const volatile void* at, int order) __asm("__atomic_load_" #SIZE); \
	TYPE load_##SIZE(const volatile void* at, int order) \
	{ \
		uint32_t was = closeInterrupts(); \
		TYPE value = *(const volatile TYPE*)at; \
		(void)order; \
		restoreInterrupts(was); \
		return value; \
	} \
	void store_##SIZE(volatile void* at, TYPE value, int order) __asm("__atomic_store_" #SIZE); \
	void store_##SIZE(volatile void* at, TYPE value, int order) \
	{ \
		uint32_t was = closeInterrupts(); \
		(void)order; \
		*(volatile TYPE*)at = value; \
		restoreInterrupts(was); \
	} \
	bool compare_##SIZE(volatile void* at, void* expected, TYPE desired, bool weak, int success, \
		int failure) __asm("__atomic_compare_exchange_" #SIZE); \
	bool compare_##SIZE(volatile void* at, void* expected, TYPE desired, bool weak, int success, \
		int failure) \
	{ \
		volatile TYPE* it = at; \
		uint32_t was = closeInterrupts(); \
		TYPE old = *it; \
		bool isEqual = old == *(TYPE*)expected; \
		(void)weak; (void)success; (void)failure; \
		if (isEqual) \
			*it = desired; \
		else \
			*(TYPE*)expected = old; \
		restoreInterrupts(was); \
		return isEqual; \
	}

ATOMICS(1, uint8_t)
ATOMICS(2, uint16_t)
ATOMICS(8, uint64_t)
