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
	char buffer[240];
} Console;

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

static void put(Console* console, char c)
{
	taskENTER_CRITICAL();
	console->buffer[console->count++] = c;
	if (c == '\n' || console->count == sizeof(console->buffer))
		writeOut(console);
	taskEXIT_CRITICAL();
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
	taskENTER_CRITICAL();
	writeOut(&output);
	writeOut(&errors);
	taskEXIT_CRITICAL();
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
