/*
 * Memory of the chip that a reset leaves alone, and why the chip has started: a file beside the one
 * of the preferences. It is there while the board is on. A run that ends with 0 is a board that is
 * switched off, which takes the file with it; every other end is a reset.
 */
#include "xs-test.h"

/* As in hosts/moddable/native.c. */
#define RECORD_BYTES 256

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char path[PATH_MAX] = "";
/* Where the next text is written, guarded by the lock. */
static char fresh[PATH_MAX + 4];
static char record[RECORD_BYTES] = "";
static bool hasRestarted = false;

/* In one step: a process that is killed leaves the old text or the new one. */
static void writeRecord(void)
{
	FILE* file;
	if (path[0] == 0)
		return;
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	file = fopen(fresh, "w");
	if (!file || fputs(record, file) < 0 || fclose(file) != 0 || rename(fresh, path) != 0)
		fprintf(stderr, "%s: cannot write %s: %s\n", hostName, path, strerror(errno));
}

void openResetMemory(void)
{
	size_t bytes;
	char* text;
	if (!options.preferences)
		return;
	snprintf(path, sizeof(path), "%s.reset", options.preferences);
	hasRestarted = access(path, F_OK) == 0;
	if (hasRestarted) {
		text = readText(path, &bytes);
		if (!text)
			failUsage("cannot read %s: %s", path, strerror(errno));
		if (options.hasResetMemory)
			snprintf(record, sizeof(record), "%s", text);
		free(text);
	}
	writeRecord();
}

void closeResetMemory(int code)
{
	if (code == 0 && path[0] != 0)
		unlink(path);
}

bool retainText(const char* text)
{
	if (!options.hasResetMemory)
		return false;
	pthread_mutex_lock(&lock);
	snprintf(record, sizeof(record), "%s", text);
	writeRecord();
	pthread_mutex_unlock(&lock);
	return true;
}

void xs_native_restarted(xsMachine* the)
{
	xsResult = hasRestarted ? xsTrue : xsFalse;
}

/* undefined: the chip has none. */
void xs_native_retained(xsMachine* the)
{
	if (options.hasResetMemory)
		xsResult = xsString(record);
}

void xs_native_retain(xsMachine* the)
{
	const char* text = xsToString(xsArg(0));
	if (strlen(text) >= RECORD_BYTES)
		xsRangeError("retain: too long");
	if (!retainText(text))
		xsUnknownError("retain: this chip has no memory that a reset leaves alone");
}
