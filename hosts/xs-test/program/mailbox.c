/*
 * The queue of a task: at most so many messages as FreeRTOS gives a machine. Promise jobs take a
 * place of it too. A full queue blocks its sender for ever on a board; here the run ends after a
 * while, and at once when the sender is the receiver.
 */
#include "xs-test.h"

/* Longer than any receiver that makes progress needs, under a sanitizer too. */
#define PATIENCE_S 5

static const char* describeFull(const Task* to)
{
	return to->parent ? to->name : "main";
}

/* False: the sender must stop. Called with the lock of the receiver. */
static bool waitForRoom(Task* to, Task* from)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_S;
	while (to->count == options.queueLength) {
		if (to == from || pthread_cond_timedwait(&to->changed, &to->lock, &until) == ETIMEDOUT) {
			pthread_mutex_unlock(&to->lock);
			failRun(EXIT_QUEUE_FULL, "the queue of %s is full (%d messages): on a board %s is "
				"blocked for ever", describeFull(to), options.queueLength, describeFull(from));
		}
		if (mustStop(from) && !options.terminateWaits)
			return false;
	}
	return true;
}

void postMessage(Task* to, Task* from, MessageKind kind, Task* worker, void* data)
{
	pthread_mutex_lock(&to->lock);
	if (!waitForRoom(to, from)) {
		pthread_mutex_unlock(&to->lock);
		free(data);
		leaveTask(from);
	}
	to->queue[(to->first + to->count) % options.queueLength] = (Message){ kind, worker, data };
	to->count++;
	pthread_cond_broadcast(&to->changed);
	pthread_mutex_unlock(&to->lock);
}

/* wait_ms < 0: as long as it takes. False: the time is over, or the task must stop. */
bool takeMessage(Task* task, double wait_ms, Message* message)
{
	double due = now_ms() + wait_ms;
	struct timespec until = { (time_t)(due / 1000), (long)(fmod(due, 1000) * 1e6) };
	bool isTaken = false;
	pthread_mutex_lock(&task->lock);
	while (task->count == 0 && !mustStop(task)) {
		if (wait_ms < 0)
			pthread_cond_wait(&task->changed, &task->lock);
		else if (pthread_cond_timedwait(&task->changed, &task->lock, &until) == ETIMEDOUT)
			break;
	}
	if (task->count > 0 && !mustStop(task)) {
		*message = task->queue[task->first];
		task->first = (task->first + 1) % options.queueLength;
		task->count--;
		isTaken = true;
		pthread_cond_broadcast(&task->changed);
	}
	pthread_mutex_unlock(&task->lock);
	return isTaken;
}

/* Drops what has that worker at its other end (NULL: everything); returns how many. */
int dropMessagesOf(Task* task, const Task* worker)
{
	int kept = 0, dropped = 0, i;
	pthread_mutex_lock(&task->lock);
	for (i = 0; i < task->count; i++) {
		Message* message = &task->queue[(task->first + i) % options.queueLength];
		if (worker && message->worker != worker)
			task->queue[(task->first + kept++) % options.queueLength] = *message;
		else {
			free(message->data);
			dropped++;
		}
	}
	task->count = kept;
	pthread_cond_broadcast(&task->changed);
	pthread_mutex_unlock(&task->lock);
	return dropped;
}
