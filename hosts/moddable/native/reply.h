/*
 * Answering: src/kernel/message/reply.ts, which has the reasons.
 */
#ifndef REATTACH_REPLY_H
#define REATTACH_REPLY_H

#include "doorbell.h"

/* The reply is made, but its client has died: releasePlace() is to be called. */
#define CLIENT_IS_DEAD 1

/* SLOT_STATE of a message with this rcvid, without the state. */
static int32_t sequenceOf(int64_t rcvid)
{
	uint32_t low = (uint32_t)(rcvid / L_RCVID_INDEX_RANGE) & L_SEQ_LOW_MASK;

	return (int32_t)(low << L_SLOT_STATE_BITS);
}

/* receivedFrom() of src/kernel/message/rcvid.ts: the client that waits for this reply; or 0. */
static int32_t receivedFrom(const Vm* vm, int64_t rcvid)
{
	int32_t index = (int32_t)(rcvid & L_PID_INDEX_MASK), task, channel;

	if ((rcvid < 0) || (index >= vm->places))
		return 0;
	task = taskAt(index);
	if (peek(vm->words + task + L_SLOT_STATE) != (sequenceOf(rcvid) | L_SLOT_REPLY))
		return 0;
	if (peek(vm->words + task + L_SLOT_SEQ_HIGH)
			!= rcvid / ((int64_t)L_SEQ_LOW_RANGE * L_RCVID_INDEX_RANGE))
		return 0;
	channel = channelIn(vm, peek(vm->words + task + L_SLOT_CHANNEL));
	return ((channel != 0) && (peek(vm->words + channel + L_CHANNEL_OWNER) == vm->pid)) ? task : 0;
}

/*
 * answer(): 0, or CLIENT_IS_DEAD. SLOW, and nothing has been changed, for what is not the common
 * case: no such client, a reply or a room that is longer than the task's buffers.
 */
static int32_t answer(Vm* vm, int64_t rcvid, int32_t status, const void* msg, uint32_t bytes)
{
	volatile int32_t* own = vm->own;
	int32_t task = receivedFrom(vm, rcvid), sequence, life;
	volatile int32_t* slot = vm->words + task;
	uint32_t room, count;

	if (task == 0)
		return SLOW;
	room = (uint32_t)peek(slot + L_SLOT_ROOM);
	count = bytes < room ? bytes : room;
	if ((peek(slot + L_SLOT_REPLY_AT) != 0) || (count > vm->messageBytes))
		return SLOW;
	sequence = sequenceOf(rcvid);
	/* Announced, then claimed: who finds the claim finds the claimant. */
	poke(own + L_TASK_CLAIMING, task);
	if (!replaceWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_REPLY,
			sequence | L_SLOT_CLAIMED)) {
		poke(own + L_TASK_CLAIMING, 0);
		return SLOW;
	}
	/* Point of no return: the claim is ours, nobody else ends this message. */
	traceReply(vm, task, status, count);
	copyBytes(replyBufferOf(vm, task), msg, count);
	if ((int32_t)count > peek(slot + L_SLOT_WRITTEN))
		poke(slot + L_SLOT_WRITTEN, (int32_t)count);
	poke(slot + L_SLOT_STATUS, status);
	/* Publish the state, then look at the client's life: its death has left the slot to us. */
	storeWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_DONE);
	life = loadWord(slot + L_TASK_LIFE);
	poke(own + L_TASK_CLAIMING, 0);
	if ((life & L_LIFE_MASK) != L_LIFE_ALIVE)
		return CLIENT_IS_DEAD;
	ring(vm, task);
	return 0;
}

#endif
