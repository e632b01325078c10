/*
 * One VM's attachment to the arena, and the addresses in it: src/arena/vm.ts, src/arena/address.ts.
 *
 * Nothing of XS is in the headers of this folder. Whoever includes them brings what a host has:
 *   hostLock(vm), hostUnlock(vm)   around a step, where the chip has no atomic instructions
 *   hostHasAtomics(vm)             whether it has
 *   hostWait(vm, word, seen, ms)   Atomics.wait: false when the time was over
 *   hostNotify(vm, word)           Atomics.notify(word, 1): how many it has woken
 *   hostTicks()                    HostPort.now(), modulo 2^32
 *   hostObey(vm)                   obey() of doorbell.ts: does what TASK_POISON says
 *
 * The arena lies in everybody's reach, and C makes pointers of what it reads there. So whatever is
 * used as an address is either a private copy that was checked when the VM attached (struct Vm), or
 * is checked each time (channelIn, entryIn, taskAt).
 */
#ifndef REATTACH_VM_H
#define REATTACH_VM_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "layout.h"

/* Nothing has been changed: TypeScript does it. No call returns this number. */
#define SLOW (-0x20000)

typedef struct {
	volatile int32_t* words;        /* the arena */
	volatile int32_t* own;          /* the VM's own task record */
	void* host;                     /* what the host needs of the VM */
	int32_t me;                     /* address of the own record */
	int32_t pid;
	int32_t pendingBit;
	int32_t pendingWord;
	int32_t armed;                  /* armedStates: a time limit is set for the next call */
	int32_t spinMax;
	int32_t sliceMin_ms;
	/* Copies of the header. */
	int32_t places;
	int32_t channels;
	int32_t channelsAt;
	int32_t channelWords;
	int32_t pendingWords;
	int32_t connections;
	int32_t connectionsAt;
	int32_t pulses;
	int32_t pulsesAt;
	int32_t managerAt;
	uint32_t messageBytes;
	uint32_t stride;
	uint32_t buffersAt;             /* in bytes */
} Vm;

/*
 * Plain reading and writing: of one instruction each, and in no order with others but with the
 * atomic operations of atomics.h. What TypeScript has as words[address + FIELD].
 */
