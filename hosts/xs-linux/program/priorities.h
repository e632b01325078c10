/*
 * FreeRTOS's priorities on Linux: strict ones, on one core (taskset). Without the switch
 * --priorities all threads are alike, as Linux has them.
 */
#ifndef PRIORITIES_H
#define PRIORITIES_H

#include <pthread.h>
#include <stdbool.h>

/* Moddable's choice on an ESP32, and that of hosts/moddable/native.c. */
#define MAIN_PRIORITY 4
#define GUARDIAN_PRIORITY 5

/* False: another switch. */
bool readPriorities(const char* word);

/* For a thread that is about to be created. */
void planPriority(pthread_attr_t* attributes, int priority);

/* For the calling thread. Ends the run where the process may not have any. */
void takePriority(int priority);

#endif
