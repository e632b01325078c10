/*
 * What JavaScript cannot do on a device: see native.js.
 *
 * Compiled by mcconfig into the application, for ESP32 and for the simulators of desktop systems,
 * which have neither cores of their own nor a board to restart.
 */
#include "xsmc.h"
#include "xsHost.h"

#if ESP32
	#include "esp_attr.h"
	#include "esp_system.h"
	#include "esp_timer.h"
	#include "nvs.h"
	#include "soc/soc_caps.h"
	#include <stdbool.h>
	#include <string.h>
	#include "freertos/FreeRTOS.h"
	#include "freertos/task.h"
#else
	#include <stdlib.h>

	/* What a simulator exits with where a board would restart. */
	#define RESTART_EXIT_CODE 43

	/* Of XS. Its header for modules does not have it. */
	extern void fxExitToHost(xsMachine *the);
#endif

/*
 * Allocates nothing, unlike set(subarray()). Never throws: what is no buffer, or too short by now,
 * copies nothing, as a client's slot may be claimed meanwhile.
 */
void xs_reattach_copy(xsMachine *the)
{
	void *target, *source;
	xsUnsignedValue targetLength, sourceLength;
	xsUnsignedValue targetStart = xsmcToUnsigned(xsArg(1));
	xsUnsignedValue sourceStart = xsmcToUnsigned(xsArg(3));
	xsUnsignedValue count = xsmcToUnsigned(xsArg(4));

	xsTry {
		/* After the conversions: those may run JavaScript, and a collection moves buffers. */
		xsmcGetBufferWritable(xsArg(0), &target, &targetLength);
		xsmcGetBufferReadable(xsArg(2), &source, &sourceLength);
		if ((targetStart <= targetLength) && (count <= targetLength - targetStart)
				&& (sourceStart <= sourceLength) && (count <= sourceLength - sourceStart))
			c_memmove((uint8_t *)target + targetStart, (uint8_t *)source + sourceStart, count);
	}
	xsCatch {
	}
}

void xs_reattach_cores(xsMachine *the)
{
#if ESP32
	xsmcSetInteger(xsResult, portNUM_PROCESSORS);
#else
	xsmcSetInteger(xsResult, 1);
#endif
}

/* What a module exports. At once, unlike import(), whose promise takes memory while main() runs. */
void xs_reattach_load(xsMachine *the)
{
	char name[C_PATH_MAX];

	xsmcToStringBuffer(xsArg(0), name, sizeof(name));
	xsResult = xsAwaitImport(name, XS_IMPORT_NAMESPACE);
}

#ifdef mxDebug
/* Of XS. Its header for modules does not have it. */
extern int8_t fxIsConnected(xsMachine *the);
#endif

void xs_reattach_is_debugged(xsMachine *the)
{
#ifdef mxDebug
	xsmcSetBoolean(xsResult, fxIsConnected(the) != 0);
#else
	xsmcSetFalse(xsResult);
#endif
}

/* Whether there is such a module: a manifest may have left one out. */
void xs_reattach_has(xsMachine *the)
{
	char name[C_PATH_MAX];

	xsmcToStringBuffer(xsArg(0), name, sizeof(name));
	xsResult = xsAwaitImport(name, XS_IMPORT_PREFLIGHT);
}

/* A task that sleeps here holds no lock and waits on nothing: it may be deleted. */
void xs_reattach_park(xsMachine *the)
{
#if ESP32
	while (true)
		vTaskDelay(portMAX_DELAY);
#else
	/* terminate() waits for the worker's event loop: go back there, and run nothing on the way. */
	fxExitToHost(the);
#endif
}

void xs_reattach_restart(xsMachine *the)
{
	(void)the;
#if ESP32
	esp_restart();
#else
	exit(RESTART_EXIT_CODE);
#endif
}

/* Longer than a record of src/manager/boot-count.ts. */
#define RECORD_BYTES 256

#if ESP32 && SOC_RTC_MEM_SUPPORTED
/* Not cleared when the chip starts: what it holds after the power was off is chance. */
static RTC_NOINIT_ATTR struct {
	uint32_t sum;
	char text[RECORD_BYTES];
} gRecord;

