/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry of the first CPU, in the state of the Arm boot protocol (SVC, MMU and
 * data cache off), and of the CPUs that PSCI starts.
 */
	.syntax unified
	.arch armv7ve
	.arm

	.section .text.start, "ax"
	.globl	_start
	.type	_start, %function
_start:
	ldr	r4, =boot_regs
	stm	r4, {r0-r2}
	mrs	r5, cpsr
	str	r5, [r4, #12]
	mrc	p15, 0, r5, c1, c0, 0		@ SCTLR
	str	r5, [r4, #16]
	cpsid	aif, #0x13
	ldr	r0, =bss_start
	ldr	r1, =bss_end
	mov	r2, #0
1:	cmp	r0, r1
	strlo	r2, [r0], #4
	blo	1b
	ldr	sp, =stacks + STACK_SIZE
	bl	set_vectors
	bl	main
	bl	finish

	/* r0 is the context id, a struct cpu_start of smp.c. */
	.globl	secondary_entry
	.type	secondary_entry, %function
secondary_entry:
	cpsid	aif, #0x13
	ldr	sp, [r0]
	mov	r4, r0
	bl	set_vectors
	mov	r0, r4
	bl	secondary_main
	b	.

	.globl	set_vectors
	.type	set_vectors, %function
set_vectors:
	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0		@ VBAR
	isb
	bx	lr

	.data
	.balign	4
	.globl	boot_regs
boot_regs:
	.space	20				@ r0-r2, CPSR, SCTLR at entry

	.bss
	.balign	16
	.globl	stacks
stacks:
	.space	8 * STACK_SIZE

	.section .note.GNU-stack, "", %progbits
