/*
 * The port to Linux: threads with large stacks that leave by themselves, and folders.
 */
#include "priorities.h"
#include "xs-test.h"
#include <dirent.h>
#include <sys/prctl.h>

/* XS stops 128 KB above the end of a thread's stack. */
#define NATIVE_STACK_BYTES (1024 * 1024)

const char hostName[] = "xs-linux";
const bool hostDeletesThreads = false;

bool readHostSwitch(const char* word)
{
	return readPriorities(word);
}

void exitHost(int code)
{
	fflush(NULL);
	_exit(code);
}

void flushOutput(void)
{
	fflush(stdout);
	fflush(stderr);
}

bool listFolder(const char* path, void (*found)(const char* name, void* context), void* context)
{
	struct dirent* entry;
	DIR* entries = opendir(path);
	if (!entries)
		return false;
	while ((entry = readdir(entries)))
		(*found)(entry->d_name, context);
	closedir(entries);
	return true;
}

char* findPath(const char* path)
{
	return realpath(path, NULL);
}

void* allocateFlash(size_t bytes)
{
	return malloc(bytes);
}

double busyTime(void)
{
	return -1;
}

void seeMessage(xsMachine* the, Task* worker)
{
	(void)the;
	(void)worker;
}

int startThread(Task* task, void* (*code)(void* task))
{
	pthread_attr_t attributes;
	int error;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, NATIVE_STACK_BYTES);
	planPriority(&attributes, task->priority);
	error = pthread_create(&task->thread, &attributes, code, task);
	pthread_attr_destroy(&attributes);
	return error;
}

int startGuardian(void* (*code)(void* unused))
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	planPriority(&attributes, GUARDIAN_PRIORITY);
	error = pthread_create(&thread, &attributes, code, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}

void enterThread(const Task* task)
{
	(void)task;
	/* A short sleep must be short: see waits.c. */
	prctl(PR_SET_TIMERSLACK, 1);
}

void joinThread(Task* task)
{
	pthread_join(task->thread, NULL);
}

bool deleteThread(Task* task)
{
	failRun(EXIT_ABORT, "%s: a thread of Linux cannot be deleted", task->name);
}

void sleepThread(double milliseconds)
{
	struct timespec time = { (time_t)(milliseconds / 1000), (long)(fmod(milliseconds, 1000) * 1e6) };
	nanosleep(&time, NULL);
}