/* FNV-1a, begun so that memory full of zeros has another sum. */
static uint32_t sumOf(const char *text)
{
	uint32_t sum = 2166136261u;
	int i;

	for (i = 0; i < RECORD_BYTES; i++)
		sum = (sum ^ (uint8_t)text[i]) * 16777619u;
	return sum;
}

static bool hasRecord(void)
{
	return (gRecord.sum == sumOf(gRecord.text)) && (gRecord.text[RECORD_BYTES - 1] == 0);
}

static void keepRecord(const char *text)
{
	/* No sum while it is written: what is cut off half way is no record. */
	gRecord.sum = 0;
	strncpy(gRecord.text, text, RECORD_BYTES - 1);
	gRecord.text[RECORD_BYTES - 1] = 0;
	gRecord.sum = sumOf(gRecord.text);
}
#endif

#if ESP32
/* Did the chip start because something went wrong, or on purpose of a program? */
static bool hasRestarted(void)
{
	switch (esp_reset_reason()) {
	case ESP_RST_POWERON:
	case ESP_RST_EXT:
	case ESP_RST_DEEPSLEEP:
	case ESP_RST_USB:
	case ESP_RST_JTAG:
		return false;
	default:
		return true;
	}
}
#endif

void xs_reattach_restarted(xsMachine *the)
{
#if ESP32
	xsmcSetBoolean(xsResult, hasRestarted());
#else
	xsmcSetBoolean(xsResult, true);
#endif
}

void xs_reattach_retained(xsMachine *the)
{
	(void)the;
#if ESP32 && SOC_RTC_MEM_SUPPORTED
	xsmcSetString(xsResult, (hasRestarted() && hasRecord()) ? gRecord.text : "");
#endif
}

void xs_reattach_retain(xsMachine *the)
{
#if ESP32 && SOC_RTC_MEM_SUPPORTED
	char text[RECORD_BYTES];

	xsmcToStringBuffer(xsArg(0), text, sizeof(text));
	keepRecord(text);
#else
	xsUnknownError("retain: no memory that a reset leaves alone");
#endif
}

#if ESP32 && !defined(mxDebug)
/* Looks in the time that the main VM may stand still. */
#define GUARD_LOOKS 8

static esp_timer_handle_t gGuard = NULL;
static char gGuardRecord[RECORD_BYTES];
static volatile uint32_t gFed = 0;
static uint32_t gFedSeen;
static int gMisses;

/* Leaves for boot-memory.ts what it was given. */
static void keepGuardRecord(void)
{
#if SOC_RTC_MEM_SUPPORTED
	keepRecord(gGuardRecord);
#else
	nvs_handle_t nvs;

	/* As the module preference keeps a string. */
	if ((gGuardRecord[0] == 0) || (nvs_open("reattach", NVS_READWRITE, &nvs) != ESP_OK))
		return;
	nvs_set_str(nvs, "boot", gGuardRecord);
	nvs_commit(nvs);
	nvs_close(nvs);
#endif
}

/* In the task of ESP-IDF's timers, above the main VM and whatever keeps it busy. */
static void look(void *unused)
{
	(void)unused;
	gMisses = (gFed == gFedSeen) ? gMisses + 1 : 0;
	gFedSeen = gFed;
	if (gMisses < GUARD_LOOKS)
		return;
	keepGuardRecord();
	esp_restart();
}

void xs_reattach_guard(xsMachine *the)
{
	xsUnsignedValue ms = xsmcToUnsigned(xsArg(0));
	const esp_timer_create_args_t timer = { .callback = look, .name = "reattach" };

	if ((gGuard == NULL) && (esp_timer_create(&timer, &gGuard) != ESP_OK))
		xsUnknownError("guard: no timer");
	/* An error says that it was not running. The record is the timer's while it runs. */
	(void)esp_timer_stop(gGuard);
	xsmcToStringBuffer(xsArg(1), gGuardRecord, sizeof(gGuardRecord));
	gMisses = 0;
	if ((ms != 0) && (esp_timer_start_periodic(gGuard, (uint64_t)ms * 1000 / GUARD_LOOKS) != ESP_OK))
		xsUnknownError("guard: the timer does not start");
}

void xs_reattach_feed(xsMachine *the)
{
	(void)the;
	gFed += 1;
}
#else
void xs_reattach_guard(xsMachine *the)
{
	(void)the;
}

void xs_reattach_feed(xsMachine *the)
{
	(void)the;
}
#endif
