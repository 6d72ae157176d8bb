// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's HVC. HYP answers calls that change nothing. The host answers
 * those that change a CPU's power state or need its random numbers.
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
