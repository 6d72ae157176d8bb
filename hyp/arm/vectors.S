/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYP's two vector tables, and the way into a guest and out of it.
 *
 * One table is in use while the host runs, the other while a guest runs, so
 * that neither has to find out who trapped.
 *
 * While a guest runs, SP_hyp points to its struct hyp_vcpu: one STM saves its
 * registers, without a scratch register. C code in HYP runs on the CPU's own
 * stack. HTPIDR always holds struct hyp_cpu. HYP mode has no LR of its own; it
 * shares LR_usr.
 */
#include "hyp/arm/asm.h"

	.section .hyp.text, "ax"
	.arm

	.align	5
	.global hyp_host_vectors
hyp_host_vectors:
	b	fault_reset
	b	fault_und
	b	fault_hvc
	b	fault_pabt
	b	fault_dabt
	b	host_call
	b	fault_irq
	b	fault_fiq

	.align	5
	.global hyp_guest_vectors
hyp_guest_vectors:
	b	fault_reset
	b	fault_und
	b	fault_hvc
	b	fault_pabt
	b	fault_dabt
	b	guest_trap
	b	guest_irq
	b	guest_irq			@ FIQ: the host takes it as it can

/*
 * The vectors for a core on which HYP must invalidate the branch predictor
 * before its first branch. The entries of trap and IRQ therefore do not branch,
 * but fall through to the entry of FIQ, which invalidates it. Bit 0 of SP tells
 * a trap, which sets it, from an interrupt.
 */
	.macro forgetful name, opc2
	.align	5
	.global \name
\name:
	b	fault_reset
	b	fault_und
	b	fault_hvc
	b	fault_pabt
	b	fault_dabt
	add	sp, sp, #1			@ a trap
	nop					@ an IRQ
	mcr	p15, 0, r0, c7, c5, \opc2	@ a FIQ; the operand is ignored
	isb
	tst	sp, #1
	beq	guest_irq
	sub	sp, sp, #1
	b	guest_trap
	.endm

	forgetful hyp_guest_vectors_iciallu, 0
	forgetful hyp_guest_vectors_bpiall, 6

/*
 * Entered from the boot page, MMU on. r2: struct hyp_cpu, r4 and r5: the stub's
 * HVBAR and HSCTLR. Returns to the host.
 */
	.global hyp_init
