/*
 * The trace points of messages: src/kernel/trace/recorder.ts, which has the reasons. Only the
 * tracing build (REATTACH_TRACING) has them; in a product they are nothing.
 *
 * Whoever includes it for the tracing build brings, beside the clock of record.h,
 *   hostRing(vm, ring)             finds the VM's own ring; false when it has none
 */
#ifndef REATTACH_TRACE_H
#define REATTACH_TRACE_H

#ifdef REATTACH_TRACING

#include "record.h"

/* Where no other task has a part in it. */
#define NOBODY L_TASKS_AT

static void record(const Vm* vm, int32_t kind, int32_t task, int32_t value, int32_t message)
{
	TraceRing ring;

	if (hostRing(vm, &ring))
		recordIn(&ring, kind, task, value, message);
}

static int32_t messageIn(const Vm* vm, int32_t task)
{
	int32_t first = peek(vm->words + task + L_SLOT_FIRST);

	return first != 0 ? first : peek(vm->words + task + L_SLOT_STATE) & ~L_SLOT_STATE_MASK;
}

static void traceSend(const Vm* vm, int32_t server, int32_t sending, uint32_t bytes)
{
	int32_t first = peek(vm->own + L_SLOT_FIRST);

	record(vm, L_KIND_SEND, server, (int32_t)bytes,
		first != 0 ? first : sending & ~L_SLOT_STATE_MASK);
}

static void traceReturn(const Vm* vm, int32_t status)
{
	if (status >= 0)
		record(vm, L_KIND_RETURN, NOBODY, status, messageIn(vm, vm->me));
	else
		record(vm, L_KIND_FAIL, NOBODY, status < -L_LOST ? -L_LOST - status : -status,
			messageIn(vm, vm->me));
}

static void traceReceive(const Vm* vm, int32_t client, uint32_t bytes)
{
	record(vm, L_KIND_RECEIVE, client, (int32_t)bytes, messageIn(vm, client));
}

static void traceReply(const Vm* vm, int32_t client, int32_t status, uint32_t bytes)
{
	if (status >= 0)
		record(vm, L_KIND_REPLY, client, (int32_t)bytes, messageIn(vm, client));
	else
		record(vm, L_KIND_ERROR, client, -status, messageIn(vm, client));
}

/* `channel`: on which it waits for messages; 0 when it waits for anything else. */
static void traceBlock(const Vm* vm, int32_t channel)
{
	if (peek(vm->own + L_TASK_SINCE) == 0)
		record(vm, L_KIND_BLOCK, NOBODY, channel != 0 ? L_BLOCK_RECEIVE : L_BLOCK_OTHER, 0);
}

static void traceWake(const Vm* vm)
{
	if (peek(vm->own + L_TASK_SINCE) == 0)
		record(vm, L_KIND_WAKE, NOBODY, 0, 0);
}

#else

#define traceSend(vm, server, sending, bytes) ((void)0)
#define traceReturn(vm, status) ((void)0)
#define traceReceive(vm, client, bytes) ((void)0)
#define traceReply(vm, client, status, bytes) ((void)0)
#define traceBlock(vm, channel) ((void)(channel))
#define traceWake(vm) ((void)0)

#endif

#endif
