/*
 * What MsgReceive tells of a message: fillInfo() of src/kernel/message/transfer.ts.
 */
#ifndef REATTACH_INFO_H
#define REATTACH_INFO_H

#include "priority.h"

/* The properties of createMsgInfo(), in its order. */
#define INFO_PROPERTIES(X) X(nd) X(srcnd) X(pid) X(tid) X(chid) X(scoid) X(coid) X(msglen) \
	X(srcmsglen) X(dstmsglen) X(priority) X(flags) X(number) X(attempt)

#define INFO_MEMBER(NAME) int64_t NAME;
typedef struct {
	INFO_PROPERTIES(INFO_MEMBER)
} MessageInfo;

#define INFO_COUNT ((int)(sizeof(MessageInfo) / sizeof(int64_t)))

static int32_t pidAt(const Vm* vm, int32_t task)
{
	uint32_t generation = (uint32_t)loadWord(vm->words + task + L_TASK_LIFE) >> L_LIFE_BITS;

	return (int32_t)((generation << L_PID_INDEX_BITS) | (uint32_t)indexOf(task));
}

static int64_t chidOf(const Vm* vm, int32_t channel)
{
	uint32_t generation = (uint32_t)peek(vm->words + channel + L_CHANNEL_LIFE) >> L_LIFE_BITS;
	int32_t index = (channel - vm->channelsAt) / vm->channelWords;

	return (int64_t)generation * L_CHID_RANGE + index + 1;
}

/* scoidOf() of src/kernel/connection/connection.ts: no scoid for what is no root entry. */
static uint32_t scoidOf(const Vm* vm, int32_t root)
{
	uint32_t serial, none = (uint32_t)L_SCOID_SERIAL_MASK << L_SCOID_INDEX_BITS;

	if (entryIn(vm, root) == 0)
		return none;
	serial = (uint32_t)peek(vm->words + root + L_CONNECTION_SERIAL) & L_SCOID_SERIAL_MASK;
	if ((serial == 0) || (serial == L_NTO_SIDE_CHANNEL >> L_SCOID_INDEX_BITS))
		return none;
	return (serial << L_SCOID_INDEX_BITS)
		| (uint32_t)((root - vm->connectionsAt) / L_CONNECTION_WORDS);
}

static int32_t coidOf(const Vm* vm, int32_t entry)
{
	int32_t word = peek(vm->words + entry + L_CONNECTION_COID);
	int32_t number = word & L_CONNECTION_NUMBER_MASK;

	return (word & L_CONNECTION_SIDE) != 0 ? L_NTO_SIDE_CHANNEL + number : number;
}

/* Number of the message, and how often it has been transmitted. */
static void fillNumber(const Vm* vm, MessageInfo* info, int32_t task)
{
	volatile int32_t* slot = vm->words + task;
	uint32_t first = (uint32_t)peek(slot + L_SLOT_FIRST);
	uint32_t low = (uint32_t)peek(slot + L_SLOT_STATE) >> L_SLOT_STATE_BITS;
	uint32_t high = (uint32_t)peek(slot + L_SLOT_SEQ_HIGH) & L_SEQ_HIGH_MASK;

	if (first != 0) {
		uint32_t firstLow = first >> L_SLOT_FIRST_BITS;

		if (firstLow > low)
			high = (high - 1) & L_SEQ_HIGH_MASK;
		low = firstLow;
	}
	info->number = (int64_t)high * L_SEQ_LOW_RANGE + low;
	info->attempt = (first & L_SLOT_FIRST_MASK) + 1;
}

/* Of a message of `sent` bytes, all of which were received. */
static void fillInfo(const Vm* vm, MessageInfo* info, int32_t task, int32_t channel, uint32_t sent)
{
	volatile int32_t* slot = vm->words + task;
	int32_t entry = entryIn(vm, peek(slot + L_SLOT_CONNECTION));
	bool isAsked = (peek(slot + L_SLOT_FLAGS) & L_SLOT_FLAG_UNBLOCK) != 0;

	info->nd = 0;
	info->srcnd = 0;
	info->pid = pidAt(vm, task);
	info->tid = 1;
	info->chid = chidOf(vm, channel);
	info->scoid = scoidOf(vm, entry == 0 ? 0 : peek(vm->words + entry + L_CONNECTION_ROOT));
	info->coid = entry == 0 ? -1 : coidOf(vm, entry);
	info->msglen = sent;
	info->srcmsglen = sent;
	info->dstmsglen = (uint32_t)peek(slot + L_SLOT_ROOM);
	info->priority = priorityOf(vm, task);
	info->flags = isAsked ? L_NTO_MI_UNBLOCK_REQ : 0;
	fillNumber(vm, info, task);
}

#endif
