/*
 * --priorities=rr: within a priority threads take turns, as FreeRTOS's do. --priorities=fifo: one
 * runs until it waits. The process needs CAP_SYS_NICE.
 */
#include "priorities.h"
#include "xs-test.h"
#include <sched.h>

/* FreeRTOS's 0: some of Linux's own threads have a priority below. */
#define BASE 10
/* An ESP32 has 25 of them. */
#define PRIORITY_MAX 24

static int policy = SCHED_OTHER;

bool readPriorities(const char* word)
{
	static const char NAME[] = "--priorities=";
	const char* value = word + sizeof(NAME) - 1;
	if (strncmp(word, NAME, sizeof(NAME) - 1) != 0)
		return false;
	if (strcmp(value, "rr") == 0)
		policy = SCHED_RR;
	else if (strcmp(value, "fifo") == 0)
		policy = SCHED_FIFO;
	else
		failUsage("%s: expected rr or fifo", word);
	return true;
}

static struct sched_param parameterOf(int priority)
{
	struct sched_param parameter = { 0 };
	parameter.sched_priority = BASE + (priority > PRIORITY_MAX ? PRIORITY_MAX : priority);
	return parameter;
}

void planPriority(pthread_attr_t* attributes, int priority)
{
	struct sched_param parameter = parameterOf(priority);
	if (policy == SCHED_OTHER)
		return;
	pthread_attr_setinheritsched(attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(attributes, policy);
	pthread_attr_setschedparam(attributes, &parameter);
}

void takePriority(int priority)
{
	struct sched_param parameter = parameterOf(priority);
	int error = 0;
	if (policy != SCHED_OTHER)
		error = pthread_setschedparam(pthread_self(), policy, &parameter);
	if (error)
		failUsage("--priorities: this process may not have any: %s", strerror(error));
}
