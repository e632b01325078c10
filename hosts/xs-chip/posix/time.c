/*
 * The clock; sleeping, by FreeRTOS's ticks of a millisecond.
 */
#include "FreeRTOS.h"
#include "task.h"
#include <sys/time.h>
#include <unistd.h>
#include "machine.h"

#define NS_PER_S 1000000000
#define NS_PER_TICK (NS_PER_S / (int)configTICK_RATE_HZ)

int clock_gettime(clockid_t clock, struct timespec* time)
{
	uint64_t now = readTime();
	(void)clock;
	time->tv_sec = now / CLOCK_HZ;
	time->tv_nsec = (now % CLOCK_HZ) * (NS_PER_S / CLOCK_HZ);
	return 0;
}

/* No chip knows the date when it starts, and a run is to be the same on every day: 2000-01-01. */
#define START_S 946684800

int gettimeofday(struct timeval* restrict time, void* restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	time->tv_sec = START_S + now.tv_sec;
	time->tv_usec = now.tv_nsec / 1000;
	return 0;
}

TickType_t ticksUntil(const struct timespec* until)
{
	struct timespec now;
	int64_t ns, ticks;
	clock_gettime(CLOCK_MONOTONIC, &now);
	ns = (int64_t)(until->tv_sec - now.tv_sec) * NS_PER_S + (until->tv_nsec - now.tv_nsec);
	if (ns <= 0)
		return 0;
	ticks = (ns + NS_PER_TICK - 1) / NS_PER_TICK;
	return (ticks < (int64_t)portMAX_DELAY) ? (TickType_t)ticks : portMAX_DELAY - 1;
}

int nanosleep(const struct timespec* time, struct timespec* rest)
{
	struct timespec until;
	(void)rest;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += time->tv_sec;
	until.tv_nsec += time->tv_nsec;
	if (until.tv_nsec >= NS_PER_S) {
		until.tv_sec++;
		until.tv_nsec -= NS_PER_S;
	}
	vTaskDelay(ticksUntil(&until));
	return 0;
}

int usleep(useconds_t microseconds)
{
	struct timespec time = { microseconds / 1000000, (microseconds % 1000000) * 1000 };
	return nanosleep(&time, NULL);
}
