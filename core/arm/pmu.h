/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's Performance Monitors: PMUv1 with the cycle counter and no event
 * counter, PMCR.N = 0. There is no overflow interrupt: PMINTENSET is storage,
 * as on a CPU whose nPMUIRQ is not wired.
 *
 * It is PMUv1, because PMUv2 has PMCCFILTR, which would have the counter stop
 * in chosen modes.
 */
#ifndef CORE_ARM_PMU_H
#define CORE_ARM_PMU_H

#include "core/types.h"

#define ARM_PMCR_E  (1u << 0)
#define ARM_PMCR_P  (1u << 1)
#define ARM_PMCR_C  (1u << 2)
#define ARM_PMCR_D  (1u << 3)
#define ARM_PMCR_X  (1u << 4)
#define ARM_PMCR_DP (1u << 5)
/* the cycle counter's bit in the bit-per-counter registers */
#define ARM_PMU_CYCLE (1u << 31)

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
	uint64_t since; /* the host's cycles when ccnt was updated */
	uint32_t ccnt;
	/* with PMCR.D: cycles, below 64, that are not in ccnt yet */
	uint32_t frac;
	uint32_t pmcr;	/* E, D, X and DP */
	uint32_t cnten; /* each of these is ARM_PMU_CYCLE or 0 */
	uint32_t ovsr;
	uint32_t inten;
	uint32_t selr;
	uint32_t userenr;
};

/*
 * Reads or writes one register. cycles: the host's free-running 64-bit count of
 * CPU cycles; ids: PMCR's IMP and IDCODE fields, in place.
 */
uint32_t arm_pmu_read(struct arm_pmu *pmu, enum arm_pmu_reg reg,
		      uint64_t cycles, uint32_t ids);
void arm_pmu_write(struct arm_pmu *pmu, enum arm_pmu_reg reg, uint64_t cycles,
		   uint32_t val);

/*
 * Sets a register to a value of arm_pmu_read(); for the set/clear registers it
 * replaces the whole value.
 */
void arm_pmu_restore(struct arm_pmu *pmu, enum arm_pmu_reg reg, uint64_t cycles,
		     uint32_t val);

/* Whether PL0 may access reg: PMUSERENR.EN. */
bool arm_pmu_user_ok(const struct arm_pmu *pmu, enum arm_pmu_reg reg,
		     bool write);

#endif /* CORE_ARM_PMU_H */
