/*
 * What the machine tells at the end, for --machine-reports: how deep each native stack has been,
 * and how much memory was in use. Lines of JSON, behind "machine: ".
 */
#include "machine.h"
#include <stdio.h>
#include <string.h>

#define NOTES_MAX 32
#define TASKS_MAX 24

/* Of all tasks of one name: the deepest. */
typedef struct {
	char name[configMAX_TASK_NAME_LEN];
	size_t bytes;
	size_t unused;
} Note;

int machineReports = 0;
static Note notes[NOTES_MAX] __attribute__((section(".bss.tools")));
static TaskStatus_t states[TASKS_MAX] __attribute__((section(".bss.tools")));
static int noteCount = 0;
extern char __ram_heap[], __data_start[];

void noteStack(const char* name, size_t bytes, size_t unused)
{
	Note* note = notes;
	vTaskSuspendAll();
	while (note < notes + noteCount && strcmp(note->name, name) != 0)
		note++;
	if (note == notes + noteCount && noteCount < NOTES_MAX) {
		noteCount++;
		strcpy(note->name, name);
		note->unused = bytes;
	}
	if (note < notes + NOTES_MAX) {
		note->bytes = bytes;
		if (unused < note->unused)
			note->unused = unused;
	}
	xTaskResumeAll();
}

void reportMachine(void)
{
	UBaseType_t count;
	if (!machineReports)
		return;
	count = uxTaskGetSystemState(states, TASKS_MAX, NULL);
	for (UBaseType_t i = 0; i < count; i++)
		noteStack(states[i].pcTaskName, sizeOfBlock(states[i].pxStackBase),
			states[i].usStackHighWaterMark * sizeof(StackType_t));
	for (int i = 0; i < noteCount; i++)
		fprintf(stderr, "machine: {\"stack\":\"%s\",\"used\":%u,\"of\":%u}\n", notes[i].name,
			(unsigned)(notes[i].bytes - notes[i].unused), (unsigned)notes[i].bytes);
	fprintf(stderr, "machine: {\"ram\":%u,\"static\":%u,\"now\":%u,\"peak\":%u,\"image\":%u}\n",
		(unsigned)ramBytes(), (unsigned)(__ram_heap - __data_start),
		(unsigned)ramUsed(), (unsigned)ramPeak(), (unsigned)imageUsed());
}
