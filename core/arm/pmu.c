/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/pmu.h"

#define PMCR_KEPT (ARM_PMCR_E | ARM_PMCR_D | ARM_PMCR_X | ARM_PMCR_DP)
#define PMCR_IDS  0xffff0000u

/*
 * Advances ccnt to now. The host's count may step back when a vCPU moves to a
 * CPU that counts separately; then no time has passed.
 */
static void pmu_sync(struct arm_pmu *pmu, uint64_t cycles)
{
	uint64_t delta = cycles - pmu->since;

	pmu->since = cycles;
	if (!(pmu->pmcr & ARM_PMCR_E) || !pmu->cnten || delta >> 63)
		return;
	/* The divider keeps counting when ccnt is written, as QEMU's does. */
	if (pmu->pmcr & ARM_PMCR_D) {
		delta += pmu->frac;
		pmu->frac = delta & 63;
		delta >>= 6;
	}
	/* In two parts, because delta alone may be 2^32 or more. */
	if ((delta >> 32) || (pmu->ccnt + (delta & 0xffffffffu)) >> 32)
		pmu->ovsr = ARM_PMU_CYCLE;
	pmu->ccnt += (uint32_t)delta;
}

uint32_t arm_pmu_read(struct arm_pmu *pmu, enum arm_pmu_reg reg,
		      uint64_t cycles, uint32_t ids)
{
	pmu_sync(pmu, cycles);
	switch (reg) {
	case ARM_PMCR:
		return (ids & PMCR_IDS) | pmu->pmcr;
	case ARM_PMCNTENSET:
	case ARM_PMCNTENCLR:
		return pmu->cnten;
	case ARM_PMOVSR:
		return pmu->ovsr;
	case ARM_PMSELR:
		return pmu->selr;
	case ARM_PMCCNTR:
		return pmu->ccnt;
	case ARM_PMUSERENR:
		return pmu->userenr;
	case ARM_PMINTENSET:
	case ARM_PMINTENCLR:
		return pmu->inten;
	/*
	 * PMCEID says that no event is counted. PMSELR can select no counter,
	 * so PMXEVTYPER and PMXEVCNTR are UNPREDICTABLE.
	 */
	case ARM_PMCEID:
	case ARM_PMSWINC:
	case ARM_PMXEVTYPER:
	case ARM_PMXEVCNTR:
		break;
	}
	return 0;
}

void arm_pmu_restore(struct arm_pmu *pmu, enum arm_pmu_reg reg, uint64_t cycles,
		     uint32_t val)
{
	pmu_sync(pmu, cycles);
	switch (reg) {
	case ARM_PMCR:
		pmu->pmcr = val & PMCR_KEPT;
		break;
	case ARM_PMCNTENSET:
		pmu->cnten = val & ARM_PMU_CYCLE;
		break;
	case ARM_PMOVSR:
		pmu->ovsr = val & ARM_PMU_CYCLE;
		break;
	case ARM_PMSELR:
		pmu->selr = val & 0x1f;
		break;
	case ARM_PMCCNTR:
		pmu->ccnt = val;
		break;
	case ARM_PMUSERENR:
		pmu->userenr = val & 1;
		break;
	case ARM_PMINTENSET:
		pmu->inten = val & ARM_PMU_CYCLE;
		break;
	default:
		break;
	}
}

void arm_pmu_write(struct arm_pmu *pmu, enum arm_pmu_reg reg, uint64_t cycles,
		   uint32_t val)
{
	pmu_sync(pmu, cycles);
	switch (reg) {
	case ARM_PMCR:
		pmu->pmcr = val & PMCR_KEPT;
		if (val & ARM_PMCR_C)
			pmu->ccnt = 0;
		break;
	case ARM_PMCNTENSET:
		pmu->cnten |= val & ARM_PMU_CYCLE;
		break;
	case ARM_PMCNTENCLR:
		pmu->cnten &= ~val;
		break;
	case ARM_PMOVSR:
		pmu->ovsr &= ~val;
		break;
	case ARM_PMINTENSET:
		pmu->inten |= val & ARM_PMU_CYCLE;
		break;
	case ARM_PMINTENCLR:
		pmu->inten &= ~val;
		break;
	default:
		arm_pmu_restore(pmu, reg, cycles, val);
		break;
	}
}

bool arm_pmu_user_ok(const struct arm_pmu *pmu, enum arm_pmu_reg reg,
		     bool write)
{
	switch (reg) {
	case ARM_PMINTENSET:
	case ARM_PMINTENCLR:
		return false;
	case ARM_PMUSERENR:
		return !write;
	default:
		return pmu->userenr & 1;
	}
}
