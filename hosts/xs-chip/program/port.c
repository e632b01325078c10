/*
 * The port to the chip: FreeRTOS's tasks, which are deleted wherever they are.
 */
#include "machine.h"
#include "xs-test.h"

#define PRIORITY_MAX (configMAX_PRIORITIES - 1)

const char hostName[] = "xs-chip";
const bool hostDeletesThreads = true;

/* The machine has taken its own off the command line. */
bool readHostSwitch(const char* word)
{
	(void)word;
	return false;
}

void exitHost(int code)
{
	reportAccounts();
	flushConsole();
	endMachine(code);
}

void flushOutput(void)
{
	flushConsole();
}

/* Semihosting lists no folders: a map names each module. */
bool listFolder(const char* path, void (*found)(const char* name, void* context), void* context)
{
	(void)path;
	(void)found;
	(void)context;
	errno = ENOSYS;
	return false;
}

/* It knows no folder to look from: a path is absolute. */
char* findPath(const char* path)
{
	return (path[0] == '/' && access(path, R_OK) == 0) ? strdup(path) : NULL;
}

/* Not from the image: a file is read when somebody asks for it, and the image is protected then. */
void* allocateFlash(size_t bytes)
{
	return takeTools(bytes);
}

double busyTime(void)
{
	return (double)(readCycles() - idleCycles());
}

/* The last part of a path, as much as FreeRTOS keeps of it. */
static const char* lastPart(const char* name)
{
	const char* slash = strrchr(name, '/');
	return slash ? slash + 1 : name;
}

int startThread(Task* task, void* (*code)(void* task))
{
	ThreadPlan plan = {
		lastPart(task->name),
		(task->priority > PRIORITY_MAX) ? PRIORITY_MAX : task->priority,
		task->nativeStack ? (size_t)task->nativeStack : defaultStackBytes,
	};
	int error;
	/* It does not run before all of its memory is in its account. */
	vTaskSuspendAll();
	error = createThread(&task->thread, &plan, code, task);
	if (!error)
		giveTaskMemory(accountOfThread(task->thread), task);
	xTaskResumeAll();
	return error;
}

int startGuardian(void* (*code)(void* unused))
{
	pthread_t thread;
	int error = createThread(&thread, &GUARDIAN, code, NULL);
	if (!error)
		pthread_detach(thread);
	return error;
}

void enterThread(const Task* task)
{
	(void)task;
}

void joinThread(Task* task)
{
	waitForThread(task->thread);
}

bool deleteThread(Task* task)
{
	return eraseThread(task->thread);
}

void sleepThread(double milliseconds)
{
	vTaskDelay((milliseconds < 0) ? portMAX_DELAY : pdMS_TO_TICKS((TickType_t)milliseconds));
}
