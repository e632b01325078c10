/*
 * The last records of Reattach's trace, as src/kernel/inspect/trace.ts reads them, in its words.
 */
#include "xs-test.h"
#include "trace.h"
#include "../../moddable/native/layout.h"

#define TOLD_MAX 8

/* In the order of their numbers from 1. */
static const char* const NAMES[] = { "death", "start", "recovered", "recovery-threw" };
enum { NAMES_COUNT = sizeof(NAMES) / sizeof(NAMES[0]), DEATH = 1, START = 2 };

static const int32_t* arena = NULL;

void noteArena(const int32_t* words)
{
	__atomic_store_n(&arena, words, __ATOMIC_RELAXED);
}

/* One that is being written, or has been overwritten, has another number. */
static const int32_t* findRecord(uint32_t number)
{
	uint32_t count = (uint32_t)arena[L_HEAD_TRACE_RECORDS];
	const int32_t* record = arena + arena[L_HEAD_TRACE_AT] + (number % count) * L_TRACE_WORDS;
	return (number != 0 && (uint32_t)record[L_TRACE_NUMBER] == number) ? record : NULL;
}

static void tellRecord(const int32_t* record, const char* (*nameOf)(int index))
{
	int event = record[L_TRACE_EVENT] >> 16, task = record[L_TRACE_EVENT] & 0xffff;
	int value = record[L_TRACE_VALUE];
	fprintf(stderr, "%s: trace %u: %u ms, task %s: ", hostName,
		(unsigned)record[L_TRACE_NUMBER], (unsigned)record[L_TRACE_MS], (*nameOf)(task));
	if (event >= 1 && event <= NAMES_COUNT)
		fprintf(stderr, "%s %d", NAMES[event - 1], value);
	else
		fprintf(stderr, "%d %d", event, value);
	if (event == DEATH || event == START)
		fprintf(stderr, " (%s)", (*nameOf)(value & L_PID_INDEX_MASK));
	fputs("\n", stderr);
}

void tellTrace(const char* (*nameOf)(int index))
{
	uint32_t last, told;
	if (!arena || arena[L_HEAD_MAGIC] != (int32_t)L_MAGIC || arena[L_HEAD_TRACE_RECORDS] <= 0)
		return;
	last = (uint32_t)arena[L_HEAD_TRACE];
	told = (uint32_t)arena[L_HEAD_TRACE_RECORDS];
	for (told = (told < TOLD_MAX) ? told : TOLD_MAX; told > 0; told--) {
		const int32_t* record = findRecord(last - told + 1);
		if (record)
			tellRecord(record, nameOf);
	}
}
