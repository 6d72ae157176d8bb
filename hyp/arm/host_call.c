// SPDX-License-Identifier: BSD-2-Clause
/* The host's calls, except those that run a vCPU. */
#include "hyp/arm/hyp_internal.h"

struct hyp_config hyp_config;

/*
 * Drops the stage 1 and 2 TLB entries of one VMID on all CPUs. TLBIALLIS works
 * on the current VMID. The first DSB orders the change of the tables before it,
 * the second waits until it is complete.
 */
static uint32_t host_call_flush_vmid(uint64_t vttbr)
{
	dsb_ish();
	write_vttbr(vttbr);
	isb();
	write_tlbiallis(0);
	dsb_ish();
	isb();
	write_vttbr(0);
	isb();
	return 0;
}

static uint32_t host_call_flush_hyp(void)
{
	dsb_ish();
	write_tlbiallhis(0);
	dsb_ish();
	isb();
	return 0;
}

/*
 * Drops the TLB entries of all VMIDs on all CPUs. Instruction caches may be tagged
 * by VMID as well (CTR.L1Ip).
 */
static uint32_t host_call_flush_guests(void)
{
	dsb_ish();
	write_tlbiallnsnhis(0);
	write_icialluis(0);
	dsb_ish();
	isb();
	return 0;
}

uint32_t hyp_host_call(uint32_t call, uint32_t a, uint32_t b)
{
	switch (call) {
	case HYP_CALL_FLUSH_VMID:
		return host_call_flush_vmid(a | (uint64_t)b << 32);
	case HYP_CALL_FLUSH_HYP:
		return host_call_flush_hyp();
	case HYP_CALL_FLUSH_GUESTS:
		return host_call_flush_guests();
	case HYP_CALL_CLEAN:
		return hyp_clean((struct hyp_cpu *)read_htpidr(), a, b);
	default:
		return HVC_STUB_ERR;
	}
}
