/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exchanges the PL1&0 registers of host and guest: one instruction for each
 * CP15 register, and one STM or LDM for as many as there are scratch registers.
 *
 * HYP has a translation regime of its own, which none of these registers
 * governs. Their order is therefore free, and the ERET into the other world is
 * the context synchronization event for all of them.
 *
 * All of the guest's registers are saved. Of the host's, some are dead. The
 * host is Linux inside an HVC in SVC mode with interrupts masked, so it neither
 * enters nor leaves an exception: LR and SPSR of IRQ, ABT, UND and FIQ mode,
 * SPSR_svc and the fault registers hold nothing. SP_usr and LR_usr of its
 * process are on its stack, and CSSELR and PAR are written before each use. All
 * other registers are saved each time, because the host does change them (6.12
 * writes TTBCR at run time).
 */
#include "hyp/arm/asm.h"

	.section .hyp.text, "ax"
	.arm
	.arch_extension virt

/* r0: struct arm_regs */
	.macro save_guest_banked
	mrs	r2, SP_usr
	str	r2, [r0, #REGS_SP_USR]
	mrs	r2, SP_svc
	mrs	r3, LR_svc
	mrs	r4, SPSR_svc
	mrs	r5, SP_abt
	mrs	r6, LR_abt
	mrs	r7, SPSR_abt
	mrs	r8, SP_und
	mrs	r9, LR_und
	mrs	r10, SPSR_und
	mrs	r11, SP_irq
	add	r12, r0, #REGS_SP_SVC
	stm	r12!, {r2-r11}
	mrs	r2, LR_irq
	mrs	r3, SPSR_irq
	mrs	r4, R8_fiq
	mrs	r5, R9_fiq
	mrs	r6, R10_fiq
	mrs	r7, R11_fiq
	mrs	r8, R12_fiq
	mrs	r9, SP_fiq
	mrs	r10, LR_fiq
	mrs	r11, SPSR_fiq
	stm	r12, {r2-r11}
	.endm

	.macro load_guest_banked
	ldr	r2, [r0, #REGS_SP_USR]
	msr	SP_usr, r2
	add	r12, r0, #REGS_SP_SVC
	ldm	r12!, {r2-r11}
	msr	SP_svc, r2
	msr	LR_svc, r3
	msr	SPSR_svc, r4
	msr	SP_abt, r5
	msr	LR_abt, r6
	msr	SPSR_abt, r7
	msr	SP_und, r8
	msr	LR_und, r9
	msr	SPSR_und, r10
	msr	SP_irq, r11
	ldm	r12, {r2-r11}
	msr	LR_irq, r2
	msr	SPSR_irq, r3
	msr	R8_fiq, r4
	msr	R9_fiq, r5
	msr	R10_fiq, r6
	msr	R11_fiq, r7
	msr	R12_fiq, r8
	msr	SP_fiq, r9
	msr	LR_fiq, r10
	msr	SPSR_fiq, r11
	.endm

/* r1: struct hyp_host; advanced past its banked registers */
	.macro save_host_banked
	mrs	r2, SP_svc
	mrs	r3, LR_svc
	mrs	r4, SP_abt
	mrs	r5, SP_und
	mrs	r6, SP_irq
	mrs	r7, R8_fiq
	mrs	r8, R9_fiq
	mrs	r9, R10_fiq
	mrs	r10, R11_fiq
	mrs	r11, R12_fiq
	mrs	r12, SP_fiq
	stm	r1!, {r2-r12}
	.endm

	.macro load_host_banked
	ldm	r1!, {r2-r12}
	msr	SP_svc, r2
	msr	LR_svc, r3
	msr	SP_abt, r4
	msr	SP_und, r5
	msr	SP_irq, r6
	msr	R8_fiq, r7
	msr	R9_fiq, r8
	msr	R10_fiq, r9
	msr	R11_fiq, r10
	msr	R12_fiq, r11
	msr	SP_fiq, r12
	.endm

/*
 * The CP15 registers of both worlds, in the order of struct arm_cp15 from
 * sctlr.
 */
	.macro read_common_cp15
	mrc	p15, 0, r2, c1, c0, 0		@ SCTLR
	mrc	p15, 0, r3, c1, c0, 2		@ CPACR
	mrc	p15, 0, r4, c2, c0, 2		@ TTBCR
	mrc	p15, 0, r5, c3, c0, 0		@ DACR
	mrc	p15, 0, r6, c10, c2, 0		@ PRRR, MAIR0
	mrc	p15, 0, r7, c10, c2, 1		@ NMRR, MAIR1
	mrc	p15, 0, r8, c10, c3, 0		@ AMAIR0
	mrc	p15, 0, r9, c10, c3, 1		@ AMAIR1
	mrc	p15, 0, r10, c12, c0, 0		@ VBAR
	mrc	p15, 0, r11, c13, c0, 1		@ CONTEXTIDR
	.endm

	.macro write_common_cp15
	mcr	p15, 0, r2, c1, c0, 0		@ SCTLR
	mcr	p15, 0, r3, c1, c0, 2		@ CPACR
	mcr	p15, 0, r4, c2, c0, 2		@ TTBCR
	mcr	p15, 0, r5, c3, c0, 0		@ DACR
	mcr	p15, 0, r6, c10, c2, 0		@ PRRR, MAIR0
	mcr	p15, 0, r7, c10, c2, 1		@ NMRR, MAIR1
	mcr	p15, 0, r8, c10, c3, 0		@ AMAIR0
	mcr	p15, 0, r9, c10, c3, 1		@ AMAIR1
	mcr	p15, 0, r10, c12, c0, 0		@ VBAR
	mcr	p15, 0, r11, c13, c0, 1		@ CONTEXTIDR
	.endm

	.macro read_thread_cp15
	mrc	p15, 0, r2, c13, c0, 2		@ TPIDRURW
	mrc	p15, 0, r3, c13, c0, 3		@ TPIDRURO
	mrc	p15, 0, r4, c13, c0, 4		@ TPIDRPRW
	mrc	p15, 0, r5, c14, c1, 0		@ CNTKCTL
	.endm

	.macro write_thread_cp15
	mcr	p15, 0, r2, c13, c0, 2		@ TPIDRURW
	mcr	p15, 0, r3, c13, c0, 3		@ TPIDRURO
	mcr	p15, 0, r4, c13, c0, 4		@ TPIDRPRW
	mcr	p15, 0, r5, c14, c1, 0		@ CNTKCTL
	.endm

/* r0: struct arm_cp15 */
	.macro save_guest_cp15
	add	r12, r0, #CP15_SCTLR
	mrrc	p15, 0, r2, r3, c2		@ TTBR0
	mrrc	p15, 1, r4, r5, c2		@ TTBR1
	mrrc	p15, 0, r6, r7, c7		@ PAR
	stm	r0, {r2-r7}
	read_common_cp15
	stm	r12!, {r2-r11}
	read_thread_cp15
	mrc	p15, 0, r6, c5, c0, 0		@ DFSR
	mrc	p15, 0, r7, c5, c0, 1		@ IFSR
	mrc	p15, 0, r8, c5, c1, 0		@ ADFSR
	mrc	p15, 0, r9, c5, c1, 1		@ AIFSR
	mrc	p15, 0, r10, c6, c0, 0		@ DFAR
	mrc	p15, 0, r11, c6, c0, 2		@ IFAR
	stm	r12!, {r2-r11}
	mrc	p15, 2, r2, c0, c0, 0		@ CSSELR
	str	r2, [r12]
	.endm

	.macro load_guest_cp15
	ldm	r0, {r2-r7}
	mcrr	p15, 0, r2, r3, c2		@ TTBR0
	mcrr	p15, 1, r4, r5, c2		@ TTBR1
	mcrr	p15, 0, r6, r7, c7		@ PAR
	add	r12, r0, #CP15_SCTLR
	ldm	r12!, {r2-r11}
	write_common_cp15
	ldm	r12!, {r2-r11}
	write_thread_cp15
	mcr	p15, 0, r6, c5, c0, 0		@ DFSR
	mcr	p15, 0, r7, c5, c0, 1		@ IFSR
	mcr	p15, 0, r8, c5, c1, 0		@ ADFSR
	mcr	p15, 0, r9, c5, c1, 1		@ AIFSR
	mcr	p15, 0, r10, c6, c0, 0		@ DFAR
	mcr	p15, 0, r11, c6, c0, 2		@ IFAR
	ldr	r2, [r12]
	mcr	p15, 2, r2, c0, c0, 0		@ CSSELR
	.endm

/* r1: struct hyp_host, past its banked registers */
	.macro save_host_cp15
	read_common_cp15
	stm	r1!, {r2-r11}
	read_thread_cp15
	mrrc	p15, 0, r6, r7, c2		@ TTBR0
	mrrc	p15, 1, r8, r9, c2		@ TTBR1
	stm	r1, {r2-r9}
	.endm

	.macro load_host_cp15
	ldm	r1!, {r2-r11}
	write_common_cp15
	ldm	r1, {r2-r9}
	write_thread_cp15
	mcrr	p15, 0, r6, r7, c2		@ TTBR0
	mcrr	p15, 1, r8, r9, c2		@ TTBR1
	.endm

/* void hyp_swap_to_guest(struct hyp_vcpu *vcpu, struct hyp_host *host) */
	.global hyp_swap_to_guest
hyp_swap_to_guest:
	push	{r4-r12, lr}
	save_host_banked
	save_host_cp15
	load_guest_banked
	add	r0, r0, #HYP_VCPU_CP15
	load_guest_cp15
	pop	{r4-r12, pc}

/* void hyp_swap_to_host(struct hyp_vcpu *vcpu, const struct hyp_host *host) */
	.global hyp_swap_to_host
hyp_swap_to_host:
	push	{r4-r12, lr}
	save_guest_banked
	add	r0, r0, #HYP_VCPU_CP15
	save_guest_cp15
	load_host_banked
	load_host_cp15
	pop	{r4-r12, pc}

/* void hyp_load_host(const struct hyp_host *host) */
	.global hyp_load_host
hyp_load_host:
	push	{r4-r12, lr}
	mov	r1, r0
	load_host_banked
	load_host_cp15
	pop	{r4-r12, pc}
