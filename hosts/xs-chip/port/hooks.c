/*
 * What FreeRTOS calls on every chip, and how a run ends when the machine is to blame.
 */
#include "machine.h"
#include "trace.h"
#include <semihost.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

void endMachine(int code)
{
	for (;;)
		sys_semihost_exit_extended(code);
}

void failMachine(int code, const char* format, ...)
{
	static bool hasFailed = false;
	va_list arguments;
	stopThreads();
	if (hasFailed)
		endMachine(code);
	hasFailed = true;
	fprintf(stderr, "xs-chip: task %s: ", accountName());
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputs("\n", stderr);
	flushConsole();
	tellTrace(nameOfPlace);
	reportAccounts();
	flushConsole();
	endMachine(code);
}

void failAssert(const char* file, int line)
{
	failMachine(MACHINE_ASSERTION, "FreeRTOS: %s:%d", file, line);
}

void vApplicationStackOverflowHook(TaskHandle_t task, char* name)
{
	(void)task;
	(void)name;
	failMachine(MACHINE_STACK_FULL, "the native stack is full");
}

char* stackOf(TaskHandle_t task)
{
	TaskStatus_t info;
	vTaskGetInfo(task, &info, pdFALSE, eReady);
	return (char*)info.pxStackBase;
}
