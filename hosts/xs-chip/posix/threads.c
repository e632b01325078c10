/*
 * POSIX threads over FreeRTOS: a thread is a task, which sleeps on its notification; a mutex is
 * FreeRTOS's, with priority inheritance; a condition is a list of threads. The waiter of the
 * highest priority is woken first, as FreeRTOS does it.
 *
 * A thread may be deleted wherever it is. What FreeRTOS does then is done here: it is taken out of
 * the list that it waits in, and a mutex that it holds stays locked for ever.
 */
#include "FreeRTOS.h"
#include "task.h"
#include "semphr.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "machine.h"
#include "pthread.h"

/* XS on Linux stops so far above the end of a stack; on an ESP32, 512 bytes above it. */
#define XS_LINUX_MARGIN (128 * 1024)
#define ESP32_MARGIN 512

/* In a mailbox, in the list of waiters, on the console: nobody has more at a time. */
#define MUTEXES_MAX 4

struct Thread {
	TaskHandle_t task;
	void* (*code)(void*);
	void* argument;
	Account* account;
	bool isDetached;
	volatile bool hasEnded;
	TaskHandle_t joiner;            /* who waits for its end */
	SemaphoreHandle_t mutexes[MUTEXES_MAX];     /* that it holds, takes or gives: see holds() */
	pthread_cond_t* condition;      /* where it is queued; guarded by a critical section */
	Thread* next;
};

pthread_t pthread_self(void)
{
	return pvTaskGetThreadLocalStoragePointer(NULL, 0);
}

/* Before the scheduler runs there is nobody else, and a lock of FreeRTOS would start interrupts. */
static bool isAlone(void)
{
	return xTaskGetSchedulerState() == taskSCHEDULER_NOT_STARTED;
}

static void* createMutex(void)
{
	void* mutex = xSemaphoreCreateMutex();
	if (!mutex)
		failMachine(MACHINE_NO_MEMORY, "no memory for a mutex");
	return mutex;
}

static SemaphoreHandle_t semaphoreOf(pthread_mutex_t* mutex)
{
	vTaskSuspendAll();
	if (!mutex->semaphore)
		mutex->semaphore = createMutex();
	xTaskResumeAll();
	return mutex->semaphore;
}

int pthread_mutex_init(pthread_mutex_t* mutex, const void* attributes)
{
	(void)attributes;
	mutex->semaphore = createMutex();
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t* mutex)
{
	if (mutex->semaphore)
		vSemaphoreDelete(mutex->semaphore);
	return 0;
}

static void replace(Thread* thread, SemaphoreHandle_t old, SemaphoreHandle_t fresh)
{
	int i = 0;
	while (i < MUTEXES_MAX && thread->mutexes[i] != old)
		i++;
	configASSERT(i < MUTEXES_MAX);
	thread->mutexes[i] = fresh;
}

/* A thread can be deleted between two instructions: whose a mutex is, FreeRTOS alone knows. */
static bool holds(const Thread* thread)
{
	for (int i = 0; i < MUTEXES_MAX; i++) {
		if (thread->mutexes[i] && xSemaphoreGetMutexHolder(thread->mutexes[i]) == thread->task)
			return true;
	}
	return false;
}

int pthread_mutex_lock(pthread_mutex_t* mutex)
{
	if (isAlone())
		return 0;
	replace(pthread_self(), NULL, semaphoreOf(mutex));
	xSemaphoreTake(mutex->semaphore, portMAX_DELAY);
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t* mutex)
{
	if (isAlone())
		return 0;
	xSemaphoreGive(mutex->semaphore);
	replace(pthread_self(), mutex->semaphore, NULL);
	return 0;
}

int pthread_condattr_init(pthread_condattr_t* attributes)
{
	*attributes = 0;
	return 0;
}

/* There is one clock. */
int pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock)
{
	(void)attributes;
	(void)clock;
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t* attributes)
{
	(void)attributes;
	return 0;
}

int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes)
{
	(void)attributes;
	condition->first = NULL;
	return 0;
}

int pthread_cond_destroy(pthread_cond_t* condition)
{
	return condition->first ? EBUSY : 0;
}

static void unqueue(Thread* thread)
{
	Thread** address = &thread->condition->first;
	while (*address != thread)
		address = &(*address)->next;
	*address = thread->next;
	thread->condition = NULL;
}

