/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chooses the vectors that are in use on a CPU while a guest runs: on a core
 * that needs it, they invalidate the branch predictor at each exit.
 */
#ifndef VMM_ARM_BRANCH_PREDICTOR_H
#define VMM_ARM_BRANCH_PREDICTOR_H

#include "core/arm/branch_predictor.h"
#include "hyp/arm/state.h"

/*
 * Sets guest_hvbar of this CPU, before its HYP mode is taken. Interrupts off.
 */
void branch_predictor_choose(struct hyp_cpu *cpu);

/*
 * The worst state of the CPUs on which HYP was taken since the module was
 * loaded.
 */
enum bp_state branch_predictor_state(void);

#endif /* VMM_ARM_BRANCH_PREDICTOR_H */
