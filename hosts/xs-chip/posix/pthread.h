/*
 * As much of POSIX threads as hosts/xs-test uses, over FreeRTOS.
 */
#ifndef CHIP_PTHREAD_H
#define CHIP_PTHREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

typedef struct Thread Thread;
typedef Thread* pthread_t;
typedef struct { void* semaphore; } pthread_mutex_t;
typedef struct { Thread* first; } pthread_cond_t;
typedef struct { void* address; size_t bytes; } pthread_attr_t;
typedef int pthread_condattr_t;
#define PTHREAD_MUTEX_INITIALIZER { NULL }

int pthread_mutex_init(pthread_mutex_t* mutex, const void* attributes);
int pthread_mutex_destroy(pthread_mutex_t* mutex);
int pthread_mutex_lock(pthread_mutex_t* mutex);
int pthread_mutex_unlock(pthread_mutex_t* mutex);

int pthread_condattr_init(pthread_condattr_t* attributes);
int pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock);
int pthread_condattr_destroy(pthread_condattr_t* attributes);
int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes);
int pthread_cond_destroy(pthread_cond_t* condition);
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex);
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
	const struct timespec* until);
int pthread_cond_signal(pthread_cond_t* condition);
int pthread_cond_broadcast(pthread_cond_t* condition);

pthread_t pthread_self(void);
int pthread_detach(pthread_t thread);
int pthread_attr_init(pthread_attr_t* attributes);
int pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes);
int pthread_attr_getstack(const pthread_attr_t* attributes, void** address, size_t* bytes);
int pthread_attr_destroy(pthread_attr_t* attributes);

/* ---- not POSIX ---- */

typedef struct {
	const char* name;
	int priority;
	size_t stackBytes;
} ThreadPlan;

/* An errno, or 0. */
int createThread(pthread_t* thread, const ThreadPlan* plan, void* (*code)(void*), void* argument);
void waitForThread(pthread_t thread);

/* Deletes it wherever it is. True: it held a mutex. */
bool eraseThread(pthread_t thread);

#endif
