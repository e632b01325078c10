/*
 * Files are those of the computer that runs the emulator, by semihosting. What is not here is in
 * picolibc.
 */
#include "FreeRTOS.h"
#include "task.h"
#include <errno.h>
#include <fcntl.h>
#include <semihost.h>
#include <unistd.h>
#include "machine.h"

int access(const char* path, int mode)
{
	int file = open(path, (mode & W_OK) ? O_RDWR : O_RDONLY);
	if (file < 0)
		return -1;
	close(file);
	return 0;
}

int rename(const char* from, const char* to)
{
	if (sys_semihost_rename(from, to) == 0)
		return 0;
	errno = EIO;
	return -1;
}

/* ---- the console: each stream writes whole lines ---- */

typedef struct {
	int mode;                       /* of ":tt": 4 output, 8 errors */
	int file;                       /* 0: not opened yet */
	int count;
	bool isInLine;
	char buffer[240];
} Console;

bool machineTimes = false;

static Console output = { .mode = 4 }, errors = { .mode = 8 };

static void writeOut(Console* console)
{
	if (console->count == 0)
		return;
	if (!console->file)
		console->file = (int)sys_semihost_open(":tt", console->mode) + 1;
	sys_semihost_write(console->file - 1, console->buffer, console->count);
	console->count = 0;
}

/* "@", the time of main in CLOCK_HZ, as 12 hexadecimal digits, and a space. */
static __attribute__((noinline)) void putTime(Console* console)
{
	uint64_t time = runningTime();
	console->buffer[console->count++] = '@';
	for (int shift = 44; shift >= 0; shift -= 4)
		console->buffer[console->count++] = "0123456789abcdef"[(time >> shift) & 15];
	console->buffer[console->count++] = ' ';
}

/* A line begins in an empty buffer, or in one that was not full before. */
static void put(Console* console, char c)
{
	uint32_t was = closeInterrupts();
	if (machineTimes && !console->isInLine)
		putTime(console);
	console->isInLine = c != '\n';
	console->buffer[console->count++] = c;
	if (c == '\n' || console->count == sizeof(console->buffer))
		writeOut(console);
	restoreInterrupts(was);
}

static int putOutput(char c, FILE* file)
{
	(void)file;
	put(&output, c);
	return (unsigned char)c;
}

static int putError(char c, FILE* file)
{
	(void)file;
	put(&errors, c);
	return (unsigned char)c;
}

static FILE outputFile = FDEV_SETUP_STREAM(putOutput, NULL, NULL, _FDEV_SETUP_WRITE);
static FILE errorFile = FDEV_SETUP_STREAM(putError, NULL, NULL, _FDEV_SETUP_WRITE);
FILE* const stdin = NULL;
FILE* const stdout = &outputFile;
FILE* const stderr = &errorFile;

void flushConsole(void)
{
	uint32_t was = closeInterrupts();
	writeOut(&output);
	writeOut(&errors);
	restoreInterrupts(was);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void flockfile(FILE* file)
{
	(void)file;
	pthread_mutex_lock(&lock);
}

void funlockfile(FILE* file)
{
	(void)file;
	pthread_mutex_unlock(&lock);
}
