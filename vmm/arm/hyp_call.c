// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls into HYP from CPUs on which it may not be ours.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/smp.h>

#include "vmm/arm/hyp_call.h"

struct cpumask hyp_taken;
enum erratum_798181 hyp_erratum_798181;

struct call {
	u32 fn, a, b;
};

static void hyp_call_run(void *arg)
{
	const struct call *call = arg;

	hyp_call(call->fn, call->a, call->b);
}

void hyp_call_anywhere(u32 fn, u32 a, u32 b)
{
	struct call call = { fn, a, b };

	if (hyp_call(fn, a, b) == HVC_STUB_ERR)
		smp_call_function_any(&hyp_taken, hyp_call_run, &call, true);
}

void hyp_clean_pages(phys_addr_t pa, size_t len)
{
	u32 pfn = PHYS_PFN(pa), end = PHYS_PFN(pa + len);

	/* HYP runs with interrupts off, so each call cleans only this much. */
	for (; pfn < end; pfn += HYP_WINDOW)
		hyp_call_anywhere(HYP_CALL_CLEAN, pfn,
				  min_t(u32, end - pfn, HYP_WINDOW));
}

static void hyp_call_barrier(void *unused)
{
	dsb(ish);
}

/*
 * Cortex-A15 erratum 798181: when the first flush is complete, other CPUs may
 * still access memory by the entries that it invalidated.
 */
void hyp_flush(u32 fn, u32 a, u32 b)
{
	hyp_call_anywhere(fn, a, b);
	if (hyp_erratum_798181 == ERRATUM_798181_NOT)
		return;
	hyp_call_anywhere(fn, a, b);
	if (hyp_erratum_798181 == ERRATUM_798181_IPI)
		smp_call_function(hyp_call_barrier, NULL, 1);
}
