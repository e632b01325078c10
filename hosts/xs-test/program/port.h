/*
 * What a host provides beside C and POSIX threads, in one file of its own.
 */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>

struct Task;
struct sxMachine;

/* In front of its messages. */
extern const char hostName[];

/* A switch that only this host has. False: it is none. */
bool readHostSwitch(const char* word);

/* Does the host delete a thread wherever it is, as FreeRTOS does? Else a task that is terminated
 * leaves by itself. */
extern const bool hostDeletesThreads;

/* Ends the run, and every thread with it. */
void exitHost(int code) __attribute__((noreturn));

/* What has been written so far is to be seen, on stdout and stderr. */
void flushOutput(void);

/* Calls `found` with the name of each file in a folder. False: errno says why not. */
bool listFolder(const char* path, void (*found)(const char* name, void* context), void* context);

/* The absolute path of a file, for free(); NULL when there is none. */
char* findPath(const char* path);

/* Memory for what a board has in flash, for ever; NULL when there is none. */
void* allocateFlash(size_t bytes);

/* Nanoseconds that the processor has worked and not slept; -1 where nobody counts. */
double busyTime(void);

/* A worker gets a message, the first argument of the call that is under way: the host may look
 * whose worker it is. */
void seeMessage(struct sxMachine* the, struct Task* worker);

/* Starts task->thread with the task's priority and native stack. Returns an errno, or 0. */
int startThread(struct Task* task, void* (*code)(void* task));

/* The thread of a task calls it first. */
void enterThread(const struct Task* task);

/* Starts the thread of guardian.c, above main. Returns an errno, or 0. */
int startGuardian(void* (*code)(void* unused));

/* Waits for the end of a task's thread, and frees what it had. */
void joinThread(struct Task* task);

/* Where hostDeletesThreads: deletes the thread of a task wherever it is, and frees what it had.
 * True: it held a lock, which nobody can give back any more. */
bool deleteThread(struct Task* task);

/* The calling task sleeps so long, and holds nothing that its deletion would leave behind. Only
 * where hostDeletesThreads; < 0: for ever. */
void sleepThread(double milliseconds);

#endif
