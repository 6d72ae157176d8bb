// SPDX-License-Identifier: BSD-2-Clause
/*
 * Prepares a full exit for a stage 2 abort: saves HDFAR, HIFAR and HPFAR, and
 * resolves the IPA with ATS1CPR where HPFAR is not valid.
 */
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

/*
 * HPFAR is not valid for a permission fault on an access of the guest's own, as
 * opposed to one on a table walk (DDI 0406C, HPFAR).
 */
static bool fault_info_hpfar_valid(uint32_t hsr)
{
	return (hsr & HSR_S1PTW) || HSR_FSC_TYPE(hsr) != HSR_FSC_PERMISSION;
}

static bool fault_info_translate(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	uint32_t gfn;

	if (!hyp_translate(HSR_EC(hsr) == HSR_EC_DABT ? vcpu->hdfar :
							vcpu->hifar,
			   &gfn))
		return false;
	vcpu->hpfar = gfn << 4;
	return true;
}

uint32_t hyp_abort(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	vcpu->hdfar = read_hdfar();
	vcpu->hifar = read_hifar();
	vcpu->hpfar = read_hpfar();
	if (fault_info_hpfar_valid(hsr) || fault_info_translate(vcpu, hsr))
		return hyp_full_exit(vcpu, hsr);
	return HYP_RESUME;
}
