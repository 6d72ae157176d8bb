// SPDX-License-Identifier: BSD-2-Clause
/*
 * Traps out of a guest: what can be answered here is, everything else goes to
 * the host with the syndrome.
 */
#include "core/arm/cond.h"
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

void hyp_skip_thumb_insn(uint32_t hsr)
{
	write_elr(read_elr() + (hsr & HSR_IL ? 4 : 2));
	write_spsr(arm_it_advance(read_spsr()));
}

uint32_t hyp_full_exit(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	vcpu->hsr = hsr;
	return HYP_EXIT_TRAP;
}

/*
 * HPFAR holds the IPA of stage 2 translation faults only; for a permission
 * fault on an access of its own the guest's stage 1 gives it (B3.13.7).
 */
static bool hpfar_valid(uint32_t hsr)
{
	return (hsr & HSR_S1PTW) || HSR_FSC_TYPE(hsr) != HSR_FSC_PERMISSION;
}

/*
 * The guest's table may have changed since, by another of its CPUs: then the
 * instruction is simply run again.
 */
static bool translate(struct hyp_vcpu *vcpu, uint32_t va)
{
	uint64_t par = read_par();
	uint64_t pa;

	write_ats1cpr(va);
	isb();
	pa = read_par();
	write_par(par);
	if (pa & 1)
		return false;
	/* Both PAR formats: PA[31:12] in place (B4.1.112). */
	vcpu->hpfar = (uint32_t)(pa >> 8) & 0x0ffffff0;
	return true;
}

static uint32_t abort_exit(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	vcpu->hdfar = read_hdfar();
	vcpu->hifar = read_hifar();
	vcpu->hpfar = read_hpfar();
	if (hpfar_valid(hsr) ||
	    translate(vcpu,
		      HSR_EC(hsr) == HSR_EC_DABT ? vcpu->hdfar : vcpu->hifar))
		return hyp_full_exit(vcpu, hsr);
	return HYP_RESUME;
}

static uint32_t device(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t gfn)
{
	if (gfn == vcpu->vm->dist_page)
		return hyp_dist(vcpu, hsr, read_hdfar() & 0xfff);
	return hyp_posted(vcpu, hsr, gfn, read_hdfar() & 0xfff);
}

static uint32_t data_abort(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	uint32_t ret = HYP_EXIT_TRAP;

	if (hyp_is_plain(vcpu, hsr))
		ret = device(vcpu, hsr, read_hpfar() >> 4);
	return ret == HYP_EXIT_TRAP ? abort_exit(vcpu, hsr) : ret;
}

/* NEON and VFP trap as coprocessor 10 or 11, or with TA set (B3.13.6). */
static bool is_vfp(uint32_t hsr)
{
	return (hsr & HSR_CP_TA) || HSR_CP_NUMBER(hsr) == 10 ||
	       HSR_CP_NUMBER(hsr) == 11;
}

static uint32_t vfp(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	if (vcpu->vfp_loaded || !is_vfp(hsr))
		return hyp_full_exit(vcpu, hsr);
	vcpu->fast[HYP_FAST_VFP]++;
	hyp_vfp_to_guest(vcpu);
	return HYP_RESUME;
}

hyp_handler_t hyp_handlers[64] = {
	[HSR_EC_CP15_32] = hyp_coproc, [HSR_EC_CP15_64] = hyp_coproc_wide,
	[HSR_EC_CP14_32] = hyp_coproc, [HSR_EC_CP14_64] = hyp_coproc_wide,
	[HSR_EC_CP10_ID] = hyp_coproc, [HSR_EC_CP_0_13] = vfp,
	[HSR_EC_HVC] = hyp_smccc,      [HSR_EC_PABT] = abort_exit,
	[HSR_EC_DABT] = data_abort,
};
