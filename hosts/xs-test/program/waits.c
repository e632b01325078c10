/*
 * Atomics.wait and notify. XS compares the value itself; everything else is here. Nothing is
 * allocated: a waiter is its task.
 *
 * XS 13 compares between fxLinkSharedChunk and fxWaitSharedChunk, so that nothing need be lost: one
 * lock is held from the comparison until the waiter is queued, and by whoever notifies. With
 * --lossy-waits it is taken after the comparison, as XS 17 always does, and some waits dawdle in
 * between: a notify that comes then wakes nobody.
 */
#include "xs-test.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Task* firstWaiter = NULL;
static Task* firstArriving = NULL;
/* Written under the lock, and read without. */
static uint32_t waits = 0, notifies = 0, losses = 0;

enum { TIMED_OUT = 0, OK = 1 };

static void count(uint32_t* counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

void lockWaiters(void)
{
	pthread_mutex_lock(&lock);
}

void unlockWaiters(void)
{
	pthread_mutex_unlock(&lock);
}

bool isAsleep(Task* task)
{
	return task->address != NULL;
}

static void queue(Task** first, Task* task)
{
	while (*first)
		first = &(*first)->nextWaiter;
	task->nextWaiter = NULL;
	*first = task;
}

static void unqueue(Task** first, Task* task)
{
	while (*first && *first != task)
		first = &(*first)->nextWaiter;
	if (*first)
		*first = task->nextWaiter;
}

/* Is the lock taken when XS has compared, too late to lose nothing? */
static bool isLate(void)
{
	return XS_MAJOR_VERSION >= 17 || options.isLossy;
}

#if XS_MAJOR_VERSION < 17
/* Before XS compares. */
void fxLinkSharedChunk(txMachine* the)
{
	collectBeforeSleep(the);
	if (!isLate())
		lockWaiters();
}

/* After a wait, or after a comparison that failed. */
void fxUnlinkSharedChunk(txMachine* the)
{
	(void)the;
	if (!isLate())
		unlockWaiters();
}
#endif

/* The comparison is over and nobody knows of us yet. It sleeps, so that the waker gets the core. */
static void dawdle(Task* task, txInteger* address)
{
	long pause_ns = 1000L * (1 + nextRandom(task, 2 * options.loss_us));
	struct timespec pause = { pause_ns / 1000000000L, pause_ns % 1000000000L };
	lockWaiters();
	task->arriving = address;
	queue(&firstArriving, task);
	unlockWaiters();
	nanosleep(&pause, NULL);
	lockWaiters();
	unqueue(&firstArriving, task);
	task->arriving = NULL;
	unlockWaiters();
}

/* Main would block the whole application. */
static void refuseMain(txMachine* the)
{
	if (!isLate())
		unlockWaiters();
	if (!options.mainWaitThrows)
		failRun(EXIT_MAIN_WAIT, "Atomics.wait in main: on a board it throws and leaves the lock of "
			"all waiters locked");
	xsTypeError("main thread cannot wait");
}

static txInteger sleepOn(Task* task, txInteger* address, txNumber timeout_ms)
{
	double due = now_ms() + timeout_ms;
	struct timespec until = { 0, 0 };
	txInteger result = OK;
	if (isfinite(due)) {
		until.tv_sec = (time_t)(due / 1000);
		until.tv_nsec = (long)(fmod(due, 1000) * 1e6);
	}
	count(&waits);
	task->address = address;
	queue(&firstWaiter, task);
	while (task->address && result == OK) {
		if (!isfinite(due))
			pthread_cond_wait(&task->woken, &lock);
		else if (pthread_cond_timedwait(&task->woken, &lock, &until) == ETIMEDOUT)
			result = task->address ? TIMED_OUT : OK;
	}
	if (task->address) {
		unqueue(&firstWaiter, task);
		task->address = NULL;
	}
	return result;
}

/* A task that is terminated now leaves before it is queued: nobody points to it. */
static void leaveIfStopped(Task* task)
{
	if (!mustStop(task) || options.terminateWaits)
		return;
	unlockWaiters();
	leaveTask(task);
}

/* The value was the expected one. */
static txInteger waitOn(txMachine* the, void* data, txNumber timeout_ms)
{
	Task* task = the->task;
	txInteger* address = data;
	txInteger result;
	if (!task || !task->parent)
		refuseMain(the);
	if (options.isLossy && nextRandom(task, options.lossEvery) == 0)
		dawdle(task, address);
	if (isLate())
		lockWaiters();
	leaveIfStopped(task);
	if (options.spuriousEvery && nextRandom(task, options.spuriousEvery) == 0)
		result = OK;
	else if (options.spuriousEvery && isfinite(timeout_ms)
			&& nextRandom(task, options.spuriousEvery) == 0)
		result = TIMED_OUT;
	else
		result = sleepOn(task, address, timeout_ms);
	if (isLate())
		unlockWaiters();
	return result;
}

static txInteger notifyAt(txInteger* address, txInteger most)
{
	txInteger woken = 0;
	Task** waiter = &firstWaiter;
	Task* late;
	lockWaiters();
	count(&notifies);
	while (*waiter && woken < most) {
		Task* task = *waiter;
		if (task->address != address) {
			waiter = &task->nextWaiter;
			continue;
		}
		*waiter = task->nextWaiter;
		task->address = NULL;
		pthread_cond_signal(&task->woken);
		woken++;
	}
	most -= woken;
	for (late = firstArriving; late && most > 0; late = late->nextWaiter) {
		if (late->arriving == address) {
			late->arriving = NULL;      /* it loses one wake-up, however often it is notified */
			count(&losses);
			most--;
		}
	}
	unlockWaiters();
	return woken;
}

#if XS_MAJOR_VERSION >= 17
txInteger fxWaitSharedChunk(txMachine* the, void* data, txNumber timeout_ms, txSlot* resolve)
{
	(void)resolve;      /* of waitAsync, which is ours */
	return waitOn(the, data, timeout_ms);
}

txInteger fxNotifySharedChunk(txMachine* the, void* data, txInteger most)
{
	(void)the;
	return notifyAt(data, most);
}
#else
txInteger fxWaitSharedChunk(txMachine* the, void* data, txNumber timeout_ms)
{
	return waitOn(the, data, timeout_ms);
}

txInteger fxNotifySharedChunk(txMachine* the, void* data, txInteger offset, txInteger most)
{
	(void)the;
	return notifyAt((txInteger*)((uint8_t*)data + offset), most);
}
#endif

/* There by `typeof`, and an end of the application: on a device the linker has stripped it. */
void xs_atomics_waitAsync(xsMachine* the)
{
	fxAbort(the, XS_DEAD_STRIP_EXIT);
}

void xs_waits(xsMachine* the)
{
	xsResult = xsNumber(__atomic_load_n(&waits, __ATOMIC_RELAXED));
}

void xs_notifies(xsMachine* the)
{
	xsResult = xsNumber(__atomic_load_n(&notifies, __ATOMIC_RELAXED));
}

void xs_losses(xsMachine* the)
{
	xsResult = xsNumber(__atomic_load_n(&losses, __ATOMIC_RELAXED));
}
