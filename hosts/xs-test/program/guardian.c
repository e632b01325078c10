/*
 * The guardian of reattach/moddable/native, as hosts/moddable/native.c has it on an ESP32: a thread
 * that looks whether main feeds it, and restarts the board, which here ends the process.
 */
#include "xs-test.h"

/* Looks in the time that main may stand still. */
#define GUARD_LOOKS 8
#define RECORD_BYTES 256

static atomic_uint fed = 0;
static atomic_int patience = 0;
static char record[RECORD_BYTES];

static void* watch(void* unused)
{
	unsigned seen = atomic_load(&fed);
	int misses = 0;
	(void)unused;
	for (;;) {
		int ms = atomic_load(&patience);
		unsigned now;
		usleep(1000 * (ms ? ms / GUARD_LOOKS + 1 : 10));
		now = atomic_load(&fed);
		misses = (ms == 0 || now != seen) ? 0 : misses + 1;
		seen = now;
		if (misses < GUARD_LOOKS)
			continue;
		if (record[0] != 0 && !retainText(record))
			keepText("reattach", "boot", record);
		endProcess(EXIT_RESTART);
	}
	return NULL;
}

/* guard(ms, record): 0 ms ends the watch; "" leaves nothing. */
void xs_native_guard(xsMachine* the)
{
	static bool isWatching = false;
	snprintf(record, sizeof(record), "%s", xsToString(xsArg(1)));
	atomic_store(&patience, xsToInteger(xsArg(0)));
	if (isWatching || atomic_load(&patience) == 0)
		return;
	if (startGuardian(watch) != 0)
		xsUnknownError("guard: no thread");
	isWatching = true;
}

void xs_native_feed(xsMachine* the)
{
	(void)taskOf(the);
	atomic_fetch_add(&fed, 1);
}
