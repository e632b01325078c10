/*
 * The atomic operations on the words of the arena: src/arena/atomic.ts.
 *
 * Where the chip has no atomic instructions, XS's Atomics take the mutex of their
 * SharedArrayBuffer, and so does whatever changes a word here. Reading takes none: an aligned word
 * is never torn. All of them are sequentially consistent.
 */
#ifndef REATTACH_ATOMICS_H
#define REATTACH_ATOMICS_H

#include "vm.h"

/* The differential test looks at the arena before each operation. */
#ifndef NOTE
	#define NOTE(kind, word)
#endif

static int32_t loadWord(volatile int32_t* word)
{
	NOTE('l', word);
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

/* Of a word that nobody else changes while this VM does. */
static void storeOwn(volatile int32_t* word, int32_t value)
{
	NOTE('s', word);
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

static void storeWord(Vm* vm, volatile int32_t* word, int32_t value)
{
	NOTE('s', word);
	if (hostHasAtomics(vm)) {
		__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
		return;
	}
	hostLock(vm);
	poke(word, value);
	hostUnlock(vm);
}

static int32_t addToWord(Vm* vm, volatile int32_t* word, int32_t value)
{
	int32_t was;

	NOTE('+', word);
	if (hostHasAtomics(vm))
		return __atomic_fetch_add(word, value, __ATOMIC_SEQ_CST);
	hostLock(vm);
	was = peek(word);
	poke(word, (int32_t)((uint32_t)was + (uint32_t)value));
	hostUnlock(vm);
	return was;
}

static void setBits(Vm* vm, volatile int32_t* word, int32_t bits)
{
	NOTE('|', word);
	if (hostHasAtomics(vm)) {
		__atomic_fetch_or(word, bits, __ATOMIC_SEQ_CST);
		return;
	}
	hostLock(vm);
	poke(word, peek(word) | bits);
	hostUnlock(vm);
}

static void clearBits(Vm* vm, volatile int32_t* word, int32_t bits)
{
	NOTE('&', word);
	if (hostHasAtomics(vm)) {
		__atomic_fetch_and(word, ~bits, __ATOMIC_SEQ_CST);
		return;
	}
	hostLock(vm);
	poke(word, peek(word) & ~bits);
	hostUnlock(vm);
}

/* Writes `value` if the word is `expected`. */
static bool replaceWord(Vm* vm, volatile int32_t* word, int32_t expected, int32_t value)
{
	bool isExpected;

	NOTE('?', word);
	if (hostHasAtomics(vm))
		return __atomic_compare_exchange_n(word, &expected, value, false, __ATOMIC_SEQ_CST,
			__ATOMIC_SEQ_CST);
	hostLock(vm);
	isExpected = peek(word) == expected;
	if (isExpected)
		poke(word, value);
	hostUnlock(vm);
	return isExpected;
}

#endif
