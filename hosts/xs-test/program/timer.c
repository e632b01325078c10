/*
 * The module timer, as Moddable's for FreeRTOS (modules/base/timer/mc/timer.c): timers run in the
 * order in which they were made, one that a callback makes runs in the next round at the earliest,
 * and a repeated one does not drift.
 */
#include "xs-test.h"

struct Timer {
	Timer* next;
	Task* task;
	double due_ms;
	int repeat_ms;                  /* 0: once */
	bool isFiring;
	bool isScheduled;
	bool isCleared;                 /* by its own callback: freed after that */
	bool isRunning;
	xsSlot self;
	xsSlot callback;
};

double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000.0 + now.tv_nsec / 1e6;
}

static double start_ms = 0;

/* What the module time shows: with --clock another beginning, and the same pace. */
double clock_ms(void)
{
	double now = now_ms();
	return options.hasClock ? options.clock + (now - start_ms) : now;
}

void startClock(void)
{
	start_ms = now_ms();
}

static void unlinkTimer(Timer* timer)
{
	Timer** address = &timer->task->timers;
	while (*address && *address != timer)
		address = &(*address)->next;
	if (*address)
		*address = timer->next;
}

/* XS calls it when the machine is deleted: while a timer is set, its object is remembered. */
void xs_timer_destructor(void* data)
{
	Timer* timer = data;
	if (!timer)
		return;
	unlinkTimer(timer);
	free(timer);
}

static void forgetTimer(xsMachine* the, Timer* timer)
{
	unlinkTimer(timer);
	xsSetHostData(timer->self, NULL);
	xsForget(timer->self);
	xsForget(timer->callback);
	if (timer->isRunning)
		timer->isCleared = true;
	else
		free(timer);
}

static void createTimer(xsMachine* the, int delay_ms, int repeat_ms)
{
	Timer* timer;
	Timer** last = &taskOf(the)->timers;
	if (xsToInteger(xsArgc) < 1 || !xsIsInstanceOf(xsArg(0), xsFunctionPrototype))
		xsTypeError("Timer: callback is no function");
	timer = calloc(1, sizeof(Timer));
	if (!timer)
		xsUnknownError("add failed");
	timer->task = the->task;
	timer->due_ms = now_ms() + delay_ms;
	timer->repeat_ms = repeat_ms;
	timer->isScheduled = true;
	timer->callback = xsArg(0);
	xsRemember(timer->callback);
	timer->self = xsNewHostObject(xs_timer_destructor);
	xsSetHostData(timer->self, timer);
	xsRemember(timer->self);
	while (*last)
		last = &(*last)->next;
	*last = timer;
	xsResult = timer->self;
}

static int integerArgument(xsMachine* the, int index)
{
	return (xsToInteger(xsArgc) > index) ? xsToInteger(xsArg(index)) : 0;
}

void xs_timer_set(xsMachine* the)
{
	createTimer(the, integerArgument(the, 1), integerArgument(the, 2));
}

void xs_timer_repeat(xsMachine* the)
{
	int interval_ms = integerArgument(the, 1);
	createTimer(the, interval_ms, interval_ms);
}

/* With the id alone the timer stays, and does not fire until it is scheduled again. */
void xs_timer_schedule(xsMachine* the)
{
	Timer* timer = xsGetHostDataValidate(xsArg(0), xs_timer_destructor);
	if (!timer)
		xsUnknownError("Timer: it has ended");
	if (xsToInteger(xsArgc) == 1) {
		timer->isScheduled = timer->isFiring = false;
		timer->repeat_ms = -1;
		return;
	}
	timer->due_ms = now_ms() + xsToInteger(xsArg(1));
	timer->repeat_ms = integerArgument(the, 2);
	timer->isScheduled = true;
}

void xs_timer_clear(xsMachine* the)
{
	Timer* timer;
	if (xsToInteger(xsArgc) == 0 || xsTypeOf(xsArg(0)) != xsReferenceType)
		return;
	if (xsGetHostDestructor(xsArg(0)) != xs_timer_destructor)
		return;
	timer = xsGetHostData(xsArg(0));
	if (timer)
		forgetTimer(the, timer);
}

void xs_timer_delay(xsMachine* the)
{
	pauseTask(taskOf(the), integerArgument(the, 0));
}

static void runTimer(Task* task, Timer* timer)
{
	timer->isFiring = false;
	timer->due_ms += (timer->repeat_ms > 0) ? timer->repeat_ms : 0;
	timer->isRunning = true;
	xsBeginHost(task->the);
	{
		xsCallFunction1(timer->callback, xsGlobal, timer->self);
	}
	xsEndHost(task->the);
	timer->isRunning = false;
	if (timer->isCleared)
		free(timer);
	else if (timer->repeat_ms == 0) {
		xsBeginHost(task->the);
		forgetTimer(the, timer);
		xsEndHost(task->the);
	}
	fxEndJob(task->the);
}

void runTimers(Task* task)
{
	double now = now_ms();
	Timer* timer;
	for (timer = task->timers; timer; timer = timer->next)
		timer->isFiring = timer->isScheduled && timer->due_ms <= now;
	do {
		/* From the start each time: the callback may have cleared any of them. */
		for (timer = task->timers; timer && !timer->isFiring; timer = timer->next)
			;
		if (timer)
			runTimer(task, timer);
	} while (timer && !mustStop(task));
}

double nextTimer(Task* task)
{
	double now = now_ms(), next = -1;
	Timer* timer;
	for (timer = task->timers; timer; timer = timer->next) {
		double wait = timer->due_ms - now;
		if (!timer->isScheduled)
			continue;
		if (wait <= 0)
			return 0;
		if (next < 0 || wait < next)
			next = wait;
	}
	return next;
}
