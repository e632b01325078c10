/*
 * Sleeping and waking: src/kernel/task/doorbell.ts, which has the reasons; and what a task does
 * that has slept for a while (endUnanswerable, of src/kernel/task/claim.ts).
 */
#ifndef REATTACH_DOORBELL_H
#define REATTACH_DOORBELL_H

#include "atomics.h"
#include "trace.h"

/* Looks at the doorbell that take as long as one of JavaScript's, which spinMax counts; */
#ifndef LOOKS_OF_C
	#define LOOKS_OF_C 32
#endif
/* and notifies, of which the waker of a sleeper on its way makes RENOTIFY_MAX. */
#ifndef NOTIFIES_OF_C
	#define NOTIFIES_OF_C 16
#endif

static int32_t arenaTime(const Vm* vm)
{
	int32_t time = (int32_t)(hostTicks() - (uint32_t)peek(vm->words + L_HEAD_BOOT_MS));

	return time == 0 ? 1 : time;
}

static void ringAgain(Vm* vm, int32_t task, int32_t sleep)
{
	volatile int32_t* record = vm->words + task;
	uint32_t start;
	int32_t i;

	if (peek(record + L_TASK_WOKEN) == sleep)
		return;
	start = hostTicks();
	for (i = 1; i <= L_RENOTIFY_MAX * NOTIFIES_OF_C; i++) {
		if (loadWord(record + L_TASK_SLEEP) != sleep)
			return;
		if (hostNotify(vm, record + L_TASK_BELL) != 0) {
			poke(record + L_TASK_WOKEN, sleep);
			addToWord(vm, record + L_TASK_RENOTIFIES, 1);
			return;
		}
		if ((i % (L_RENOTIFY_STEP * NOTIFIES_OF_C) == 0) && (hostTicks() - start >= L_RENOTIFY_MS))
			break;
	}
	poke(record + L_TASK_WOKEN, (int32_t)((uint32_t)arenaTime(vm) << L_WOKEN_MS_SHIFT)
		| (sleep & L_WOKEN_GIVEN_UP_MASK));
}

static void ring(Vm* vm, int32_t task)
{
	volatile int32_t* record = vm->words + task;
	int32_t sleep;

	addToWord(vm, record + L_TASK_BELL, 1);
	sleep = loadWord(record + L_TASK_SLEEP);
	if (sleep == 0)
		return;
	if (hostNotify(vm, record + L_TASK_BELL) == 0)
		ringAgain(vm, task, sleep);
	else
		poke(record + L_TASK_WOKEN, sleep);
}

static bool isRungWithin(Vm* vm, int32_t looks, int32_t seen)
{
	int64_t i = (int64_t)looks * LOOKS_OF_C;

	while (i-- > 0) {
		if (loadWord(vm->own + L_TASK_BELL) != seen)
			return true;
	}
	return false;
}

static bool triesToSpin(Vm* vm, int32_t seen)
{
	volatile int32_t* own = vm->own;
	uint32_t sleeps = (uint32_t)peek(own + L_TASK_SLEEPS), rest;
	bool isPaying;

	if ((int32_t)(sleeps - (uint32_t)peek(own + L_TASK_SPIN_REST) - L_SPIN_REST_MIN) < 0)
		return false;
	isPaying = isRungWithin(vm, vm->spinMax * L_SPIN_TRY, seen);
	if (isPaying)
		poke(own + L_TASK_SPIN, vm->spinMax);
	rest = sleeps < L_SPIN_REST_MAX ? sleeps : L_SPIN_REST_MAX;
	poke(own + L_TASK_SPIN_REST, (int32_t)(sleeps + rest - L_SPIN_REST_MIN));
	return isPaying;
}

static bool spinsUntilRung(Vm* vm, int32_t seen)
{
	volatile int32_t* own = vm->own;
	int32_t looks = peek(own + L_TASK_SPIN);

	if (looks == 0)
		return triesToSpin(vm, seen);
	if (looks > vm->spinMax)
		looks = vm->spinMax;
	if (isRungWithin(vm, looks, seen)) {
		poke(own + L_TASK_SPIN, (int64_t)looks * 2 < vm->spinMax ? looks * 2 : vm->spinMax);
		return true;
	}
	poke(own + L_TASK_SPIN, looks > L_SPIN_MIN ? looks >> 1 : 0);
	if (looks <= L_SPIN_MIN)
		poke(own + L_TASK_SPIN_REST, (int32_t)((uint32_t)peek(own + L_TASK_SLEEPS) - L_SPIN_REST_MIN));
	return false;
}

