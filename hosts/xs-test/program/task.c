/*
 * A task: one machine on one POSIX thread, from its start to its end.
 *
 * A task that is terminated is deleted wherever it is, on a host that can do that. On another one
 * it learns of it at the next check of its meter, or where it pauses, and jumps to its own end.
 * What an ESP32 would break on the way (a waiter's record, a message) is reported.
 */
#include "xs-test.h"

/* How many bytecodes run between two looks at whether to stop: about 100 us. */
#define METER_INTERVAL 10000

static uint32_t mix(uint32_t value)
{
	value = (value ^ (value >> 16)) * 0x45d9f3bu;
	value = (value ^ (value >> 16)) * 0x45d9f3bu;
	return value ^ (value >> 16);
}

/* From 0 to limit - 1. Each task has a sequence of its own: the order of threads is no matter. */
uint32_t nextRandom(Task* task, uint32_t limit)
{
	task->random ^= task->random << 13;
	task->random ^= task->random >> 17;
	task->random ^= task->random << 5;
	return task->random % limit;
}

/* A preloaded body runs in no task: what needs one throws, and stops the link. */
Task* taskOf(txMachine* the)
{
	if (!the->task)
		xsTypeError("not while a module is preloaded");
	return the->task;
}

static void initializeCondition(pthread_cond_t* condition)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

Task* newTask(Task* parent, const char* name, const txCreation* creation)
{
	static uint32_t serial = 0;
	Task* task = calloc(1, sizeof(Task));
	if (!task)
		failRun(EXIT_ABORT, "no memory for task %s", name);
	task->name = strdup(name);
	task->parent = parent;
	task->creation = *creation;
	task->queue = calloc(options.queueLength, sizeof(Message));
	if (creation->staticSize)
		task->staticBlock = malloc(creation->staticSize);
	if (!task->name || !task->queue || (creation->staticSize && !task->staticBlock))
		failRun(EXIT_ABORT, "no memory for task %s", name);
	task->random = mix(options.seed + mix(__atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED))) | 1;
	pthread_mutex_init(&task->lock, NULL);
	initializeCondition(&task->changed);
	initializeCondition(&task->woken);
	return task;
}

void deleteTask(Task* task)
{
	dropMessagesOf(task, NULL);
	pthread_mutex_destroy(&task->lock);
	pthread_cond_destroy(&task->changed);
	pthread_cond_destroy(&task->woken);
	freeFiles(task->firstFile);
	free(task->staticBlock);
	free(task->queue);
	free(task->scratch);
	free(task->label);
	free(task->name);
	free(task);
}

bool mustStop(Task* task)
{
	return __atomic_load_n(&task->isStopped, __ATOMIC_ACQUIRE);
}

void leaveTask(Task* task)
{
	longjmp(task->end, 1);
}

static txBoolean onMeter(txMachine* the, MeterIndex index)
{
	/* A meter of 32 bits starts again at 0. */
	if (sizeof(index) == sizeof(txU4) && index > UINT32_MAX - METER_INTERVAL)
		the->task->meterRounds += index;
	return options.terminateWaits || !mustStop(the->task);
}

static void setState(Task* task, TaskState state)
{
	pthread_mutex_lock(&task->lock);
	task->state = state;
	pthread_cond_broadcast(&task->changed);
	pthread_mutex_unlock(&task->lock);
}

static bool createMachine(Task* task)
{
	task->the = xsCloneMachine(&task->creation, rootMachine, task->name, task);
	if (!task->the)
		return false;
	enterThread(task);
	task->isReady = true;
	beginUsage(task);
	fxBeginMetering(task->the, onMeter, METER_INTERVAL);
	return true;
}

static void deleteMachine(Task* task)
{
	task->isReady = false;
	endUsage(task);
	task->the->firstJump = NULL;
	fxEndMetering(task->the);
	xsDeleteMachine(task->the);     /* terminates the workers that it has */
	task->the = NULL;
}

/* As on a device: the module runs, and then its default export when that is a function. */
static void importMain(Task* task)
{
	char* path = findModule(task->name) ? NULL : findPath(task->name);
	char* dot;
	path = path ? path : strdup(task->name);
	if (!path)
		failRun(EXIT_ABORT, "no memory for task %s", task->name);
	dot = strrchr(path, '.');
	if (dot && (strcmp(dot, ".js") == 0 || strcmp(dot, ".mjs") == 0))
		*dot = 0;
	xsBeginHost(task->the);
	{
		xsVars(1);
		xsVar(0) = xsAwaitImport(path, XS_IMPORT_DEFAULT);
		if (xsTest(xsVar(0)) && xsIsInstanceOf(xsVar(0), xsFunctionPrototype))
			xsCallFunction0(xsVar(0), xsGlobal);
	}
	xsEndHost(task->the);
	free(path);
}

void runMain(Task* task)
{
	if (!createMachine(task))
		failRun(EXIT_ABORT, "main: no memory for its machine");
	if (setjmp(task->end) == 0) {
		setState(task, TASK_RUNNING);
		importMain(task);
		runLoop(task);
	}
	deleteMachine(task);
	deleteTask(task);
}

