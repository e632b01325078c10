/*
 * The loop of a task, as on a device: the timers that are due, then the messages that are there.
 * Main ends when nothing can happen any more; a board would sleep for ever.
 */
#include "xs-test.h"

void fxQueuePromiseJobs(txMachine* the)
{
	if (the->task)
		postMessage(the->task, the->task, MESSAGE_JOBS, NULL, NULL);
}

static void handle(Task* task, Message* message)
{
	if (message->kind == MESSAGE_JOBS)
		fxRunPromiseJobs(task->the);
	else
		deliverMessage(task, message);
	/* Finds the rejections that nobody has handled, of promises that have been collected. */
	fxEndJob(task->the);
}

static int waiting(Task* task)
{
	int count;
	pthread_mutex_lock(&task->lock);
	count = task->count;
	pthread_mutex_unlock(&task->lock);
	return count;
}

static bool isIdle(Task* task)
{
	return waiting(task) == 0 && !task->timers && task->workerCount == 0;
}

/* As modMessageService: all messages that are waiting by now, or the first one that comes. Whoever
 * has seen that a worker is over is called by its next timer after these, not between them. */
static void serveMessages(Task* task)
{
	Message message;
	int left = waiting(task);
	double wait_ms = nextTimer(task);
	do {
		if (!takeMessage(task, wait_ms, &message))
			break;
		handle(task, &message);
		wait_ms = 0;
	} while (--left > 0);
}

void runLoop(Task* task)
{
	for (;;) {
		runTimers(task);
		if (mustStop(task) || (!task->parent && isIdle(task)))
			break;
		serveMessages(task);
	}
	/* A board goes on. A program that ends is told of all others too. */
	if (!task->parent)
		fxCheckUnhandledRejections(task->the, 1);
}