hyp_init:
	str	r4, [r2, #HYP_CPU_STUB_HVBAR]
	str	r5, [r2, #HYP_CPU_STUB_HSCTLR]
	mcr	p15, 4, r2, c13, c0, 2		@ HTPIDR
	ldr	r0, =hyp_host_vectors
	mcr	p15, 4, r0, c12, c0, 0		@ HVBAR
	isb
	ldr	sp, [r2, #HYP_CPU_STACK]
	push	{r4, lr}
	mov	r0, r2
	bl	hyp_cpu_init
	pop	{r4, lr}
	mov	r0, #0
	eret

/* The host's HVC: r0 names the call. */
host_call:
	cmp	r0, #HYP_CALL_RUN
	beq	host_run
	bhi	1f
	@ The stub's calls: each of them gives HYP back.
	mrc	p15, 4, r12, c13, c0, 2		@ HTPIDR
	ldr	r2, [r12, #HYP_CPU_STUB_HVBAR]
	ldr	r3, [r12, #HYP_CPU_STUB_HSCTLR]
	ldr	r12, =hyp_config
	ldr	r12, [r12, #HYP_CONFIG_BOOT_LEAVE]
	bx	r12
1:	cmp	r0, #HYP_CALL_RUN_DEBUG		@ the last
	bhs	2f
	push	{r4, lr}
	bl	hyp_host_call
	pop	{r4, lr}
	eret
2:	beq	host_run_debug
	ldr	r0, =HVC_STUB_ERR
	eret

/*
 * Calls host_run as a subroutine of HYP. host_run returns by ERET to ELR_hyp
 * with SPSR_hyp, which here name an address in HYP mode. Other runs do not pay
 * for it.
 */
host_run_debug:
	push	{r4-r11, lr}
	mrs	r2, elr_hyp
	mrs	r3, spsr
	push	{r2, r3, r12}			@ r12 keeps the stack 8-aligned
	mov	r4, r1
	mov	r0, r1
	mrc	p15, 4, r1, c13, c0, 2		@ HTPIDR
	bl	hyp_debug_load
	mov	r1, r4
	adr	r2, debug_return
	msr	elr_hyp, r2
	mrs	r2, cpsr
	msr	spsr_cxsf, r2
	b	host_run

	@ r0: enum hyp_exit
debug_return:
	mov	r4, r0
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	bl	hyp_debug_restore
	mov	r0, r4
	pop	{r2, r3, r12}
	msr	elr_hyp, r2
	msr	spsr_cxsf, r3
	pop	{r4-r11, lr}
	eret

host_run:
	push	{r4-r11, lr}
	mrs	r2, elr_hyp
	mrs	r3, spsr
	push	{r2, r3, r12}			@ r12 keeps the stack 8-aligned
	mrc	p15, 4, r5, c13, c0, 2		@ HTPIDR
	mov	r4, r1
	str	sp, [r4, #HYP_VCPU_SP]
	mov	r0, r4
	mov	r1, r5
	bl	hyp_enter
	ldrd	r2, r3, [r4, #HYP_VCPU_PC]	@ and CPSR
	msr	elr_hyp, r2
	msr	spsr_cxsf, r3
	@ CLREX: no LDREX of HYP or of another vCPU may make the guest's
	@ STREX succeed. An LDREX of HYP after this is followed by a STREX.
	clrex

	@ r4: struct hyp_vcpu
guest_resume:
	ldr	lr, [r4, #HYP_VCPU_LR_USR]
	mov	sp, r4
	ldm	sp, {r0-r12}
	eret

	@ r0, r4: struct hyp_vcpu; SP: HYP's stack
	.macro guest_save
	stm	sp, {r0-r12}
	str	lr, [sp, #HYP_VCPU_LR_USR]
	mov	r4, sp
	ldr	sp, [sp, #HYP_VCPU_SP]
	mov	r0, r4
	.endm

guest_trap:
	guest_save
	mrc	p15, 4, r1, c5, c2, 0		@ HSR
	ldr	r2, =hyp_handlers
	lsr	r3, r1, #26			@ HSR.EC
	adr	lr, guest_handled
	ldr	pc, [r2, r3, lsl #2]

guest_irq:
	guest_save
	bl	hyp_irq

	@ r0: HYP_RESUME or enum hyp_exit
guest_handled:
	cmp	r0, #HYP_RESUME
	beq	guest_resume

	mrs	r2, elr_hyp
	mrs	r3, spsr
	strd	r2, r3, [r4, #HYP_VCPU_PC]	@ and CPSR
	mov	r6, r0
	mov	r0, r4
	bl	hyp_leave
	@ A store of the guest's may have caused an asynchronous abort that
	@ has not arrived yet; the host would take it for its own and die. DSB
	@ brings it in, and it is taken at the one instruction between the two
	@ labels.
	@ r0 to r3 are free, r4 is struct hyp_vcpu.
	dsb	sy
	isb
	cpsie	a
abort_window:
	isb
abort_window_end:
	cpsid	a
	mov	r0, r6
	mrc	p15, 4, r5, c13, c0, 2		@ HTPIDR

	@ A fault in HYP comes here as well, if a guest was loaded.
	@ r0: enum hyp_exit, r4: struct hyp_vcpu, r5: struct hyp_cpu
host_return:
	mov	r1, #0
	str	r1, [r5, #HYP_CPU_VCPU]
	ldr	r1, =hyp_host_vectors
	mcr	p15, 4, r1, c12, c0, 0		@ HVBAR
	ldr	sp, [r4, #HYP_VCPU_SP]
	pop	{r2, r3, r12}
	msr	elr_hyp, r2
	msr	spsr_cxsf, r3
	pop	{r4-r11, lr}
	clrex
	eret

/*
 * An exception that HYP itself took. Only HTPIDR can be trusted, not the stack
 * nor another register. HMAIR1 serves as scratch register: it defines the
 * attributes 4 to 7, which no descriptor of HYP uses.
 */
	.macro fault name, offset
\name:
	mcr	p15, 4, r0, c10, c2, 1		@ HMAIR1
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	ldr	r0, [r0, #HYP_CPU_FAULT]
	str	r1, [r0, #4]
	mov	r1, #\offset
	b	fault_common
	.endm

	fault	fault_reset, 0x00
	fault	fault_und, 0x04
	fault	fault_hvc, 0x08
	fault	fault_pabt, 0x0c
	fault	fault_irq, 0x18
	fault	fault_fiq, 0x1c

	@ A data abort: a fault of HYP's own, or, in the window of a full exit,
	@ the guest's asynchronous abort. HCR.VA passes that one on to the
	@ guest, and the full exit continues with aborts masked.
fault_dabt:
	mcr	p15, 4, r0, c10, c2, 1		@ HMAIR1
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	ldr	r0, [r0, #HYP_CPU_FAULT]
	str	r1, [r0, #4]
	mrs	r1, elr_hyp
	ldr	r0, =abort_window
	sub	r1, r1, r0
	cmp	r1, #abort_window_end - abort_window
	bls	guest_abort
	mrc	p15, 4, r0, c13, c0, 2		@ HTPIDR
	ldr	r0, [r0, #HYP_CPU_FAULT]
	mov	r1, #0x10
	b	fault_common

guest_abort:
	ldr	r1, [r4, #HYP_VCPU_HCR]
	orr	r1, r1, #HCR_VA
	str	r1, [r4, #HYP_VCPU_HCR]
	mrs	r1, spsr
	orr	r1, r1, #CPSR_A
	msr	spsr_cxsf, r1
	eret

fault_common:
	str	r1, [r0, #HYP_FAULT_VECTOR]
	str	sp, [r0, #HYP_FAULT_SP]
	str	lr, [r0, #HYP_FAULT_LR]
	mrc	p15, 4, r1, c10, c2, 1		@ HMAIR1
	str	r1, [r0]
	add	r1, r0, #8
	stm	r1, {r2-r12}
	mrs	r2, elr_hyp
	mrs	r3, spsr
	str	r2, [r0, #HYP_FAULT_ELR]
	str	r3, [r0, #HYP_FAULT_SPSR]
	mrc	p15, 4, r5, c13, c0, 2		@ HTPIDR
	add	r1, r5, #HYP_CPU_LAST_FAULT
	cmp	r0, r1
	bhs	hyp_stop
	add	r0, r0, #HYP_FAULT_SIZE
	str	r0, [r5, #HYP_CPU_FAULT]
	ldr	sp, [r5, #HYP_CPU_FAULT_STACK]
	ldr	r4, [r5, #HYP_CPU_VCPU]
	mov	r0, r5
	bl	hyp_fault
	cmp	r0, #0
	movne	r0, #HYP_EXIT_FAULT
	bne	host_return
	@ The host's own call faulted, or hyp_fault(): the host continues in the
	@ function that prints all faults.
	ldr	r1, =hyp_config
	ldr	r1, [r1, #HYP_CONFIG_HOST_FAULT]
	msr	elr_hyp, r1
	mov	r1, #HOST_FAULT_CPSR
	msr	spsr_cxsf, r1
	mov	r0, r5
	eret

	@ Nothing can be said from here. The host's other CPUs notice that this one
	@ does not answer.
	.global hyp_stop
hyp_stop:
	wfe
	b	hyp_stop

	.ltorg
