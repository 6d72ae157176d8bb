/* SPDX-License-Identifier: BSD-2-Clause */
	.syntax unified
	.arch armv7ve
	.arm
	.text

	.macro	write_mode mode
	cps	#\mode
	ldr	sp, [r0], #4
	ldr	lr, [r0], #4
	ldr	r1, [r0], #4
	msr	spsr_cxsf, r1
	.endm

	.macro	read_mode mode
	cps	#\mode
	str	sp, [r0], #4
	str	lr, [r0], #4
	mrs	r1, spsr
	str	r1, [r0], #4
	.endm

	.globl	banked_write
	.type	banked_write, %function
banked_write:
	mrs	r2, cpsr
	cps	#0x1f
	ldr	sp, [r0], #4
	ldr	lr, [r0], #4
	write_mode 0x12
	write_mode 0x17
	write_mode 0x1b
	cps	#0x11
	ldm	r0!, {r8-r12}
	write_mode 0x11
	msr	cpsr_cxsf, r2
	bx	lr

	.globl	banked_read
	.type	banked_read, %function
banked_read:
	mrs	r2, cpsr
	cps	#0x1f
	str	sp, [r0], #4
	str	lr, [r0], #4
	read_mode 0x12
	read_mode 0x17
	read_mode 0x1b
	cps	#0x11
	stm	r0!, {r8-r12}
	read_mode 0x11
	msr	cpsr_cxsf, r2
	bx	lr

	.section .note.GNU-stack, "", %progbits
