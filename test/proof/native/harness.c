/*
 * The headers of hosts/moddable/native for the differential test: makes the calls that it reads
 * from one pipe, each on its own arena, and writes what each did to the other.
 *
 * What a host has is scripted: a wait plays the next step, writes that others make meanwhile, and
 * says whether its time was over; a notify has woken somebody when its bit says so. Each atomic
 * operation, wait and notify is traced with a digest of what lay in the arena before it, so plain
 * writes are compared in their order too. wire.ts says what the words of the pipes are.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BYTES = 64, TRACED = 4096, WRITES = 4096, COIDS = 64 };
enum { RETURNED, NEVER, STOPPED };
enum { SEND, RECEIVE, REPLY, ERROR };

typedef struct {
	int32_t op, isFresh, words, writes, steps, coids, ticks, notifies, spinMax, armed, pid;
	int32_t id[2], number, count, room, hasInfo, interruptAt, now[2], ringAt;
} Request;

typedef struct {
	int32_t outcome, value[2], stepsPlayed, notified, traced;
	int32_t info[14][2];
} Answer;

static int32_t* arena;
static int32_t writes[WRITES], interrupt, step;
static Request request;
static Answer answerOut;
static int32_t trace[TRACED][3];
static jmp_buf end;

static void note(int32_t kind, volatile int32_t* word, int32_t more);
#define NOTE(kind, word) note(kind, word, 0)
#define LOOKS_OF_C 1
#define NOTIFIES_OF_C 1
#define hostHasAtomics(vm) ((void)(vm), true)
#define hostLock(vm) abort()
#define hostUnlock(vm) abort()
#define hostTicks() ((uint32_t)request.ticks)
#define hostWait(vm, word, seen, ms) waitScripted(word, seen, ms)
#define hostNotify(vm, word) ((void)(vm), notifyScripted(word))
#define hostObey(vm) leave(STOPPED)
#define hostMicroseconds() \
	(((uint64_t)(uint32_t)request.now[1] << 32) | (uint32_t)request.now[0])
#define hostRing(vm, ring) \
	((void)(vm), openRing(ring, arena + request.ringAt, (uint32_t)(request.words - request.ringAt)))

static bool waitScripted(volatile int32_t* word, int32_t seen, int32_t ms);
static int32_t notifyScripted(volatile int32_t* word);
static int32_t playFrom(int32_t at);
static void leave(int32_t outcome);

#include "send.h"
#include "receive.h"
#include "reply.h"

static uint32_t digestOf(uint32_t digest, int32_t at, int32_t count)
{
	int32_t i;

	for (i = at; i < at + count; i++)
		digest = (digest ^ (uint32_t)arena[i]) * 16777619u;
	return digest;
}

/* The own record, the 32 words around the operation's, and the buffers of the first places. */
static void note(int32_t kind, volatile int32_t* word, int32_t more)
{
	int32_t at = (int32_t)(word - arena), from = at & ~31, to = from + 32;
	int32_t own = L_TASKS_AT + ((request.pid & L_PID_INDEX_MASK) << L_TASK_SHIFT);
	uint32_t digest = digestOf(2166136261u, own, L_TASK_WORDS);

	digest = digestOf(digest, from, (to < request.words ? to : request.words) - from);
	digest = digestOf(digest, arena[L_HEAD_BUFFERS_AT_BYTE] / 4, 4 * arena[L_HEAD_BUFFER_STRIDE] / 2);
	if (answerOut.traced == TRACED)
		leave(NEVER);
	trace[answerOut.traced][0] = kind;
	trace[answerOut.traced][1] = at;
	trace[answerOut.traced][2] = (int32_t)(digest + (uint32_t)more);
	/* Others write between any two operations. */
	if (answerOut.traced++ == request.interruptAt)
		playFrom(interrupt);
}

/* How many writes, and the writes. Returns where the next ones are. */
static int32_t playFrom(int32_t at)
{
	int32_t count = writes[at++], i;

	for (i = 0; i < count; i++, at += 2)
		arena[writes[at]] = writes[at + 1];
	return at;
}

