/*
 * The machine: its command line; a task that links and is gone before the application starts, as
 * Moddable's linker has run on another computer; and the task of main.
 */
#include "machine.h"
#include <semihost.h>
#include <stdlib.h>
#include "xs-test.h"

/* FreeRTOS 9 counts words in 16 bits. The compiler of XS is deep; on a board it does not run. */
#define LINK_STACK_BYTES (255 * 1024)
/* Main starts at a multiple of it. */
#define START_TICKS 10000
#define LINE_BYTES 4096
#define ARGUMENTS_MAX 64

/* Moddable's choices on an ESP32: main, and the task of the system's timers, which
 * hosts/moddable/native.c guards with. */
#define MAIN_PRIORITY 4
#define MAIN_STACK_BYTES (8 * 1024)
const ThreadPlan GUARDIAN = { "guardian", 5, 2048 };
/* 5 KB, or 6 where ESP-IDF logs. */
size_t defaultStackBytes = 6 * 1024;
static size_t mainStackBytes = MAIN_STACK_BYTES;
/* For tests of what guards memory. Somebody writes to flash after so many milliseconds; < 0: nobody
 * does. */
static int writesFlash_ms = -1;
static bool readsNull = false, readsOdd = false;
/* When a run ends that does not by itself: at this time of main, or when there is such a file. */
static uint64_t end_ms = UINT64_MAX;
static const char* stopFile = NULL;

/* What the emulator gives is no part of the RAM. */
static char line[LINE_BYTES] __attribute__((section(".bss.tools")));
static char* arguments[ARGUMENTS_MAX + 1] __attribute__((section(".bss.tools")));

/* The emulator joins arguments by spaces; command.mjs writes those inside in another way. */
#define SPACE '\x1f'

static char* withSpaces(char* word)
{
	for (char* at = word; (at = strchr(at, SPACE)); at++)
		*at = ' ';
	return word;
}

/* What follows a switch that has a value; NULL: it is another one. */
static char* valueOf(char* word, const char* name)
{
	size_t length = strlen(name);
	return (strncmp(word, name, length) == 0) ? word + length : NULL;
}

/* Switches of the machine itself, which are not those of every host. */
static bool readSwitch(char* word)
{
	char* value;
	if (strcmp(word, "--machine-accounts") == 0)
		machineAccounts = true;
	else if (strcmp(word, "--machine-times") == 0)
		machineTimes = true;
	else if (strcmp(word, "--machine-writes-flash") == 0)
		writesFlash_ms = 0;
	else if ((value = valueOf(word, "--machine-writes-flash=")))
		writesFlash_ms = (int)strtoul(value, NULL, 10);
	else if (strcmp(word, "--machine-reads-null") == 0)
		readsNull = true;
	else if (strcmp(word, "--machine-reads-odd") == 0)
		readsOdd = true;
	else if ((value = valueOf(word, "--machine-stack=")))
		mainStackBytes = defaultStackBytes = strtoul(value, NULL, 10) & ~15u;
	else if ((value = valueOf(word, "--machine-tick=")))
		setTickClocks(strtoul(value, NULL, 10));
	else if ((value = valueOf(word, "--machine-end=")))
		end_ms = strtoull(value, NULL, 10);
	else if ((value = valueOf(word, "--machine-stop=")))
		stopFile = withSpaces(value);
	else if (!(value = valueOf(word, "--machine-ram=")))
		return false;
	else if (!setRam(strtoul(value, NULL, 10)))
		failUsage("%s: above what is in use at the start, and at most %u", word,
			(unsigned)mostRam());
	return true;
}

static int readCommandLine(void)
{
	char* rest = line;
	char* word;
	int count = 0;
	if (sys_semihost_get_cmdline(line, sizeof(line)) != 0)
		failMachine(MACHINE_NO_MEMORY, "the command line has more than %d bytes", LINE_BYTES);
	while ((word = strsep(&rest, " "))) {
		if (*word && !readSwitch(word) && count < ARGUMENTS_MAX)
			arguments[count++] = withSpaces(word);
	}
	return count;
}

/* ---- the end of a run that does not end by itself ---- */

