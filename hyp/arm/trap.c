// SPDX-License-Identifier: BSD-2-Clause
/*
 * The table of handlers for traps out of a guest. What HYP does not answer is a
 * full exit with the syndrome.
 */
#include "core/arm/cond.h"
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

__attribute__((noinline)) uint32_t hyp_skip_thumb_insn(uint32_t hsr)
{
	write_elr(read_elr() + (hsr & HSR_IL ? 4 : 2));
	write_spsr(arm_it_advance(read_spsr()));
	return HYP_RESUME;
}

uint32_t hyp_full_exit(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	vcpu->hsr = hsr;
	return HYP_EXIT_TRAP;
}

/*
 * VFP and NEON instructions trap as coprocessor 10 or 11, or with TA set (DDI
 * 0406C, HSR).
 */
static bool trap_is_vfp(uint32_t hsr)
{
	return (hsr & HSR_CP_TA) || HSR_CP_NUMBER(hsr) == 10 ||
	       HSR_CP_NUMBER(hsr) == 11;
}

static uint32_t trap_vfp(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	if (vcpu->vfp_loaded || !trap_is_vfp(hsr) || !hyp_vfp_to_guest(vcpu))
		return hyp_full_exit(vcpu, hsr);
	vcpu->fast[HYP_FAST_VFP]++;
	return HYP_RESUME;
}

hyp_handler_t hyp_handlers[64] = {
	[HSR_EC_CP15_32] = hyp_coproc,	[HSR_EC_CP15_64] = hyp_coproc_wide,
	[HSR_EC_CP14_32] = hyp_coproc,	[HSR_EC_CP14_64] = hyp_coproc_wide,
	[HSR_EC_CP10_ID] = hyp_coproc,	[HSR_EC_CP_0_13] = trap_vfp,
	[HSR_EC_HVC] = hyp_smccc,	[HSR_EC_PABT] = hyp_abort,
	[HSR_EC_DABT] = hyp_data_abort, [HSR_EC_WATCHPOINT] = hyp_abort,
};
