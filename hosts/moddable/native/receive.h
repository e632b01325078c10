/*
 * The server's half of a message: src/kernel/message/receive.ts, which has the reasons.
 */
#ifndef REATTACH_RECEIVE_H
#define REATTACH_RECEIVE_H

#include "doorbell.h"
#include "info.h"
#include "priority.h"

/* findChannel() of src/kernel/channel/channel.ts, for a channel of this task; 0 for none. */
static int32_t ownChannel(const Vm* vm, int64_t chid)
{
	int64_t index = (chid - 1) % L_CHID_RANGE, generation = (chid - 1) / L_CHID_RANGE;
	int32_t channel;

	if ((chid < 1) || (index > vm->channels))
		return 0;
	channel = vm->channelsAt + (int32_t)index * vm->channelWords;
	if ((uint32_t)loadWord(vm->words + channel + L_CHANNEL_LIFE)
			!= (generation << L_LIFE_BITS | L_LIFE_ALIVE))
		return 0;
	return loadWord(vm->words + channel + L_CHANNEL_OWNER) == vm->pid ? channel : 0;
}

static bool isSendingTo(const Vm* vm, int32_t task, int32_t state, int32_t channel)
{
	volatile int32_t* slot = vm->words + task;

	return ((state & L_SLOT_STATE_MASK) == L_SLOT_SEND) && (peek(slot + L_SLOT_CHANNEL) == channel)
		&& (peek(slot + L_SLOT_CHANNEL_LIFE) == peek(vm->words + channel + L_CHANNEL_LIFE));
}

/* isBefore() of src/kernel/channel/ticket.ts. */
static bool isBefore(int32_t a, int32_t b)
{
	return (int32_t)(((uint32_t)a - (uint32_t)b) << 1) < 0;
}

static bool isSenderBefore(const Vm* vm, int32_t task, int32_t other)
{
	int32_t mine = peek(vm->words + task + L_TASK_PRIORITY);
	int32_t theirs = peek(vm->words + other + L_TASK_PRIORITY);

	if (mine != theirs)
		return mine > theirs;
	return isBefore(peek(vm->words + task + L_SLOT_TICKET), peek(vm->words + other + L_SLOT_TICKET));
}

/* Is the bit true? A stale one is cleared; then the state decides again, as it was set first. */
static bool isPending(Vm* vm, int32_t channel, int32_t task, int32_t word, int32_t bit)
{
	volatile int32_t* pending = vm->words + channel + L_CHANNEL_PENDING + word;
	volatile int32_t* state = vm->words + task + L_SLOT_STATE;

	if (isSendingTo(vm, task, loadWord(state), channel))
		return true;
	clearBits(vm, pending, bit);
	if (!isSendingTo(vm, task, loadWord(state), channel))
		return false;
	setBits(vm, pending, bit);
	return true;
}

/* bestSender(), looking at all of them. */
static int32_t bestOfAll(Vm* vm, int32_t channel)
{
	volatile int32_t* bits = vm->words + channel + L_CHANNEL_PENDING;
	int32_t best = 0, word;

	for (word = 0; word < vm->pendingWords; word++) {
		uint32_t pending = (uint32_t)loadWord(bits + word);

		for (; pending != 0; pending &= pending - 1) {
			int32_t index = (word << 5) + __builtin_ctz(pending);
			int32_t bit = (int32_t)(pending & (0 - pending));

			if (index >= vm->places)
				clearBits(vm, bits + word, bit);
			else if (isPending(vm, channel, taskAt(index), word, bit)
					&& ((best == 0) || isSenderBefore(vm, taskAt(index), best)))
				best = taskAt(index);
		}
	}
	return best;
}

/* Address of the sender with the highest priority, the first to come within it; 0 for none. */
static int32_t bestSender(Vm* vm, int32_t channel)
{
	volatile int32_t* bits = vm->words + channel + L_CHANNEL_PENDING;
	uint32_t pending = (uint32_t)loadWord(bits);
	int32_t index;

	if ((vm->pendingWords != 1) || ((pending & (pending - 1)) != 0))
		return bestOfAll(vm, channel);
	if (pending == 0)
		return 0;
	/* The only one in sight: take() looks whether its bit is true. */
	index = __builtin_ctz(pending);
	if (index < vm->places)
		return taskAt(index);
	clearBits(vm, bits, (int32_t)pending);
	return 0;
}

