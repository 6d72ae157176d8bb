// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's HVC. What only asks is answered here; what changes the power
 * state of a CPU, or wants the host's random numbers, is the host's.
 */
#include "core/psci_query.h"
#include "hyp/arm/hyp_internal.h"

uint32_t hyp_smccc(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	uint32_t *r = vcpu->regs.r;

	if (!psci_query(&vcpu->vm->psci, r[0], r[1], &r[0]))
		return hyp_full_exit(vcpu, hsr);
	vcpu->fast[HYP_FAST_HVC]++;
	return HYP_RESUME;
}
