/*
 * The client's half of a message: src/kernel/message/send.ts, which has the reasons.
 */
#ifndef REATTACH_SEND_H
#define REATTACH_SEND_H

#include "doorbell.h"
#include "priority.h"

#define LOST_EBADF (-(L_LOST + L_EBADF))
#define LOST_ESRCH (-(L_LOST + L_ESRCH))

/* Where a coid leads. */
typedef struct {
	int32_t entry;
	int32_t channel;
	int32_t life;
	int32_t server;
} Route;

/* Where a coid stands in the VM's own table; -1 for what is no coid. */
static int32_t tableIndex(const Vm* vm, int32_t coid)
{
	int32_t side = coid - L_NTO_SIDE_CHANNEL;

	if ((coid >= 0) && (coid < vm->connections) && (coid < L_NTO_SIDE_CHANNEL))
		return coid;
	return ((coid >= L_NTO_SIDE_CHANNEL) && (side < vm->connections))
		? vm->connections + side : -1;
}

/* entryOf(). `coids`: the VM's own table, of 1 + the index of an entry, 0 for none. */
static int32_t entryOf(const Vm* vm, const uint16_t* coids, int32_t coid)
{
	int32_t place = tableIndex(vm, coid), number = place < 0 ? 0 : coids[place], entry;

	if ((number == 0) || (number > vm->connections))
		return 0;
	entry = vm->connectionsAt + (number - 1) * L_CONNECTION_WORDS;
	return peek(vm->words + entry + L_CONNECTION_OWNER) == vm->pid ? entry : 0;
}

/* 0; or LOST_EBADF, when the channel is gone, or -EDEADLK, when it is the own one. */
static int32_t findRoute(const Vm* vm, int32_t entry, Route* route)
{
	route->entry = entry;
	route->channel = channelIn(vm, peek(vm->words + entry + L_CONNECTION_CHANNEL));
	route->life = peek(vm->words + entry + L_CONNECTION_CHANNEL_LIFE);
	if ((route->channel == 0)
			|| (peek(vm->words + route->channel + L_CHANNEL_LIFE) != route->life))
		return LOST_EBADF;
	route->server = serverOf(vm, route->channel);
	return route->server == vm->me ? -L_EDEADLK : 0;
}

/* takeBack() of src/kernel/message/transfer.ts. */
static bool takeBack(Vm* vm, int32_t state)
{
	int32_t idle = (state & ~L_SLOT_STATE_MASK) | L_SLOT_IDLE;

	if (!replaceWord(vm, vm->own + L_SLOT_STATE, state, idle))
		return false;
	poke(vm->own + L_SLOT_WRITTEN, 0);
	poke(vm->own + L_TASK_SINCE, 0);
	return true;
}

/* endStatus() of src/kernel/message/transfer.ts. */
static int32_t endStatus(Vm* vm, int32_t state)
{
	int32_t kind = state & L_SLOT_STATE_MASK;

	if (kind == L_SLOT_DONE)
		return peek(vm->own + L_SLOT_STATUS);
	poke(vm->own + L_SLOT_WRITTEN, 0);
	return kind == L_SLOT_GONE ? LOST_ESRCH : -L_ETIMEDOUT;
}

/* Makes the staged message the outstanding one. 0, or what findRoute() says. */
static int32_t publish(Vm* vm, int32_t entry, uint32_t sbytes, uint32_t rbytes)
{
	volatile int32_t* own = vm->own;
	volatile int32_t* channel;
	Route to;
	int32_t error = findRoute(vm, entry, &to), low, sending, mine;

	poke(own + L_SLOT_WRITTEN, 0);
	if (error != 0)
		return error;
	channel = vm->words + to.channel;
	poke(own + L_SLOT_CHANNEL, to.channel);
	poke(own + L_SLOT_CHANNEL_LIFE, to.life);
	poke(own + L_SLOT_CONNECTION, to.entry);
	poke(own + L_SLOT_SENT, (int32_t)sbytes);
	poke(own + L_SLOT_ROOM, (int32_t)rbytes);
	poke(own + L_SLOT_REPLY_AT, 0);
	poke(own + L_SLOT_FLAGS, 0);
	poke(own + L_SLOT_TICKET, addToWord(vm, channel + L_CHANNEL_TICKET, 1));
	low = (int32_t)(((uint32_t)peek(own + L_SLOT_STATE) >> L_SLOT_STATE_BITS) + 1) & L_SEQ_LOW_MASK;
	if (low == 0)
		poke(own + L_SLOT_SEQ_HIGH, (peek(own + L_SLOT_SEQ_HIGH) + 1) & L_SEQ_HIGH_MASK);
	sending = (int32_t)((uint32_t)low << L_SLOT_STATE_BITS) | L_SLOT_SEND;
	traceSend(vm, to.server, sending, sbytes);
	/*
	 * Point of no return: from here on a server may take the message. State before bit: a server
	 * that has just cleared the bit still sees the state.
	 */
	storeWord(vm, own + L_SLOT_STATE, sending);
	setBits(vm, channel + vm->pendingWord, vm->pendingBit);
	/* The channel's life after publishing: either its death sees the message, or we see that. */
	if ((loadWord(channel + L_CHANNEL_LIFE) != to.life) && takeBack(vm, sending))
		return LOST_EBADF;
	mine = priorityOf(vm, vm->me);
	if (peek(vm->words + to.server + L_TASK_PRIORITY) < mine)
		raisePriority(vm, to.channel, to.server, mine);
	ring(vm, to.server);
	return 0;
}

/* Waits until the outstanding message has ended; what the call returns. */
static int32_t awaitEnd(Vm* vm)
{
	volatile int32_t* own = vm->own;

	for (;;) {
		int32_t seen = loadWord(own + L_TASK_BELL);
		int32_t state = loadWord(own + L_SLOT_STATE);

		if ((state & L_SLOT_STATE_MASK) >= L_SLOT_DONE)
			return endStatus(vm, state);
		if (!awaitBell(vm, seen, 0))
			hostObey(vm);
	}
}

/*
 * send(): what MsgSend returns, or below -L_LOST what recovery is for. The reply is in the own
 * reply buffer. SLOW, and nothing has been changed, for what is not the common case: a time limit,
 * a message or a room that is longer than the task's buffers, an order of the host.
 */
static int32_t sendMessage(Vm* vm, const uint16_t* coids, int32_t coid, const void* smsg,
	uint32_t sbytes, uint32_t rbytes)
{
	int32_t entry, status;

	if ((vm->armed != 0) || (peek(vm->own + L_TASK_POISON) != 0)
			|| (sbytes > vm->messageBytes) || (rbytes > vm->messageBytes))
		return SLOW;
	entry = entryOf(vm, coids, coid);
	if (entry == 0) {
		poke(vm->own + L_SLOT_WRITTEN, 0);
		return LOST_EBADF;
	}
	copyBytes(sendBufferOf(vm, vm->me), smsg, sbytes);
	do {
		status = publish(vm, entry, sbytes, rbytes);
		if (status == 0)
			status = awaitEnd(vm);
		traceReturn(vm, status);
	} while (status == -L_ERESTART);
	return status;
}

/* How much of the reply there is: a server may have written nonsense there. */
static uint32_t replyBytes(const Vm* vm, uint32_t room)
{
	int32_t written = peek(vm->own + L_SLOT_WRITTEN);

	if (written <= 0)
		return 0;
	return (uint32_t)written < room ? (uint32_t)written : room;
}

#endif