#define LOOK_TICKS 100
#define CLOCKS_PER_MS (CLOCK_HZ / 1000)

TickType_t lookTick = portMAX_DELAY;

static void startLooking(void)
{
	if (stopFile || end_ms != UINT64_MAX)
		lookTick = xTaskGetTickCount();
}

/* In the trap of a tick, in which nobody else runs. Not while the scheduler is held up: a list of
 * FreeRTOS or of the heap may be half way then. */
void lookForEnd(void)
{
	uint64_t now_ms = runningTime() / CLOCKS_PER_MS;
	if (xTaskGetSchedulerState() != taskSCHEDULER_RUNNING)
		return;
	if (now_ms >= end_ms || (stopFile && access(stopFile, R_OK) == 0)) {
		stopThreads();
		exitHost(0);
	}
	lookTick = xTaskGetTickCount()
		+ ((end_ms - now_ms < LOOK_TICKS) ? (TickType_t)(end_ms - now_ms) : LOOK_TICKS);
}

/* ---- for a test ---- */

static void* writeFlash(void* unused)
{
	(void)unused;
	vTaskDelay(pdMS_TO_TICKS((TickType_t)writesFlash_ms));
	*(volatile char*)rootMachine = 0;
	return NULL;
}

static void startWriter(void)
{
	static const ThreadPlan WRITER = { "writer", MAIN_PRIORITY, 2048 };
	pthread_t thread;
	if (createThread(&thread, &WRITER, writeFlash, NULL) != 0)
		failMachine(MACHINE_NO_MEMORY, "no memory for the writer");
}

static void provokeFaults(void)
{
	/* The compiler may not know where they point to: it would do something else. */
	static uint32_t words[2];
	static volatile char* volatile nowhere = NULL;
	static volatile char* volatile odd = (volatile char*)words + 1;
	if (writesFlash_ms == 0)
		*(volatile char*)rootMachine = 0;
	else if (writesFlash_ms > 0)
		startWriter();
	if (readsNull)
		(void)*nowhere;
	if (readsOdd)
		(void)*(volatile uint32_t*)odd;
}

static void checkProgram(void)
{
#ifdef XS_CHIP_LOCKED
	const bool isLocked = true;
#else
	const bool isLocked = false;
#endif
	if (options.hasLockedAtomics != isLocked)
		failUsage("--locked-atomics: this is the other program");
}

static void* runMainThread(void* unused)
{
	TickType_t now = 0;
	Task* task;
	(void)unused;
	/* The linker, whose priority is higher, has ended, and the idle task buries it. The clock shows
	 * the same however long that took, which depends on the names of files. */
	vTaskDelayUntil(&now, ((xTaskGetTickCount() + 2) / START_TICKS + 1) * START_TICKS);
	startClock();
	protectFlash();
	beginAccounts();
	startLooking();
	provokeFaults();
	task = newTask(NULL, options.program, &mainCreation);
	giveTaskMemory(accountOfThread(pthread_self()), task);
	runMain(task);
	endProcess(0);
	return NULL;
}

static void* runLinker(void* unused)
{
	int count = readCommandLine();
	ThreadPlan main = { "main", MAIN_PRIORITY, mainStackBytes };
	pthread_t thread;
	(void)unused;
	readOptions(count, arguments);
	checkProgram();
	openResetMemory();
	linkRoot();
	if (options.listing) {
		listModule(options.listing);
		endProcess(0);
	}
	useRam();
	openPreferences();
	if (createThread(&thread, &main, runMainThread, NULL) != 0)
		failRun(EXIT_ABORT, "no memory for the task of main");
	pthread_detach(thread);
	return NULL;
}

void startMachine(void)
{
	static const ThreadPlan LINKER = { "linker", MAIN_PRIORITY + 1, LINK_STACK_BYTES };
	pthread_t thread;
	if (createThread(&thread, &LINKER, runLinker, NULL) != 0)
		failMachine(MACHINE_NO_MEMORY, "no memory for the linker");
	pthread_detach(thread);
	vTaskStartScheduler();
	failMachine(MACHINE_NO_MEMORY, "no memory for FreeRTOS");
}
