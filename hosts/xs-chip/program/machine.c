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
/* Flash and image of link.ld. */
#define FLASH_AT 0x80000000
#define FLASH_BYTES 0x4000000
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
/* For a test of the protection. */
static bool writesFlash = false;

/* What the emulator gives is no part of the RAM. */
static char line[LINE_BYTES] __attribute__((section(".bss.tools")));
static char* arguments[ARGUMENTS_MAX + 1] __attribute__((section(".bss.tools")));

/* Switches of the machine itself, which are not those of every host. */
static bool readSwitch(const char* word)
{
	static const char STACK[] = "--machine-stack=", RAM[] = "--machine-ram=";
	if (strcmp(word, "--machine-reports") == 0)
		machineReports = 1;
	else if (strcmp(word, "--machine-writes-flash") == 0)
		writesFlash = true;
	else if (strncmp(word, STACK, sizeof(STACK) - 1) == 0)
		mainStackBytes = defaultStackBytes = strtoul(word + sizeof(STACK) - 1, NULL, 10) & ~15u;
	else if (strncmp(word, RAM, sizeof(RAM) - 1) != 0)
		return false;
	else if (!setRam(strtoul(word + sizeof(RAM) - 1, NULL, 10)))
		failUsage("%s: more than is linked, and at most 16 MB", word);
	return true;
}

/* The emulator joins arguments by spaces; command.mjs writes those inside in another way. */
#define SPACE '\x1f'

static char* withSpaces(char* word)
{
	for (char* at = word; (at = strchr(at, SPACE)); at++)
		*at = ' ';
	return word;
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
	(void)unused;
	/* The linker, whose priority is higher, has ended, and the idle task buries it. The clock shows
	 * the same however long that took, which depends on the names of files. */
	vTaskDelayUntil(&now, ((xTaskGetTickCount() + 2) / START_TICKS + 1) * START_TICKS);
	startClock();
	protectFlash(FLASH_AT, FLASH_BYTES);
	if (writesFlash)
		*(volatile char*)rootMachine = 0;
	runMain(newTask(NULL, options.program, &mainCreation));
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
