/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vectors of HYP's serve a guest on each CPU, so that what it has taught
 * the branch predictor is forgotten at each exit where that is needed.
 */
#ifndef VMM_ARM_BRANCH_PREDICTOR_H
#define VMM_ARM_BRANCH_PREDICTOR_H

#include "core/arm/branch_predictor.h"
#include "hyp/arm/state.h"

/* For the CPU that this runs on, before its HYP is taken. Interrupts are off. */
void branch_predictor_choose(struct hyp_cpu *cpu);

/* Of all CPUs that HYP was ever taken on since the module was loaded. */
enum bp_state branch_predictor_state(void);

#endif /* VMM_ARM_BRANCH_PREDICTOR_H */
