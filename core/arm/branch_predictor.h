/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a CPU's branch predictor has learned from a guest, and how it forgets it
 * before the host runs (variant 2 of the speculation that CVE-2017-5715 tells
 * of): which cores need it is from Arm's "Speculative Processor Vulnerability"
 * pages, as Linux's arch/arm/mm/proc-v7-bugs.c has it. Pure: no locks, no state.
 */
#ifndef CORE_ARM_BRANCH_PREDICTOR_H
#define CORE_ARM_BRANCH_PREDICTOR_H

#include "core/types.h"

/* From the best to the worst. */
enum bp_state {
	BP_UNAFFECTED, /* the core needs nothing */
	BP_BPIALL,     /* BPIALL at each exit from a guest */
	BP_ICIALLU, /* ICIALLU, which with ACTLR.IBE is the predictor's, too */
	BP_OFF,	    /* the core needs it, and whoever loads vmm wants none */
	BP_NO_IBE,  /* ICIALLU would do it, but firmware left ACTLR.IBE clear */
	BP_UNKNOWN, /* a core that nothing is known of, or firmware's to help */
};

/* ACTLR.IBE of Cortex-A15 (DDI 0438I 4.3.28): invalidates the BTB, too. */
#define BP_ACTLR_IBE (1u << 0)

/* Of a CPU with these two registers. */
enum bp_state bp_state_of(uint32_t midr, uint32_t actlr);

/* Whether HYP does something at each exit. */
static inline bool bp_flushes(enum bp_state state)
{
	return state == BP_BPIALL || state == BP_ICIALLU;
}

/* In a few words, what is done or why nothing is. */
const char *bp_state_text(enum bp_state state);

#endif /* CORE_ARM_BRANCH_PREDICTOR_H */