/* A notification may be an old one: the thread is awake when it is in no list any more. */
static int waitFor(pthread_cond_t* condition, pthread_mutex_t* mutex, TickType_t ticks)
{
	Thread* me = pthread_self();
	TimeOut_t start;
	bool isLate = false;
	taskENTER_CRITICAL();
	me->condition = condition;
	me->next = condition->first;
	condition->first = me;
	taskEXIT_CRITICAL();
	pthread_mutex_unlock(mutex);
	vTaskSetTimeOutState(&start);
	while (*(pthread_cond_t* volatile*)&me->condition && !xTaskCheckForTimeOut(&start, &ticks))
		ulTaskNotifyTake(pdTRUE, ticks);
	taskENTER_CRITICAL();
	isLate = me->condition != NULL;
	if (isLate)
		unqueue(me);
	taskEXIT_CRITICAL();
	pthread_mutex_lock(mutex);
	return isLate ? ETIMEDOUT : 0;
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex)
{
	return waitFor(condition, mutex, portMAX_DELAY);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
	const struct timespec* until)
{
	return waitFor(condition, mutex, ticksUntil(until));
}

int pthread_cond_signal(pthread_cond_t* condition)
{
	Thread* best = NULL;
	taskENTER_CRITICAL();
	for (Thread* each = condition->first; each; each = each->next) {
		/* Of equals the first that came: the list is turned round. */
		if (!best || uxTaskPriorityGet(each->task) >= uxTaskPriorityGet(best->task))
			best = each;
	}
	if (best) {
		unqueue(best);
		xTaskNotifyGive(best->task);
	}
	taskEXIT_CRITICAL();
	return 0;
}

int pthread_cond_broadcast(pthread_cond_t* condition)
{
	while (condition->first)
		pthread_cond_signal(condition);
	return 0;
}

int pthread_attr_init(pthread_attr_t* attributes)
{
	*attributes = (pthread_attr_t){ NULL, 0 };
	return 0;
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes)
{
	attributes->address = stackOf(thread->task) + ESP32_MARGIN - XS_LINUX_MARGIN;
	attributes->bytes = XS_LINUX_MARGIN;
	return 0;
}

int pthread_attr_getstack(const pthread_attr_t* attributes, void** address, size_t* bytes)
{
	*address = attributes->address;
	*bytes = attributes->bytes;
	return 0;
}

int pthread_attr_destroy(pthread_attr_t* attributes)
{
	(void)attributes;
	return 0;
}

static void runThread(void* it)
{
	Thread* me = it;
	bool isDetached;
	(*me->code)(me->argument);
	closeAccount(me->task);
	/* From here on it may be freed. */
	taskENTER_CRITICAL();
	isDetached = me->isDetached;
	me->hasEnded = true;
	if (me->joiner)
		xTaskNotifyGive(me->joiner);
	taskEXIT_CRITICAL();
	if (isDetached)
		free(me);
	vTaskDelete(NULL);
}

int createThread(pthread_t* thread, const ThreadPlan* plan, void* (*code)(void*), void* argument)
{
	Account* account = openAccount(plan->name, plan->stackBytes);
	Account* payer;
	Thread* it = calloc(1, sizeof(Thread));
	BaseType_t isMade;
	if (!it) {
		cancelAccount(account);
		return ENOMEM;
	}
	moveBlock(it, account);
	it->account = account;
	it->code = code;
	it->argument = argument;
	/* It does not run before it has its thread. */
	vTaskSuspendAll();
	payer = payFor(account);
	isMade = xTaskCreate(runThread, plan->name, plan->stackBytes / sizeof(StackType_t), it,
		plan->priority, &it->task);
	(void)payFor(payer);
	if (isMade == pdPASS) {
		giveAccount(account, it->task);
		vTaskSetThreadLocalStoragePointer(it->task, 0, it);
		*thread = it;
	}
	xTaskResumeAll();
	if (isMade != pdPASS) {
		free(it);
		cancelAccount(account);
	}
	return (isMade == pdPASS) ? 0 : ENOMEM;
}

Account* accountOfThread(pthread_t thread)
{
	return thread->account;
}

int pthread_detach(pthread_t thread)
{
	bool hasEnded;
	taskENTER_CRITICAL();
	hasEnded = thread->hasEnded;
	thread->isDetached = true;
	taskEXIT_CRITICAL();
	if (hasEnded)
		free(thread);
	return 0;
}

void waitForThread(pthread_t thread)
{
	bool hasEnded;
	taskENTER_CRITICAL();
	thread->joiner = xTaskGetCurrentTaskHandle();
	hasEnded = thread->hasEnded;
	taskEXIT_CRITICAL();
	while (!hasEnded) {
		ulTaskNotifyTake(pdTRUE, portMAX_DELAY);
		hasEnded = thread->hasEnded;
	}
	free(thread);
}

bool eraseThread(pthread_t thread)
{
	bool hadLock;
	vTaskSuspendAll();
	hadLock = holds(thread);
	if (!thread->hasEnded) {
		closeAccount(thread->task);
		if (thread->condition)
			unqueue(thread);
		vTaskDelete(thread->task);
	}
	xTaskResumeAll();
	free(thread);
	return hadLock;
}
