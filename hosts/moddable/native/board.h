/*
 * What a board has for the headers of this folder, and Moddable's simulators.
 */
#ifndef REATTACH_BOARD_H
#define REATTACH_BOARD_H

#include "xsHost.h"

#ifdef REATTACH_TRACING
	#if ESP32
		#include "esp_timer.h"
	#elif PICO_BUILD
		#include "pico/time.h"
	#elif defined(__linux__) || defined(__APPLE__)
		#include <time.h>
	#endif

/*
 * Microseconds since some moment, the same for all machines of the process: 53 bits of them, so it
 * goes on for 285 years. Where there is no finer clock it counts milliseconds, for 49.7 days.
 */
static uint64_t hostMicroseconds(void)
{
	#if ESP32
	return (uint64_t)esp_timer_get_time();
	#elif PICO_BUILD
	return time_us_64();
	#elif defined(__linux__) || defined(__APPLE__)
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	#else
	return (uint64_t)modMilliseconds() * 1000;
	#endif
}
#endif

/* As Time.ticks. */
#if ESP32
	#define hostTicks() modMilliseconds()
#else
	#define hostTicks() ((uint32_t)(uint64_t)fxDateNow())
#endif

/* As XS's Atomics. */
#ifdef mxUseGCCAtomics
	#define hostHasAtomics(vm) true
#else
	#define hostHasAtomics(vm) false
#endif

/* For tests, of which a board has none. */
#define hostIsOff() false
#define hostAttach(words) ((void)0)
#define hostTell(call, isNative) ((void)0)

#endif
