/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPU's breakpoints and watchpoints (DDI 0406C, DBGBVR, DBGBCR, DBGWVR,
 * DBGWCR), as a debugger outside of the guest uses them: they match in the
 * guest's PL1 and PL0, in whatever address space, and never in HYP mode.
 */
#ifndef CORE_ARM_DEBUG_H
#define CORE_ARM_DEBUG_H

#include "core/types.h"

/* What Cortex-A7, A15 and A17 have. */
#define ARM_NR_BREAKPOINTS 6
#define ARM_NR_WATCHPOINTS 4

/* One that is not used is all zero: its control register has E clear. */
struct arm_debug {
	uint32_t bvr[ARM_NR_BREAKPOINTS];
	uint32_t bcr[ARM_NR_BREAKPOINTS];
	uint32_t wvr[ARM_NR_WATCHPOINTS];
	uint32_t wcr[ARM_NR_WATCHPOINTS];
};

#define ARM_WATCH_LOAD	(1u << 0)
#define ARM_WATCH_STORE (1u << 1)

/*
 * Breakpoint n (below ARM_NR_BREAKPOINTS) on the instruction at addr: len 4 for
 * an ARM instruction, 2 for a Thumb one of either size. False, and nothing
 * changed, for another len or an addr that is not a multiple of it.
 */
bool arm_debug_set_breakpoint(struct arm_debug *debug, unsigned int n,
			      uint64_t addr, uint32_t len);

/*
 * Watchpoint n (below ARM_NR_WATCHPOINTS) on accesses (ARM_WATCH_*, at least
 * one) to any of the len bytes at addr. False, and nothing changed, unless all
 * of them lie in one word, or len is a power of two from 8 to 2^31 of which addr
 * is a multiple.
 */
bool arm_debug_set_watchpoint(struct arm_debug *debug, unsigned int n,
			      uint64_t addr, uint32_t len, uint32_t accesses);

#endif /* CORE_ARM_DEBUG_H */
