/*
 * What each thread costs, for --machine-accounts: the processor's time, taken where FreeRTOS
 * switches; memory of the chip, taken where it is given; how deep its native stack has been. And
 * whose worker it is, for whoever has to say so.
 *
 * A thread has an account from before it is there until its last block has been freed, which others
 * do when it is gone. Then it is added to the sum of its name. Accounts are not in the chip's RAM.
 */
#include "machine.h"
#include <stdio.h>
#include <string.h>
#include "xs-test.h"
#include "../../moddable/native/layout.h"

#define NAME_BYTES 48
#define SUMS_MAX 128
/* Of the pointers that FreeRTOS keeps for a task; 0 has its thread. */
#define ACCOUNT_POINTER 1
/* With what FreeRTOS fills a stack. */
#define STACK_FILL ((char)0xa5)

struct Account {
	Account* next;                  /* of those that count, or of those that are free */
	char name[NAME_BYTES];
	bool standsBy;                  /* for a task, and is none yet */
	bool hasEnded;
	unsigned starts;
	int place;                      /* of its task in the arena; 0: it is none */
	const char* stack;
	size_t stackBytes;
	size_t stackUsed;
	size_t block;                   /* "static" of its creation */
	size_t ram;
	size_t ramPeak;
	uint64_t cycles;
};

bool machineAccounts = false;
static Account* first = NULL;
static Account* spare = NULL;
Account* currentAccount = NULL;
static Account idle = { .name = "idle" };
static Account sums[SUMS_MAX] __attribute__((section(".bss.tools")));
static int sumCount = 0;
static uint64_t since = 0;
static uint64_t startCycles = 0, startTime = 0;

static Account* accountOf(TaskHandle_t task)
{
	return pvTaskGetThreadLocalStoragePointer(task, ACCOUNT_POINTER);
}

static bool isAlone(void)
{
	return xTaskGetSchedulerState() == taskSCHEDULER_NOT_STARTED;
}

/* FreeRTOS calls these at each switch, in the trap: the thread that has run is still the current
 * one, */
void leaveAccount(void)
{
	uint64_t now = readCycles();
	Account* account = accountOf(NULL);
	(account ? account : &idle)->cycles += now - since;
	since = now;
}

/* and the thread that will run is. */
void enterAccount(void)
{
	currentAccount = accountOf(NULL);
}

/* ---- memory: heap.c calls these while nobody else runs ---- */

void chargeBlock(Account* account, size_t bytes)
{
	account->ram += bytes;
}

/* The most is seen when it becomes less: not with what was for another one (moveCharge). */
static void notePeak(Account* account)
{
	if (account->ram > account->ramPeak)
		account->ramPeak = account->ram;
}

static Account* sumOf(const char* name, bool standsBy)
{
	Account* sum = sums;
	while (sum < sums + sumCount && (sum->standsBy != standsBy || strcmp(sum->name, name) != 0))
		sum++;
	if (sum == sums + sumCount) {
		if (sumCount == SUMS_MAX)
			return sums + SUMS_MAX - 1;
		sumCount++;
		memset(sum, 0, sizeof(*sum));
		strcpy(sum->name, name);
		sum->standsBy = standsBy;
	}
	return sum;
}

#define RAISE(field) do { if (account->field > sum->field) sum->field = account->field; } while (0)

static void addToSum(Account* account)
{
	Account* sum = sumOf(account->name, account->standsBy);
	notePeak(account);
	RAISE(stackBytes);
	RAISE(stackUsed);
	RAISE(block);
	RAISE(ramPeak);
	sum->cycles += account->cycles;
	sum->starts += account->starts;
}

/* Its thread is gone, and nothing of it is left. */
static void dropAccount(Account* account)
{
	Account** link = &first;
	while (*link != account)
		link = &(*link)->next;
	*link = account->next;
	account->next = spare;
	spare = account;
}

void creditBlock(Account* account, size_t bytes)
{
	notePeak(account);
	account->ram -= bytes;
	if (account->ram == 0 && account->hasEnded) {
		addToSum(account);
		dropAccount(account);
	}
}

/* It has been allocated by one for the other. */
void moveCharge(Account* from, Account* to, size_t bytes)
{
	from->ram -= bytes;
	to->ram += bytes;
}

/* ---- threads ---- */

/* For a thread that is being made, while nobody else runs. Returns who has paid so far. */
Account* payFor(Account* account)
{
	Account* before = currentAccount;
	if (machineAccounts)
		currentAccount = account;
	return before;
}

/* For a thread that is not there yet; it has no memory so far. */
Account* openAccount(const char* name, size_t stackBytes)
{
	Account* account;
	vTaskSuspendAll();
	account = spare ? spare : takeTools(sizeof(Account));
	if (!account)
		failMachine(MACHINE_NO_MEMORY, "no memory for the account of %s", name);
	spare = (account == spare) ? account->next : spare;
	memset(account, 0, sizeof(*account));
	snprintf(account->name, NAME_BYTES, "%s", name);
	account->stackBytes = stackBytes;
	account->starts = 1;
	account->next = first;
	first = account;
	xTaskResumeAll();
	return account;
}

/* It was not made after all: all it had has been freed. */
void cancelAccount(Account* account)
{
	vTaskSuspendAll();
	dropAccount(account);
	xTaskResumeAll();
}

