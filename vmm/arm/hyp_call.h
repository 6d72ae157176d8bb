/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls into HYP.
 */
#ifndef VMM_ARM_HYP_CALL_H
#define VMM_ARM_HYP_CALL_H

#include <linux/cpumask.h>
#include <linux/types.h>
#include <asm/opcodes-virt.h>

#include "core/arm/errata.h"
#include "hyp/arm/state.h"

/* The CPUs whose HYP mode vmm.ko has taken over; vmm/arm/hyp.c maintains it. */
extern struct cpumask hyp_taken;
/* What the worst of these CPUs needs after a flush; hyp.c maintains it. */
extern enum erratum_798181 hyp_erratum_798181;

/*
 * Makes the call fn (HYP_CALL_*, hyp/shared.h) to HYP on this CPU, and returns
 * its result. HVC_STUB_ERR: vmm.ko has not taken over HYP mode here, as on a
 * CPU that has just come online. The caller stays on this CPU.
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
 * Cleans and invalidates whole pages of memory [pa, pa + len) in the data
 * caches, to the point of coherency. It is complete when this returns.
 * Interrupts on.
 */
void hyp_clean_pages(phys_addr_t pa, size_t len);

/*
 * Makes a call to HYP that has the same effect from any CPU: on this CPU or, if
 * HYP is not ours here, on another. It is complete when this returns. If HYP is
 * ours on no CPU, nothing is done: then there is no guest either, and the
 * takeover invalidates the TLBs. Call it with interrupts on; spinlocks may be
 * held.
 */
void hyp_call_anywhere(u32 fn, u32 a, u32 b);

/*
 * The same as hyp_call_anywhere(), for HYP_CALL_FLUSH_VMID and
 * HYP_CALL_FLUSH_HYP: when it returns, no CPU accesses memory by the entries
 * that were flushed.
 */
void hyp_flush(u32 fn, u32 a, u32 b);

#endif /* VMM_ARM_HYP_CALL_H */
