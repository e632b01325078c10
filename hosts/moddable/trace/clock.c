/*
 * The clock of traces: see clock.js.
 *
 * Compiled by mcconfig into an application that includes trace/manifest.json, and into no other.
 */
#include "xsmc.h"
#include "xsHost.h"

#if ESP32
	#include "esp_timer.h"
#elif PICO_BUILD
	#include "pico/time.h"
#elif defined(__linux__) || defined(__APPLE__)
	#include <time.h>
#endif

/*
 * Microseconds since some moment, the same for all machines of the process: 53 bits of them,
 * so it goes on for 285 years. Where there is no finer clock it counts milliseconds, for 49.7 days.
 */
void xs_reattach_microseconds(xsMachine *the)
{
#if ESP32
	xsmcSetNumber(xsResult, (xsNumberValue)esp_timer_get_time());
#elif PICO_BUILD
	xsmcSetNumber(xsResult, (xsNumberValue)time_us_64());
#elif defined(__linux__) || defined(__APPLE__)
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	xsmcSetNumber(xsResult, (xsNumberValue)now.tv_sec * 1000000 + now.tv_nsec / 1000);
#else
	xsmcSetNumber(xsResult, (xsNumberValue)(uint32_t)modMilliseconds() * 1000);
#endif
}
