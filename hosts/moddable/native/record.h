/*
 * Writing a record of a trace: src/kernel/trace/record.ts, which has the reasons. In the tracing
 * build alone.
 *
 * Whoever includes it brings
 *   hostMicroseconds()             the clock of traces: uint64_t, which all VMs count alike
 */
#ifndef REATTACH_RECORD_H
#define REATTACH_RECORD_H

#include "atomics.h"

/* The ring of a VM. `mask` is a private copy, as others reach the ring's memory too. */
typedef struct TraceRing {
	volatile int32_t* words;
	int32_t mask;
} TraceRing;

/* False when these words are no ring: what is written lies within `count` words if this says so. */
static bool openRing(TraceRing* ring, int32_t* words, uint32_t count)
{
	if (!words || (count < L_RING_WORDS))
		return false;
	ring->words = words;
	ring->mask = peek(words + L_RING_MASK);
	return (ring->mask >= 0)
		&& (L_RING_WORDS + (((uint64_t)ring->mask + 1) << L_RECORD_SHIFT) <= count);
}

/* No step takes a lock, on no chip: the writer of a ring is its VM alone. */
static void writeRecord(const TraceRing* ring, uint64_t now, int32_t what, int32_t message)
{
	volatile int32_t* words = ring->words;
	int32_t number = (int32_t)((uint32_t)peek(words + L_RING_LAST) + 1);
	volatile int32_t* at = words + L_RING_WORDS + ((number & ring->mask) << L_RECORD_SHIFT);

	storeOwn(words + L_RING_LAST, number);
	storeOwn(at, 0);
	storeOwn(at + L_RECORD_TIME, (int32_t)(uint32_t)now);
	storeOwn(at + L_RECORD_WHAT, what);
	storeOwn(at + L_RECORD_MESSAGE, message);
	storeOwn(at, number);
}

static void noteHigh(const TraceRing* ring, uint64_t now)
{
	int32_t before = peek(ring->words + L_RING_HIGH), high = (int32_t)(now >> 32);

	writeRecord(ring, now, L_KIND_CLOCK | (int32_t)((uint32_t)before << L_VALUE_SHIFT), high);
	storeOwn(ring->words + L_RING_HIGH, high);
}

/* record() */
static void recordIn(const TraceRing* ring, int32_t kind, int32_t task, int32_t value,
	int32_t message)
{
	uint64_t now = hostMicroseconds();
	int32_t peer = (int32_t)((uint32_t)task - L_TASKS_AT) >> L_TASK_PEER_SHIFT;
	uint32_t most = (uint32_t)(value < L_VALUE_MAX ? value : L_VALUE_MAX);

	if ((int32_t)(now >> 32) != peek(ring->words + L_RING_HIGH))
		noteHigh(ring, now);
	writeRecord(ring, now, kind | peer | (int32_t)(most << L_VALUE_SHIFT), message);
}

#endif