static void* runWorker(void* it)
{
	Task* task = it;
	if (!createMachine(task)) {
		setState(task, TASK_FAILED);
		return NULL;
	}
	if (setjmp(task->end) == 0) {
		if (runWorkerModule(task)) {
			setState(task, TASK_RUNNING);
			runLoop(task);
		}
		else
			setState(task, TASK_FAILED);
	}
	deleteMachine(task);
	return NULL;
}

/* Returns once the body of the worker's module has run, however long that takes. */
bool startWorker(Task* task)
{
	Task* parent = task->parent;
	bool isRunning;
	int error;
	error = startThread(task, runWorker);
	if (error)
		failRun(EXIT_ABORT, "%s: no thread: %s", task->name, strerror(error));
	pthread_mutex_lock(&parent->lock);
	parent->isCreating = true;
	pthread_mutex_unlock(&parent->lock);
	pthread_mutex_lock(&task->lock);
	while (task->state == TASK_STARTING)
		pthread_cond_wait(&task->changed, &task->lock);
	isRunning = task->state == TASK_RUNNING;
	pthread_mutex_unlock(&task->lock);
	pthread_mutex_lock(&parent->lock);
	parent->isCreating = false;
	pthread_mutex_unlock(&parent->lock);
	if (!isRunning)
		joinThread(task);
	return isRunning;
}

/* What the end of a worker leaves behind on a board is no end of the run where it may go on. */
static void checkEnd(const Task* worker, bool wasAsleep, bool wasCreating)
{
	if (wasAsleep)
		failRun(EXIT_TERMINATED_ASLEEP, "terminate: %s was asleep in Atomics.wait: on a board "
			"its waiter points into freed memory", worker->name);
	if (wasCreating)
		failRun(EXIT_TERMINATED_ASLEEP, "terminate: %s was blocked in new Worker: on a board "
			"its worker would wake freed memory", worker->name);
}

/* The worker leaves by itself. What its deletion would leave behind is decided under the locks that
 * a waiter and a sender need. */
static void awaitEnd(Task* worker)
{
	bool wasAsleep, wasCreating;
	pthread_mutex_lock(&worker->lock);
	lockWaiters();
	wasAsleep = isAsleep(worker);
	wasCreating = worker->isCreating;
	__atomic_store_n(&worker->isStopped, true, __ATOMIC_RELEASE);
	unlockWaiters();
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
	if (!options.terminateWaits)
		checkEnd(worker, wasAsleep, wasCreating);
	joinThread(worker);
}

/* As Moddable: its thread is deleted wherever it is, then its machine, by its parent. The locks of
 * both mailboxes stand for FreeRTOS's queues, in which nobody can be deleted half way. */
static void deleteWorker(Task* worker)
{
	bool hadLock;
	pthread_mutex_lock(&worker->parent->lock);
	pthread_mutex_lock(&worker->lock);
	hadLock = deleteThread(worker);
	pthread_mutex_unlock(&worker->lock);
	pthread_mutex_unlock(&worker->parent->lock);
	if (hadLock)
		failRun(EXIT_TERMINATED_ASLEEP, "terminate: %s held a lock: whoever takes it waits for "
			"ever", worker->name);
	checkEnd(worker, isAsleep(worker), worker->isCreating);
	if (worker->the)
		deleteMachine(worker);
}

/* In the thread of its parent. */
void terminateWorker(Task* worker)
{
	if (hostDeletesThreads && !options.terminateWaits)
		deleteWorker(worker);
	else
		awaitEnd(worker);
	/* Nobody reads the queue of a parent that ends too. */
	if (dropMessagesOf(worker->parent, worker) > 0 && !options.terminateWaits
			&& !mustStop(worker->parent))
		failRun(EXIT_QUEUED_MESSAGES, "terminate: messages of %s were still queued in %s: on a "
			"board they use freed memory", worker->name, worker->parent->name);
	deleteTask(worker);
}

/* Sleeps so long, or until the task must stop; then it leaves. */
void pauseTask(Task* task, double milliseconds)
{
	double due = now_ms() + milliseconds;
	struct timespec until = { (time_t)(due / 1000), (long)(fmod(due, 1000) * 1e6) };
	if (hostDeletesThreads && !options.terminateWaits) {
		sleepThread(fmax(milliseconds, 0));
		return;
	}
	pthread_mutex_lock(&task->lock);
	while (!mustStop(task)
			&& pthread_cond_timedwait(&task->changed, &task->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&task->lock);
	if (mustStop(task) && !options.terminateWaits)
		leaveTask(task);
}

void parkTask(Task* task)
{
	while (hostDeletesThreads && !options.terminateWaits)
		sleepThread(-1);
	pthread_mutex_lock(&task->lock);
	while (!mustStop(task))
		pthread_cond_wait(&task->changed, &task->lock);
	pthread_mutex_unlock(&task->lock);
	leaveTask(task);
}
