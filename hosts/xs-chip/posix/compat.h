/*
 * What picolibc does not declare for a machine without a system. Every file includes it.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Shorter than elsewhere: some of them lie in RAM. */
#undef PATH_MAX
#define PATH_MAX 200
#ifndef CLOCK_MONOTONIC
#define CLOCK_MONOTONIC 4
#endif

int clock_gettime(clockid_t clock, struct timespec* time);
int nanosleep(const struct timespec* time, struct timespec* rest);
void flockfile(FILE* file);
void funlockfile(FILE* file);

/* What XS's parser calls in place of malloc: see program/heap.c. */
void* mallocForParser(size_t bytes);

#endif
