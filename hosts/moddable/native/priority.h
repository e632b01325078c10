/*
 * Priorities that are passed on: src/kernel/channel/priority.ts, which has the reasons.
 */
#ifndef REATTACH_PRIORITY_H
#define REATTACH_PRIORITY_H

#include "atomics.h"

static bool isPriority(int32_t priority)
{
	return (priority >= L_PRIORITY_MIN) && (priority <= L_PRIORITY_MAX);
}

/* The priority a task runs at: whatever stands in its record, it is one that there is. */
static int32_t priorityOf(const Vm* vm, int32_t task)
{
	int32_t priority = peek(vm->words + task + L_TASK_PRIORITY);

	return isPriority(priority) ? priority : L_PRIORITY_MIN;
}

static bool isFixed(const Vm* vm, int32_t channel)
{
	return (peek(vm->words + channel + L_CHANNEL_FLAGS) & L_NTO_CHF_FIXED_PRIORITY) != 0;
}

static void raisePriority(Vm* vm, int32_t channel, int32_t server, int32_t priority)
{
	volatile int32_t* word = vm->words + server + L_TASK_PRIORITY;
	int32_t tries, now;

	if (isFixed(vm, channel))
		return;
	for (tries = 0; tries < L_RAISES_MAX; tries++) {
		now = loadWord(word);
		if ((now >= priority) || replaceWord(vm, word, now, priority))
			return;
	}
}

/* True while a task's slot holds a message for this channel that nobody has received. */
static bool isSending(const Vm* vm, int32_t task, int32_t channel)
{
	int32_t state = loadWord(vm->words + task + L_SLOT_STATE);

	return ((state & L_SLOT_STATE_MASK) == L_SLOT_SEND)
		&& (peek(vm->words + task + L_SLOT_CHANNEL) == channel);
}

/* The highest priority of the senders that wait on an own channel; 0 when there are none. */
static int32_t mostUrgentSender(const Vm* vm, int32_t channel)
{
	int32_t word, most = 0;

	for (word = 0; word < vm->pendingWords; word++) {
		uint32_t pending = (uint32_t)loadWord(vm->words + channel + L_CHANNEL_PENDING + word);

		for (; pending != 0; pending &= pending - 1) {
			int32_t index = (word << 5) + __builtin_ctz(pending);

			if ((index < vm->places) && isSending(vm, taskAt(index), channel)) {
				int32_t priority = priorityOf(vm, taskAt(index));

				most = priority > most ? priority : most;
			}
		}
	}
	return most;
}

/* The same of the pulses. */
static int32_t mostUrgentPulse(const Vm* vm, int32_t channel)
{
	int32_t index = (channel - vm->channelsAt) / vm->channelWords, i, most = 0;
	int32_t pulses = channel == vm->managerAt ? 0 : vm->pulses;
	volatile int32_t* cell = vm->words + vm->pulsesAt + index * vm->pulses * L_PULSE_WORDS;

	if ((loadWord(vm->words + channel + L_CHANNEL_NOTICE) & L_NOTICE_PULSE) == 0)
		return 0;
	for (i = 0; i < pulses; i++, cell += L_PULSE_WORDS) {
		int32_t priority = peek(cell + L_PULSE_CODE) & L_PRIORITY_MAX;

		if ((loadWord(cell + L_PULSE_STATE) < 0) && (priority > most))
			most = priority;
	}
	return most;
}

static void takePriority(Vm* vm, int32_t channel, int32_t priority)
{
	int32_t senders, pulses, waiting;

	if ((peek(vm->own + L_TASK_PRIORITY) == priority) || isFixed(vm, channel)
			|| !isPriority(priority))
		return;
	storeWord(vm, vm->own + L_TASK_PRIORITY, priority);
	senders = mostUrgentSender(vm, channel);
	pulses = mostUrgentPulse(vm, channel);
	waiting = senders > pulses ? senders : pulses;
	if (waiting > priority)
		raisePriority(vm, channel, vm->me, waiting);
}

#endif
