/*
 * xs-linux: runs a module on Moddable XS as an ESP32 would, hazards included. The README has the
 * switches and the exit codes.
 */
#include "priorities.h"
#include "xs-test.h"

/* The program whose Atomics take a lock is linked beside this one: only xsAtomics.c differs. */
static void becomeLocked(char* argv[])
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - sizeof("-locked"));
	if (length < 0)
		failUsage("--locked-atomics: cannot find this program: %s", strerror(errno));
	memcpy(path + length, "-locked", sizeof("-locked"));
	execv(path, argv);
	failUsage("--locked-atomics: cannot run %s: %s", path, strerror(errno));
}

int main(int argc, char* argv[])
{
	readOptions(argc, argv);
#ifndef XS_LINUX_LOCKED_MAIN
	if (options.hasLockedAtomics)
		becomeLocked(argv);
#else
	(void)becomeLocked;
#endif
	openPreferences();
	openResetMemory();
	linkRoot();
	if (options.listing) {
		listModule(options.listing);
		endProcess(0);
	}
	takePriority(MAIN_PRIORITY);
	runMain(newTask(NULL, options.program, &mainCreation));
	endProcess(0);
}
