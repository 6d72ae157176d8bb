/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spectre variant 2 (CVE-2017-5715): a guest can train a CPU's branch predictor
 * so that it misleads the host's speculation. On some cores an instruction at
 * each exit invalidates the predictor. Which core needs which is from Arm's
 * "Speculative Processor Vulnerability" pages, as in Linux's
 * arch/arm/mm/proc-v7-bugs.c. No locks, no state.
 */
#ifndef CORE_ARM_BRANCH_PREDICTOR_H
#define CORE_ARM_BRANCH_PREDICTOR_H

#include "core/types.h"

/* What is done about a core, from the best state to the worst. */
enum bp_state {
	BP_UNAFFECTED, /* the core needs nothing */
	BP_BPIALL,     /* HYP executes BPIALL at each exit from a guest */
	BP_ICIALLU, /* ICIALLU, which also invalidates the predictor if ACTLR.IBE is set */
	BP_OFF,	   /* the core needs one, but it was switched off */
	BP_NO_IBE, /* ICIALLU would help, but firmware left ACTLR.IBE clear */
	BP_UNKNOWN, /* an unknown core, or one for which only firmware can help */
};

/*
 * ACTLR.IBE (Cortex-A15 TRM DDI 0438, ACTLR): ICIALLU invalidates the BTB, too.
 */
#define BP_ACTLR_IBE (1u << 0)

/* The state of a CPU with these values of MIDR and ACTLR. */
enum bp_state bp_state_of(uint32_t midr, uint32_t actlr);

/* Whether HYP invalidates the predictor at each exit. */
static inline bool bp_flushes(enum bp_state state)
{
	return state == BP_BPIALL || state == BP_ICIALLU;
}

/* Says in a few words what is done, or why nothing is. */
const char *bp_state_text(enum bp_state state);

#endif /* CORE_ARM_BRANCH_PREDICTOR_H */
