/*
 * What the files of this host know of each other.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "FreeRTOS.h"
#include "task.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include "chip.h"
#include "pthread.h"

/* How the run ends when the machine is to blame. The README has the same list. */
enum {
	MACHINE_STACK_FULL = 95,
	MACHINE_ASSERTION = 96,
	MACHINE_NO_MEMORY = 97,
	MACHINE_FAULT = 98,
};

/* ---- machine.c ---- */

extern const ThreadPlan GUARDIAN;
extern size_t defaultStackBytes;      /* of a worker that asks for nothing */
extern TickType_t lookTick;           /* from it on each tick looks whether the run is to end */
void lookForEnd(void);
void startMachine(void);
void failMachine(int code, const char* format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* ---- accounts.c: what each thread costs, and whose it is ---- */

typedef struct Account Account;
struct Task;
extern bool machineAccounts;
extern Account* currentAccount;       /* whose what is allocated is; NULL: nobody's */
void chargeBlock(Account* account, size_t bytes);
void creditBlock(Account* account, size_t bytes);
void moveCharge(Account* from, Account* to, size_t bytes);
Account* openAccount(const char* name, size_t stackBytes);
Account* payFor(Account* account);
void cancelAccount(Account* account);
void giveAccount(Account* account, TaskHandle_t task);
void closeAccount(TaskHandle_t task);
void giveTaskMemory(Account* account, const struct Task* task);
const char* accountName(void);        /* of the thread that runs */
const char* nameOfPlace(int place);
void beginAccounts(void);
uint64_t runningTime(void);
void reportAccounts(void);

/* ---- heap.c ---- */

void* takeTools(size_t bytes);        /* memory that is not the chip's */
void useRam(void);
bool setRam(size_t bytes);
size_t ramBytes(void);
size_t mostRam(void);
size_t ramPeak(void);
size_t staticBytes(void);
void moveBlock(const void* it, Account* account);

/* ---- port/clock.c: the chip's time. chip.h has the emulator's, readClock() in CLOCK_HZ ---- */

extern uint32_t tickClocks;           /* of the emulator's clock in a tick */
uint64_t readTime(void);              /* in CLOCK_HZ too */
void setTickClocks(unsigned clocks);

/* ---- port/hooks.c ---- */

void endMachine(int code) __attribute__((noreturn));

/* The lowest address of a task's stack. */
char* stackOf(TaskHandle_t task);

/* ---- port/, the chip's own ---- */

/* Nanoseconds of the emulator, as exact as the chip can tell. */
uint64_t readCycles(void);
/* Of them, those in which the processor slept. */
uint64_t idleCycles(void);
/* Nobody else runs any more. */
void stopThreads(void);
/* From here on flash and image can be read only, as on a board. */
void protectFlash(void);

/* ---- posix/ ---- */

Account* accountOfThread(pthread_t thread);
TickType_t ticksUntil(const struct timespec* until);
void flushConsole(void);
extern bool machineTimes;             /* a line begins with when it was written */

#endif
