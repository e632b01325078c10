# Reset, and the way in and out of a trap: a frame of 32 words on the stack of the task.
	.option arch, +zicsr
	.section .text.reset, "ax"
	.globl _start
_start:
	.option push
	.option norelax
	la gp, __global_pointer$
	.option pop
	la sp, __boot_stack
	la a0, __data_source
	la a1, __data_start
	la a2, __data_end
1:	bgeu a1, a2, 2f
	lw a3, 0(a0)
	sw a3, 0(a1)
	addi a0, a0, 4
	addi a1, a1, 4
	j 1b
2:	la a1, __bss_start
	la a2, __bss_end
3:	bgeu a1, a2, 4f
	sw zero, 0(a1)
	addi a1, a1, 4
	j 3b
4:	la tp, __tls_base
	la a0, trapEntry
	csrw mtvec, a0
	call startMachine
5:	j 5b

	.text
	.macro EACH op
	\op ra, 0(sp)
	\op t0, 4(sp)
	\op t1, 8(sp)
	\op t2, 12(sp)
	\op t3, 16(sp)
	\op t4, 20(sp)
	\op t5, 24(sp)
	\op t6, 28(sp)
	\op a0, 32(sp)
	\op a1, 36(sp)
	\op a2, 40(sp)
	\op a3, 44(sp)
	\op a4, 48(sp)
	\op a5, 52(sp)
	\op a6, 56(sp)
	\op a7, 60(sp)
	\op s0, 64(sp)
	\op s1, 68(sp)
	\op s2, 72(sp)
	\op s3, 76(sp)
	\op s4, 80(sp)
	\op s5, 84(sp)
	\op s6, 88(sp)
	\op s7, 92(sp)
	\op s8, 96(sp)
	\op s9, 100(sp)
	\op s10, 104(sp)
	\op s11, 108(sp)
	.endm

	.globl trapEntry
	.align 4
trapEntry:
	csrw mscratch, t0
	lw t0, lowestFrame
	bltu sp, t0, stackFull
	csrr t0, mscratch
	addi sp, sp, -128
	EACH sw
	csrr a0, mepc
	sw a0, 112(sp)
	csrr a0, mstatus
	sw a0, 116(sp)
	lw a0, criticalNesting
	sw a0, 120(sp)
	lw a3, pxCurrentTCB
	sw sp, 0(a3)
	csrr a0, mcause
	mv a1, sp
	csrr a2, mtval
	la sp, __trap_stack
	call handleTrap
leave:
	lw a3, pxCurrentTCB
	lw sp, 0(a3)
	lw a0, 112(sp)
	csrw mepc, a0
	lw a0, 116(sp)
	csrw mstatus, a0
	lw a0, 120(sp)
	sw a0, criticalNesting, a1
	EACH lw
	addi sp, sp, 128
	mret

stackFull:
	csrr a0, mepc
	mv a1, ra
	la sp, __trap_stack
	j failStack

	.globl startFirstTask
startFirstTask:
	csrci mstatus, 8
	li a0, 0x80
	csrw mie, a0
	j leave
