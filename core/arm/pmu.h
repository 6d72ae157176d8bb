/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's Performance Monitors: PMUv1 with the cycle counter and no event
 * counter, PMCR.N = 0 (Arm ARM DDI 0406C chapter C12). It has no overflow
 * interrupt: PMINTENSET is storage, as on a CPU whose nPMUIRQ is not wired.
 *
 * PMUv1, because PMUv2 would add PMCCFILTR, which no counter of time spent
 * can honour.
 */
#ifndef CORE_ARM_PMU_H
#define CORE_ARM_PMU_H

#include "core/types.h"

#define ARM_PMCR_E    (1u << 0)
#define ARM_PMCR_P    (1u << 1)
#define ARM_PMCR_C    (1u << 2)
#define ARM_PMCR_D    (1u << 3)
#define ARM_PMCR_X    (1u << 4)
#define ARM_PMCR_DP   (1u << 5)
#define ARM_PMU_CYCLE (1u << 31) /* the cycle counter, in bit-per-counter */

enum arm_pmu_reg {
	ARM_PMCR,
	ARM_PMCNTENSET,
	ARM_PMCNTENCLR,
	ARM_PMOVSR,
	ARM_PMSWINC,
	ARM_PMSELR,
	ARM_PMCEID,
	ARM_PMCCNTR,
	ARM_PMXEVTYPER,
	ARM_PMXEVCNTR,
	ARM_PMUSERENR,
	ARM_PMINTENSET,
	ARM_PMINTENCLR,
};

struct arm_pmu {
	uint64_t since; /* host cycles when ccnt was right */
	uint32_t ccnt;
	uint32_t frac;	/* cycles below 64 not yet in ccnt: PMCR.D */
	uint32_t pmcr;	/* the writable bits that are kept: E, D, X, DP */
	uint32_t cnten; /* each of these: ARM_PMU_CYCLE or 0 */
	uint32_t ovsr;
	uint32_t inten;
	uint32_t selr;
	uint32_t userenr;
};

/*
 * Reads and writes of one register. cycles: a free-running 64-bit count of
 * CPU cycles that the host provides; ids: IMP and IDCODE of PMCR, in place.
 */
uint32_t arm_pmu_read(struct arm_pmu *pmu, enum arm_pmu_reg reg,
		      uint64_t cycles, uint32_t ids);
void arm_pmu_write(struct arm_pmu *pmu, enum arm_pmu_reg reg, uint64_t cycles,
		   uint32_t val);

/* Sets a register to what arm_pmu_read() gave: no set, clear or reset bits. */
void arm_pmu_restore(struct arm_pmu *pmu, enum arm_pmu_reg reg, uint64_t cycles,
		     uint32_t val);

/* May User mode access reg? PMUSERENR.EN says. */
bool arm_pmu_user_ok(const struct arm_pmu *pmu, enum arm_pmu_reg reg,
		     bool write);

#endif /* CORE_ARM_PMU_H */
