/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot page: the way into HYP mode with the MMU on, and back to the
 * kernel's stub (docs/takeover.md).
 *
 * The stub jumps to a physical address with the MMU off. So this code runs from
 * a page of its own in low memory, to which vmm copies hyp_boot_start to
 * hyp_boot_end. The boot tables map that page twice, at its physical and at its
 * kernel address. HYP's final tables map it at the kernel address alone,
 * because its physical address could equal the virtual address of a module.
 */
#include "hyp/arm/asm.h"

	.section .hyp.boot, "ax"
	.arm

	.global hyp_boot_start
hyp_boot_start:
	b	enter
	b	leave

	/* struct hyp_boot_params, filled in by vmm. */
params:
	.space	HYP_BOOT_PARAMS_SIZE

/*
 * HYP mode, MMU off, exceptions masked. r2: struct hyp_cpu (virtual address).
 * Clobbers r0-r7, r12 (see hyp_cpu_enter() in vmm).
 */
enter:
	adr	r3, params
	mrc	p15, 4, r4, c12, c0, 0		@ HVBAR: the stub's
	mrc	p15, 4, r5, c1, c0, 0		@ HSCTLR: the stub's
	ldrd	r6, r7, [r3, #HYP_BOOT_BOOT_HTTBR]
	mcrr	p15, 4, r6, r7, c2		@ HTTBR
	ldr	r6, [r3, #HYP_BOOT_HTCR]
	mcr	p15, 4, r6, c2, c0, 2		@ HTCR
	ldr	r6, [r3, #HYP_BOOT_HMAIR0]
	mcr	p15, 4, r6, c10, c2, 0		@ HMAIR0
	@ An earlier owner of HYP may have left entries in the TLB and in the
	@ instruction cache: they must go before the MMU is on.
	mcr	p15, 4, r6, c8, c7, 0		@ TLBIALLH
	mcr	p15, 0, r6, c7, c5, 0		@ ICIALLU
	dsb	sy
	isb
	ldr	r6, [r3, #HYP_BOOT_HSCTLR]
	mcr	p15, 4, r6, c1, c0, 0		@ HSCTLR
	isb
	@ Jump from the page's physical address to its kernel address.
	ldr	r6, [r3, #HYP_BOOT_VA]
	add	r6, r6, #(1f - hyp_boot_start)
	bx	r6
1:	ldr	r3, [r3, #HYP_BOOT_VA]
	add	r3, r3, #(params - hyp_boot_start)
	ldrd	r6, r7, [r3, #HYP_BOOT_HTTBR]
	mcrr	p15, 4, r6, r7, c2		@ HTTBR
	isb
	mcr	p15, 4, r6, c8, c7, 0		@ TLBIALLH
	dsb	sy
	isb
	ldr	r6, [r3, #HYP_BOOT_INIT]
	bx	r6

/*
 * Entered at the kernel's address of this page. r0: which call of the stub the
 * host made (HVC_SET_VECTORS, HVC_SOFT_RESTART, HVC_RESET_VECTORS), r1: its
 * argument, r2: the stub's HVBAR, r3: the stub's HSCTLR.
 */
leave:
	adr	r12, params
	@ The boot tables do not map the stack, so two registers that are
	@ otherwise used only by faults keep r4 and r5.
	mcr	p15, 4, r4, c6, c0, 0		@ HDFAR
	mcr	p15, 4, r5, c6, c0, 2		@ HIFAR
	ldrd	r4, r5, [r12, #HYP_BOOT_BOOT_HTTBR]
	mcrr	p15, 4, r4, r5, c2		@ HTTBR
	mrc	p15, 4, r4, c6, c0, 0		@ HDFAR
	mrc	p15, 4, r5, c6, c0, 2		@ HIFAR
	isb
	mcr	p15, 4, r12, c8, c7, 0		@ TLBIALLH
	dsb	sy
	isb
	ldr	r12, [r12, #HYP_BOOT_PA]
	add	r12, r12, #(1f - hyp_boot_start)
	bx	r12
1:	mcr	p15, 4, r3, c1, c0, 0		@ HSCTLR: MMU off
	isb
	mcr	p15, 4, r3, c8, c7, 0		@ TLBIALLH
	dsb	sy
	isb
	cmp	r0, #HVC_SET_VECTORS
	moveq	r2, r1
	mcr	p15, 4, r2, c12, c0, 0		@ HVBAR
	isb
	cmp	r0, #HVC_SOFT_RESTART
	bxeq	r1
	mov	r0, #0
	eret

	.global hyp_boot_end
hyp_boot_end:
