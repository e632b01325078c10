/*
 * FreeRTOS on rv32: machine mode, one hart with a CLINT (QEMU's "virt").
 */
#ifndef PORTMACRO_H
#define PORTMACRO_H

#include <stddef.h>
#include <stdint.h>

#define portSTACK_TYPE uint32_t
#define portBASE_TYPE long
typedef portSTACK_TYPE StackType_t;
typedef long BaseType_t;
typedef unsigned long UBaseType_t;
typedef uint32_t TickType_t;

#define portMAX_DELAY ((TickType_t)0xffffffffUL)
#define portTICK_TYPE_IS_ATOMIC 1
#define portSTACK_GROWTH (-1)
#define portTICK_PERIOD_MS ((TickType_t)1000 / configTICK_RATE_HZ)
#define portBYTE_ALIGNMENT 16
#define portPOINTER_SIZE_TYPE uint32_t

void vPortEnterCritical(void);
void vPortExitCritical(void);
#define portYIELD() __asm volatile("ecall" ::: "memory")
#define portYIELD_FROM_ISR(isNeeded) do { if (isNeeded) vTaskSwitchContext(); } while (0)
#define portDISABLE_INTERRUPTS() __asm volatile(CSR("csrci mstatus, 8") ::: "memory")
#define portENABLE_INTERRUPTS() __asm volatile(CSR("csrsi mstatus, 8") ::: "memory")
#define portENTER_CRITICAL() vPortEnterCritical()
#define portEXIT_CRITICAL() vPortExitCritical()
#define portSET_INTERRUPT_MASK_FROM_ISR() 0
#define portCLEAR_INTERRUPT_MASK_FROM_ISR(mask) (void)(mask)
#define portTASK_FUNCTION_PROTO(function, it) void function(void* it)
#define portTASK_FUNCTION(function, it) void function(void* it)

#endif
