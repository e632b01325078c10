/*
 * How many sends, receives and replies of all tasks C has done, and how many it has left to
 * TypeScript (hosts/moddable/native). With --count-calls the last line of the run tells.
 */
#include "xs-test.h"

static const char* const NAMES[] = { "send", "MsgReceive", "MsgReply", "MsgError" };
enum { CALLS = sizeof(NAMES) / sizeof(NAMES[0]) };
static uint32_t calls[CALLS][2];

void countCall(const char* name, bool isNative)
{
	int call;
	for (call = 0; options.countsCalls && call < CALLS; call++) {
		if (strcmp(name, NAMES[call]) == 0)
			__atomic_fetch_add(&calls[call][isNative], 1, __ATOMIC_RELAXED);
	}
}

void tellCalls(void)
{
	int call;
	if (!options.countsCalls)
		return;
	printf("calls {");
	for (call = 0; call < CALLS; call++)
		printf("%s\"%s\":{\"native\":%u,\"ordinary\":%u}", call > 0 ? "," : "", NAMES[call],
			__atomic_load_n(&calls[call][true], __ATOMIC_RELAXED),
			__atomic_load_n(&calls[call][false], __ATOMIC_RELAXED));
	printf("}\n");
}