static int64_t rcvidOf(const Vm* vm, int32_t task, int32_t state)
{
	uint64_t high = (uint32_t)(peek(vm->words + task + L_SLOT_SEQ_HIGH) & L_SEQ_HIGH_MASK);
	uint64_t low = (uint32_t)state >> L_SLOT_STATE_BITS;

	return (int64_t)((high * L_SEQ_LOW_RANGE + low) * L_RCVID_INDEX_RANGE
		+ (uint32_t)indexOf(task));
}

/* Takes a sender's message: its rcvid; 0 when the client gave up meanwhile; SLOW. */
static int64_t take(Vm* vm, int32_t channel, int32_t task, void* msg, uint32_t room,
	MessageInfo* info)
{
	volatile int32_t* slot = vm->words + task;
	volatile int32_t* pending = vm->words + channel + L_CHANNEL_PENDING + (indexOf(task) >> 5);
	int32_t bit = (int32_t)(1u << (indexOf(task) & 31)), state, received, flags, next;
	uint32_t sent;
	int64_t rcvid;

	/* Bit before state: what is sent after this look sets the bit again. */
	clearBits(vm, pending, bit);
	state = loadWord(slot + L_SLOT_STATE);
	if (!isSendingTo(vm, task, state, channel))
		return 0;
	flags = peek(slot + L_SLOT_FLAGS);
	next = (flags & L_SLOT_FLAG_NO_REPLY_WAIT) != 0 ? L_SLOT_EXPIRED : L_SLOT_REPLY;
	/* Of this message, if it can be taken below: its state is still the same then. */
	sent = (uint32_t)peek(slot + L_SLOT_SENT);
	if ((next == L_SLOT_REPLY) && ((sent > vm->messageBytes) || (sent > room))) {
		setBits(vm, pending, bit);
		return SLOW;
	}
	received = (state & ~L_SLOT_STATE_MASK) | next;
	/* Point of no return: the message is ours, and its client waits for the answer. */
	if (!replaceWord(vm, slot + L_SLOT_STATE, state, received))
		return 0;
	if (flags != 0)
		ring(vm, task);
	if (next == L_SLOT_EXPIRED)
		return 0;
	copyBytes(msg, sendBufferOf(vm, task), sent);
	if (info)
		fillInfo(vm, info, task, channel, sent);
	/* The client may have given up while we copied, and be writing its next message already. */
	if (loadWord(slot + L_SLOT_STATE) != received)
		return 0;
	takePriority(vm, channel, peek(slot + L_TASK_PRIORITY));
	rcvid = rcvidOf(vm, task, received);
	traceReceive(vm, task, sent);
	return rcvid;
}

/*
 * receive(): the rcvid. SLOW, and nothing has been received, for what is not the common case: no
 * such channel, a time limit, a pulse, a message that is longer than the task's buffers or than
 * the room for it, an order of the host. `info`: to be filled, or NULL.
 */
static int64_t receiveMessage(Vm* vm, int64_t chid, void* msg, uint32_t room, MessageInfo* info)
{
	volatile int32_t* own = vm->own;
	int32_t channel = ownChannel(vm, chid);
	volatile int32_t* waiting = vm->words + channel + L_CHANNEL_WAITING;

	if ((channel == 0) || (vm->armed != 0))
		return SLOW;
	for (;;) {
		int32_t seen = loadWord(own + L_TASK_BELL), task;
		int64_t rcvid;

		if (peek(own + L_TASK_POISON) != 0)
			return SLOW;
		task = bestSender(vm, channel);
		/* Senders before pulses: a client whose message is seen has published its pulses. */
		if (loadWord(vm->words + channel + L_CHANNEL_NOTICE) != 0)
			return SLOW;
		if (task == 0) {
			storeOwn(waiting, L_WAITING_MESSAGE);
			if (!awaitBell(vm, seen, channel))
				return SLOW;
			continue;
		}
		rcvid = take(vm, channel, task, msg, room, info);
		if (rcvid == 0)
			continue;
		if (rcvid != SLOW) {
			if (peek(waiting) != L_WAITING_NONE)
				storeOwn(waiting, L_WAITING_NONE);
			countUp(own + L_TASK_RECEIVED);
		}
		return rcvid;
	}
}

#endif