void giveAccount(Account* account, TaskHandle_t task)
{
	account->stack = stackOf(task);
	vTaskSetThreadLocalStoragePointer(task, ACCOUNT_POINTER, account);
}

static void measureStack(Account* account)
{
	size_t unused = account->stack ? 0 : account->stackBytes;
	while (unused < account->stackBytes && account->stack[unused] == STACK_FILL)
		unused++;
	account->stackUsed = account->stackBytes - unused;
}

/* A thread ends now, or is deleted next. */
void closeAccount(TaskHandle_t task)
{
	Account* account = accountOf(task);
	vTaskSuspendAll();
	if (machineAccounts)
		measureStack(account);
	account->hasEnded = true;
	/* Where nobody counts. */
	if (account->ram == 0)
		dropAccount(account);
	xTaskResumeAll();
}

const char* accountName(void)
{
	Account* account = isAlone() ? NULL : accountOf(NULL);
	return account ? account->name : isAlone() ? "the start" : pcTaskGetName(NULL);
}

/* ---- workers: what is known of them here ---- */

/* What a parent has allocated for it before it had a thread. */
void giveTaskMemory(Account* account, const Task* task)
{
	void* blocks[] = { task->name, task->queue, task->staticBlock, task->lock.semaphore };
	moveBlock(task, account);
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (blocks[i])
			moveBlock(blocks[i], account);
	}
	account->block = (size_t)task->creation.staticSize;
}

static int numberOf(xsMachine* the, const char* name)
{
	return xsToInteger(xsGet(xsArg(0), xsID((char*)name)));
}

/* The first message of hosts/moddable/protocol.ts says which task a worker is for. */
static void nameWorker(xsMachine* the, Account* account)
{
	int pid = numberOf(the, "pid");
	xsToStringBuffer(xsGet(xsArg(0), xsID("name")), account->name, NAME_BYTES);
	account->place = (pid < 0) ? -pid : pid & L_PID_INDEX_MASK;
	account->standsBy = pid < 0;
	if (account->standsBy)
		account->starts = 0;
}

/* What it has been so far was another one. */
static void callWorker(Account* account)
{
	vTaskSuspendAll();
	if (machineAccounts)
		measureStack(account);
	addToSum(account);
	account->standsBy = false;
	account->starts = 1;
	account->cycles = 0;
	xTaskResumeAll();
}

void seeMessage(xsMachine* the, Task* worker)
{
	Account* account = accountOfThread(worker->thread);
	if (xsTypeOf(xsArg(0)) != xsReferenceType)
		return;
	if (xsHas(xsArg(0), xsID("arena")) && xsHas(xsArg(0), xsID("name")))
		nameWorker(the, account);
	else if (account->standsBy && xsHas(xsArg(0), xsID("call")))
		callWorker(account);
}

/* Its worker may be gone, or have no name yet: then it is a number. */
const char* nameOfPlace(int place)
{
	static char number[16];
	for (Account* each = first; each && place != 0; each = each->next) {
		if (each->place == place)
			return each->name;
	}
	snprintf(number, sizeof(number), "#%d", place);
	return (place == 0) ? "main" : number;
}

/* ---- what is told ---- */

/* Main starts now: what was before is not the application's. */
void beginAccounts(void)
{
	vTaskSuspendAll();
	sumCount = 0;
	for (Account* each = first; each; each = each->next)
		each->cycles = 0;
	idle.cycles = 0;
	since = startCycles = readCycles();
	startTime = readTime();
	xTaskResumeAll();
}

/* In CLOCK_HZ. */
uint64_t runningTime(void)
{
	return startTime ? readTime() - startTime : 0;
}

#define BILLION 1000000000u

static const char* decimal(uint64_t value)
{
	static char text[24];
	if (value < BILLION)
		snprintf(text, sizeof(text), "%u", (unsigned)value);
	else
		snprintf(text, sizeof(text), "%u%09u", (unsigned)(value / BILLION),
			(unsigned)(value % BILLION));
	return text;
}

static void tellSum(const Account* sum)
{
	fprintf(stderr, "machine: {\"account\":\"%s\",\"standsBy\":%s,\"starts\":%u,\"stack\":%u,"
		"\"stackBytes\":%u,\"block\":%u,\"ramBytes\":%u,", sum->name,
		sum->standsBy ? "true" : "false", sum->starts, (unsigned)sum->stackUsed,
		(unsigned)sum->stackBytes, (unsigned)sum->block, (unsigned)sum->ramPeak);
	fprintf(stderr, "\"cycles\":%s}\n", decimal(sum->cycles));
}

/* At the end. */
void reportAccounts(void)
{
	uint64_t time;
	if (!machineAccounts)
		return;
	stopThreads();
	time = runningTime();
	if (!isAlone())
		leaveAccount();
	for (Account* each = first; each; each = each->next) {
		if (!each->hasEnded)
			measureStack(each);
		addToSum(each);
	}
	for (const Account* sum = sums; sum < sums + sumCount; sum++)
		tellSum(sum);
	fprintf(stderr, "machine: {\"idle\":%s,", decimal(idle.cycles));
	fprintf(stderr, "\"cycles\":%s,", decimal(since - startCycles));
	fprintf(stderr, "\"time\":%s,\"ramBytes\":%u,", decimal(time), (unsigned)ramBytes());
	fprintf(stderr, "\"staticBytes\":%u,\"heapPeak\":%u}\n", (unsigned)staticBytes(),
		(unsigned)ramPeak());
}