static int32_t peek(const volatile int32_t* word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static void poke(volatile int32_t* word, int32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/* Of a word that only this VM writes; it wraps. */
static void countUp(volatile int32_t* word)
{
	poke(word, (int32_t)((uint32_t)peek(word) + 1));
}

/* Messages go in and out; the two may be views of one buffer. */
static void copyBytes(void* target, const void* source, uint32_t count)
{
	memmove(target, source, count);
}

/* Do `count` records of `size` words fit from `at` on? */
static bool isRegion(int64_t words, int32_t at, int64_t count, int64_t size)
{
	return (at >= L_TASKS_AT) && (count >= 0) && (size > 0) && (at + count * size <= words);
}

/* Everything below reads and writes within `words` words if this says so. */
static bool isSound(const Vm* vm, int64_t words)
{
	int64_t index = vm->pid & L_PID_INDEX_MASK;

	return (vm->places > index) && (vm->places <= L_PID_INDEX_MASK + 1)
		&& isRegion(words, L_TASKS_AT, vm->places, L_TASK_WORDS)
		&& (vm->pendingWords >= (vm->places + 31) / 32)
		&& (vm->channelWords >= L_CHANNEL_PENDING + (int64_t)vm->pendingWords)
		&& isRegion(words, vm->channelsAt, (int64_t)vm->channels + 1, vm->channelWords)
		&& (vm->managerAt == vm->channelsAt + (int64_t)vm->channels * vm->channelWords)
		&& isRegion(words, vm->connectionsAt, vm->connections, L_CONNECTION_WORDS)
		&& (vm->pulses >= 0)
		&& isRegion(words, vm->pulsesAt, (int64_t)vm->channels * vm->pulses, L_PULSE_WORDS)
		&& (vm->messageBytes <= vm->stride) && (vm->stride <= INT32_MAX)
		&& (vm->buffersAt + (uint64_t)vm->places * 2 * vm->stride <= (uint64_t)words * L_WORD_BYTES);
}

/* createVm(). False when this is no arena of this build, or a damaged one. */
static bool attachVm(Vm* vm, int32_t* words, uint32_t count, int32_t pid)
{
	int32_t index = pid & L_PID_INDEX_MASK;

	if ((count < L_HEAD_WORDS) || (words[L_HEAD_MAGIC] != L_MAGIC))
		return false;
	vm->words = words;
	vm->pid = pid;
	vm->me = L_TASKS_AT + (index << L_TASK_SHIFT);
	vm->own = words + vm->me;
	vm->pendingBit = (int32_t)(1u << (index & 31));
	vm->pendingWord = L_CHANNEL_PENDING + (index >> 5);
	vm->places = words[L_HEAD_PLACES];
	vm->channels = words[L_HEAD_CHANNELS];
	vm->channelsAt = words[L_HEAD_CHANNELS_AT];
	vm->channelWords = words[L_HEAD_CHANNEL_WORDS];
	vm->pendingWords = words[L_HEAD_PENDING_WORDS];
	vm->connections = words[L_HEAD_CONNECTIONS];
	vm->connectionsAt = words[L_HEAD_CONNECTIONS_AT];
	vm->pulses = words[L_HEAD_PULSES];
	vm->pulsesAt = words[L_HEAD_PULSES_AT];
	vm->managerAt = words[L_HEAD_MANAGER_AT];
	vm->messageBytes = (uint32_t)words[L_HEAD_MESSAGE_BYTES];
	vm->stride = (uint32_t)words[L_HEAD_BUFFER_STRIDE];
	vm->buffersAt = (uint32_t)words[L_HEAD_BUFFERS_AT_BYTE];
	return isSound(vm, count);
}

/* Address of a place. */
static int32_t taskAt(int32_t index)
{
	return L_TASKS_AT + (index << L_TASK_SHIFT);
}

static int32_t indexOf(int32_t task)
{
	return (task - L_TASKS_AT) >> L_TASK_SHIFT;
}

/* A task's send buffer; its reply buffer follows after `stride` bytes. */
static uint8_t* sendBufferOf(const Vm* vm, int32_t task)
{
	uint32_t at = vm->buffersAt + (uint32_t)indexOf(task) * 2 * vm->stride;

	return (uint8_t*)(uintptr_t)vm->words + at;
}

static uint8_t* replyBufferOf(const Vm* vm, int32_t task)
{
	return sendBufferOf(vm, task) + vm->stride;
}

/* The address if it is that of a channel, the manager's included; else 0. */
static int32_t channelIn(const Vm* vm, int32_t address)
{
	uint32_t offset = (uint32_t)address - (uint32_t)vm->channelsAt;
	uint32_t words = (uint32_t)vm->channelWords, index = offset / words;

	return ((index <= (uint32_t)vm->channels) && (index * words == offset)) ? address : 0;
}

/* The address if it is that of a connection entry, else 0. */
static int32_t entryIn(const Vm* vm, int32_t address)
{
	uint32_t offset = (uint32_t)address - (uint32_t)vm->connectionsAt;
	uint32_t index = offset / L_CONNECTION_WORDS;

	return ((index < (uint32_t)vm->connections) && (index * L_CONNECTION_WORDS == offset))
		? address : 0;
}

/* Address of the task that owns the channel, or of some place: look at the channel's life. */
static int32_t serverOf(const Vm* vm, int32_t channel)
{
	int32_t index = peek(vm->words + channel + L_CHANNEL_OWNER) & L_PID_INDEX_MASK;

	return taskAt(index < vm->places ? index : 0);
}

#endif
