/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exception vectors. Each saves a struct exception_frame on the SVC stack,
 * from whatever mode, and calls exception() in SVC mode.
 */
	.syntax unified
	.arch armv7ve
	.arm
	.text

	.balign	32
	.globl	vectors
vectors:
	b	.				@ reset: never taken here
	b	undefined
	b	svc
	b	prefetch_abort
	b	data_abort
	b	hyp_trap
	b	irq
	b	fiq

	.macro	entry name, number
\name:
	srsdb	sp!, #0x13
	cps	#0x13
	push	{r0-r12, lr}
	mov	r0, sp
	mov	r1, #\number
	mov	r4, sp
	bic	sp, sp, #7
	bl	exception
	mov	sp, r4
	pop	{r0-r12, lr}
	rfeia	sp!
	.endm

	entry	undefined, 1
	entry	svc, 2
	entry	prefetch_abort, 3
	entry	data_abort, 4
	entry	hyp_trap, 5
	entry	irq, 6
	entry	fiq, 7

/*
 * int trap_try(struct trap *): returns 0 when called; returns a second time,
 * with 1, after an exception. Offsets are those of struct trap.
 */
	.globl	trap_try
	.type	trap_try, %function
trap_try:
	mrs	r1, cpsr
	str	r1, [r0], #4
	stm	r0!, {r4-r11}
	str	sp, [r0], #4
	str	lr, [r0]
	mov	r0, #0
	bx	lr

/* void trap_return(struct trap *, void *frame_end): does not return. */
	.globl	trap_return
	.type	trap_return, %function
trap_return:
	mov	sp, r1
	ldr	r1, [r0], #4
	msr	cpsr_fsxc, r1
	ldm	r0!, {r4-r11}
	ldr	sp, [r0], #4
	ldr	lr, [r0]
	mov	r0, #1
	bx	lr

/*
 * int run_user(int (*fn)(void *), void *arg): runs fn(arg) in User mode on a
 * stack of its own; SVC brings its result back.
 */
	.globl	run_user
	.type	run_user, %function
run_user:
	push	{r4-r11, lr}
	mov	r2, r0
	mov	r0, r1
	cps	#0x1f				@ System: the User stack pointer
	ldr	sp, =user_stack + STACK_SIZE
	cps	#0x10
	blx	r2
	svc	#0
	.globl	user_done
user_done:
	.type	run_user_return, %function
	.globl	run_user_return
run_user_return:				@ r0 result, r1 end of the frame
	mov	sp, r1
	pop	{r4-r11, pc}

	.bss
	.balign	16
user_stack:
	.space	STACK_SIZE

	.section .note.GNU-stack, "", %progbits