static void leave(int32_t outcome)
{
	answerOut.outcome = outcome;
	longjmp(end, 1);
}

/* A step is: is the time over; how many writes; the writes. */
static bool waitScripted(volatile int32_t* word, int32_t seen, int32_t ms)
{
	bool isOver;

	note('w', word, ms);
	if (*word != seen)
		return true;
	if (answerOut.stepsPlayed == request.steps)
		leave(NEVER);
	answerOut.stepsPlayed++;
	isOver = writes[step] != 0;
	step = playFrom(step + 1);
	return !isOver;
}

static int32_t notifyScripted(volatile int32_t* word)
{
	int32_t which = answerOut.notified++;

	note('n', word, 0);
	return which < 31 ? (request.notifies >> which) & 1 : 1;
}

static void get(void* to, size_t bytes)
{
	if ((bytes != 0) && (fread(to, bytes, 1, stdin) != 1))
		exit(0);
}

static void put(const void* from, size_t bytes)
{
	if ((bytes != 0) && (fwrite(from, bytes, 1, stdout) != 1))
		exit(1);
}

static int64_t call(Vm* vm, const uint16_t* coids, uint8_t* bytes)
{
	int64_t id = (int64_t)(((uint64_t)(uint32_t)request.id[1] << 32) | (uint32_t)request.id[0]);
	MessageInfo info;
	int64_t value;
	int i;

	switch (request.op) {
	case SEND:
		value = sendMessage(vm, coids, (int32_t)id, bytes, (uint32_t)request.count,
			(uint32_t)request.room);
		if (value != SLOW)
			memmove(bytes, replyBufferOf(vm, vm->me), replyBytes(vm, (uint32_t)request.room));
		return value;
	case RECEIVE:
		memset(&info, 0, sizeof(info));
		value = receiveMessage(vm, id, bytes, (uint32_t)request.count,
			request.hasInfo ? &info : NULL);
		for (i = 0; i < INFO_COUNT; i++) {
			answerOut.info[i][0] = (int32_t)((int64_t*)&info)[i];
			answerOut.info[i][1] = (int32_t)(((int64_t*)&info)[i] >> 32);
		}
		return value;
	case REPLY:
		return answer(vm, id, request.number, bytes, (uint32_t)request.count);
	default:
		return answer(vm, id, -request.number, bytes, 0);
	}
}

int main(void)
{
	static uint8_t bytes[BYTES];
	static uint16_t coids[COIDS];
	volatile int32_t held = 0;
	Vm vm;

	setvbuf(stdout, NULL, _IOFBF, 1 << 17);
	for (;;) {
		get(&request, sizeof(request));
		if (request.words != held) {
			arena = realloc(arena, (size_t)request.words * 4);
			held = request.words;
		}
		if (request.isFresh)
			get(arena, (size_t)request.words * 4);
		get(coids, (size_t)request.coids * 2);
		get(bytes, sizeof(bytes));
		get(writes, (size_t)request.writes * 4);
		memset(&answerOut, 0, sizeof(answerOut));
		memset(&vm, 0, sizeof(vm));
		interrupt = playFrom(0);
		step = interrupt + 1 + 2 * writes[interrupt];
		if (!attachVm(&vm, arena, (uint32_t)request.words, request.pid))
			return 1;
		vm.spinMax = request.spinMax;
		vm.sliceMin_ms = 2;
		vm.armed = request.armed;
		if (setjmp(end) == 0) {
			int64_t value = call(&vm, coids, bytes);

			answerOut.value[0] = (int32_t)value;
			answerOut.value[1] = (int32_t)(value >> 32);
		}
		put(&answerOut, sizeof(answerOut));
		put(arena, (size_t)request.words * 4);
		put(bytes, sizeof(bytes));
		put(trace, (size_t)answerOut.traced * sizeof(trace[0]));
		fflush(stdout);
	}
}
