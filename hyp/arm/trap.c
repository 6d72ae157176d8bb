// SPDX-License-Identifier: BSD-2-Clause
/*
 * Traps out of a guest: what can be answered here is, everything else goes to
 * the host with the syndrome.
 */
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"
#include "hyp/arm/sysreg.h"

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

static uint32_t trap_abort(struct hyp_vcpu *vcpu)
{
	vcpu->hdfar = read_hdfar();
	vcpu->hifar = read_hifar();
	vcpu->hpfar = read_hpfar();
	if (hpfar_valid(vcpu->hsr))
		return HYP_EXIT_TRAP;
	if (!translate(vcpu, HSR_EC(vcpu->hsr) == HSR_EC_DABT ? vcpu->hdfar :
								vcpu->hifar))
		return HYP_RESUME;
	return HYP_EXIT_TRAP;
}

/* NEON and VFP trap as coprocessor 10 or 11, or with TA set (B3.13.6). */
static bool is_vfp(uint32_t hsr)
{
	return (hsr & HSR_CP_TA) || HSR_CP_NUMBER(hsr) == 10 ||
	       HSR_CP_NUMBER(hsr) == 11;
}

uint32_t hyp_trap(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	(void)cpu;
	vcpu->hsr = read_hsr();
	switch (HSR_EC(vcpu->hsr)) {
	case HSR_EC_PABT:
	case HSR_EC_DABT:
		return trap_abort(vcpu);
	case HSR_EC_CP_0_13:
		if (vcpu->vfp_loaded || !is_vfp(vcpu->hsr))
			return HYP_EXIT_TRAP;
		hyp_vfp_to_guest(vcpu);
		return HYP_RESUME;
	default:
		return HYP_EXIT_TRAP;
	}
}
