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

static bool isIdle(Task* task)
{
	bool isEmpty;
	pthread_mutex_lock(&task->lock);
	isEmpty = task->count == 0;
	pthread_mutex_unlock(&task->lock);
	return isEmpty && !task->timers && task->workerCount == 0;
}

void runLoop(Task* task)
{
	Message message;
	for (;;) {
		runTimers(task);
		if (mustStop(task) || (!task->parent && isIdle(task)))
			break;
		if (takeMessage(task, nextTimer(task), &message))
			handle(task, &message);
	}
	/* A board goes on. A program that ends is told of all others too. */
	if (!task->parent)
		fxCheckUnhandledRejections(task->the, 1);
}
