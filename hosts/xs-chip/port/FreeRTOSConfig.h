/*
 * FreeRTOS as ESP-IDF sets it for one core: preemptive, strict priorities, slices within one.
 * What a chip's port wants beside that is in its chip.h.
 */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#include "chip.h"

void failAssert(const char* file, int line);

/* program/accounts.c */
extern _Bool machineAccounts;
void leaveAccount(void);
void enterAccount(void);
#define traceTASK_SWITCHED_OUT() do { if (machineAccounts) leaveAccount(); } while (0)
#define traceTASK_SWITCHED_IN() \
	do { CHIP_SWITCHED_IN(); if (machineAccounts) enterAccount(); } while (0)

#define configUSE_PREEMPTION 1
#define configUSE_TIME_SLICING 1
#define configUSE_PORT_OPTIMISED_TASK_SELECTION 0
#define configUSE_IDLE_HOOK 1
#define configUSE_TICK_HOOK 0
#define configUSE_16_BIT_TICKS 0
#define configIDLE_SHOULD_YIELD 1
#define configTICK_RATE_HZ ((TickType_t)1000)
#define configMAX_PRIORITIES 8
#define configMINIMAL_STACK_SIZE ((unsigned short)256)
#define configMAX_TASK_NAME_LEN 16
#define configUSE_MUTEXES 1
#define configUSE_COUNTING_SEMAPHORES 0
#define configUSE_TASK_NOTIFICATIONS 1
#define configUSE_CO_ROUTINES 0
#define configUSE_TIMERS 0
#define configUSE_TRACE_FACILITY 1
#define configQUEUE_REGISTRY_SIZE 0
#define configCHECK_FOR_STACK_OVERFLOW 2
#define configUSE_MALLOC_FAILED_HOOK 0
#define configSUPPORT_DYNAMIC_ALLOCATION 1
#define configNUM_THREAD_LOCAL_STORAGE_POINTERS 2
#define configASSERT(x) do { if (!(x)) failAssert(__FILE__, __LINE__); } while (0)

#define INCLUDE_vTaskPrioritySet 1
#define INCLUDE_uxTaskPriorityGet 1
#define INCLUDE_vTaskDelete 1
#define INCLUDE_vTaskSuspend 1
#define INCLUDE_vTaskDelay 1
#define INCLUDE_vTaskDelayUntil 1
#define INCLUDE_xTaskGetSchedulerState 1
#define INCLUDE_eTaskGetState 1
#define INCLUDE_xSemaphoreGetMutexHolder 1
#define INCLUDE_xTaskGetCurrentTaskHandle 1

#endif