static int32_t sliceAfter(int32_t slept_ms, int32_t least_ms)
{
	if ((uint32_t)slept_ms >= L_SLICE_MS)
		return L_SLICE_MS;
	return slept_ms > least_ms ? slept_ms : least_ms;
}

static bool wasLost(Vm* vm, int32_t ms)
{
	uint32_t woken = (uint32_t)peek(vm->own + L_TASK_WOKEN), since;

	if (((woken ^ ((uint32_t)peek(vm->own + L_TASK_SLEEPS) << 1)) & L_WOKEN_SLEEP_MASK) != 0)
		return false;
	since = ((uint32_t)arenaTime(vm) << L_WOKEN_MS_SHIFT) - (woken & ~(uint32_t)L_WOKEN_SLEEP_MASK);
	return (int32_t)since >> L_WOKEN_MS_SHIFT >= ms;
}

static void overslept(Vm* vm, int32_t seen, int32_t ms)
{
	volatile int32_t* own = vm->own;
	int32_t since;

	if (loadWord(own + L_TASK_BELL) != seen) {
		if (wasLost(vm, ms))
			countUp(own + L_TASK_SAVES);
		poke(own + L_TASK_SINCE, 0);
		return;
	}
	if (peek(own + L_TASK_SINCE) != 0)
		return;
	since = (int32_t)((uint32_t)arenaTime(vm) - (uint32_t)ms);
	poke(own + L_TASK_SINCE, since == 0 ? 1 : since);
}

/* True when a task that may run says that it has claimed this task's slot, or is about to. */
static bool hasClaimant(Vm* vm, int32_t task)
{
	int32_t index;

	for (index = 0; index < vm->places; index++) {
		volatile int32_t* other = vm->words + taskAt(index);

		if ((peek(other + L_TASK_CLAIMING) == task)
				&& ((loadWord(other + L_TASK_LIFE) & L_LIFE_MASK) == L_LIFE_ALIVE))
			return true;
	}
	return false;
}

static void endUnanswerable(Vm* vm)
{
	volatile int32_t* own = vm->own;
	int32_t state = loadWord(own + L_SLOT_STATE), kind = state & L_SLOT_STATE_MASK, channel;

	if ((kind != L_SLOT_SEND) && (kind != L_SLOT_REPLY) && (kind != L_SLOT_CLAIMED))
		return;
	channel = channelIn(vm, peek(own + L_SLOT_CHANNEL));
	if ((channel != 0) && (loadWord(vm->words + channel + L_CHANNEL_LIFE)
			== peek(own + L_SLOT_CHANNEL_LIFE)))
		return;
	if ((kind == L_SLOT_CLAIMED) && hasClaimant(vm, vm->me))
		return;
	replaceWord(vm, own + L_SLOT_STATE, state, (state & ~L_SLOT_STATE_MASK) | L_SLOT_GONE);
}

/*
 * awaitBell(seen, FOREVER). False, and it has not slept, when TASK_POISON says something: to obey
 * is JavaScript's. `channel`, for a trace: on which it waits for messages; 0 for an answer.
 */
static bool awaitBell(Vm* vm, int32_t seen, int32_t channel)
{
	volatile int32_t* own = vm->own;
	int32_t ms = vm->sliceMin_ms;
	bool isWoken;

	if ((vm->spinMax != 0) && spinsUntilRung(vm, seen)) {
		if (peek(own + L_TASK_SINCE) != 0)
			poke(own + L_TASK_SINCE, 0);
		return true;
	}
	if (peek(own + L_TASK_SINCE) != 0) {
		uint32_t slept = (uint32_t)arenaTime(vm) - (uint32_t)peek(own + L_TASK_SINCE);

		ms = sliceAfter((int32_t)slept, ms);
	}
	countUp(own + L_TASK_SLEEPS);
	storeOwn(own + L_TASK_SLEEP, (int32_t)(((uint32_t)peek(own + L_TASK_SLEEPS) << 1) | 1));
	if (loadWord(own + L_TASK_POISON) != 0) {
		storeOwn(own + L_TASK_SLEEP, 0);
		return false;
	}
	traceBlock(vm, channel);
	isWoken = hostWait(vm, own + L_TASK_BELL, seen, ms);
	storeOwn(own + L_TASK_SLEEP, 0);
	if (isWoken && (peek(own + L_TASK_BELL) != seen)) {
		poke(own + L_TASK_SINCE, 0);
	} else {
		overslept(vm, seen, ms);
		endUnanswerable(vm);
	}
	traceWake(vm);
	return true;
}

#endif
