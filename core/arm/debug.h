/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPU's breakpoint and watchpoint registers (DDI 0406C, DBGBVR, DBGBCR,
 * DBGWVR, DBGWCR) for a debugger outside of the guest: they match at the
 * guest's PL1 and PL0, in any address space, and never in HYP mode.
 */
#ifndef CORE_ARM_DEBUG_H
#define CORE_ARM_DEBUG_H

#include "core/types.h"

/* The numbers that Cortex-A7, A15 and A17 have. */
#define ARM_NR_BREAKPOINTS 6
#define ARM_NR_WATCHPOINTS 4

/*
 * The registers' values. An unused point is all zero: E is clear in its
 * control.
 */
struct arm_debug {
	uint32_t bvr[ARM_NR_BREAKPOINTS];
	uint32_t bcr[ARM_NR_BREAKPOINTS];
	uint32_t wvr[ARM_NR_WATCHPOINTS];
	uint32_t wcr[ARM_NR_WATCHPOINTS];
};

#define ARM_WATCH_LOAD	(1u << 0)
#define ARM_WATCH_STORE (1u << 1)

/*
 * Sets breakpoint n (below ARM_NR_BREAKPOINTS) on the instruction at addr. len
 * is 4 for an ARM instruction, 2 for a Thumb one of either size. False, with
 * nothing changed, for another len, or if addr is not a 32-bit multiple of len.
 */
bool arm_debug_set_breakpoint(struct arm_debug *debug, unsigned int n,
			      uint64_t addr, uint32_t len);

/*
 * Sets watchpoint n (below ARM_NR_WATCHPOINTS) on accesses (at least one of
 * ARM_WATCH_*) to any of the len bytes at addr. False, with nothing changed,
 * unless all bytes are in one word, or len is a power of two from 8 to 2^31 and
 * addr a multiple of it.
 */
bool arm_debug_set_watchpoint(struct arm_debug *debug, unsigned int n,
			      uint64_t addr, uint32_t len, uint32_t accesses);

#endif /* CORE_ARM_DEBUG_H */
