/*
 * The trace of Reattach, for a host whose run ends by a fault: trace.c.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdint.h>

/* A machine has attached to the arena that these are the words of. It lasts as long as the run. */
void noteArena(const int32_t* words);

/* Writes the last records to stderr, oldest first; nothing where there is no arena. Takes no lock
 * and no memory. `nameOf` gives the name of the task with this index in the arena. */
void tellTrace(const char* (*nameOf)(int index));

#endif
