/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls into HYP.
 */
#ifndef VMM_ARM_HYP_CALL_H
#define VMM_ARM_HYP_CALL_H

#include <linux/cpumask.h>
#include <linux/types.h>
#include <asm/opcodes-virt.h>

#include "hyp/hyp.h"

/* The CPUs whose HYP is ours; hyp.c keeps it. */
extern struct cpumask hyp_taken;

/*
 * A call into HYP (hyp/hyp.h) by this CPU. HVC_STUB_ERR: HYP is not ours there,
 * which lasts from when a CPU comes online until its turn to be taken.
 */
static inline u32 hyp_call(u32 fn, u32 a, u32 b)
{
	register u32 r0 asm("r0") = fn;
	register u32 r1 asm("r1") = a;
	register u32 r2 asm("r2") = b;

	asm volatile(__HVC(0)
		     : "+r"(r0), "+r"(r1), "+r"(r2)
		     :
		     : "r3", "r12", "memory", "cc");
	return r0;
}

/*
 * Cleans and invalidates [pa, pa + len), whole pages of memory, in the data
 * caches, to the point of coherency; it is done when this returns. Any context.
 */
void hyp_clean_pages(phys_addr_t pa, size_t len);

/*
 * A call that may be made on any CPU: by this one, or if HYP is not ours here by
 * one where it is. It has been done when this returns, unless no CPU has HYP:
 * then there is no guest either, and taking HYP empties TLBs. Interrupts are on;
 * may be called with spinlocks held.
 */
void hyp_call_anywhere(u32 fn, u32 a, u32 b);

#endif /* VMM_ARM_HYP_CALL_H */
