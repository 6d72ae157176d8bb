/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/trap.h"
#include "core/arm/cond.h"
#include "core/arm/hsr.h"

static const uint8_t classes[64] = {
	[HSR_EC_UNKNOWN] = ARM_TRAP_UNDEF,
	[HSR_EC_WFX] = ARM_TRAP_WFI,
	[HSR_EC_CP15_32] = ARM_TRAP_CP,
	[HSR_EC_CP15_64] = ARM_TRAP_CP,
	[HSR_EC_CP14_32] = ARM_TRAP_CP,
	/*
	 * LDC and STC of a debugger's registers, which the guest does not have.
	 */
	[HSR_EC_CP14_LS] = ARM_TRAP_UNDEF,
	/*
	 * HYP handles the first use of VFP and NEON. These are the other
	 * coprocessors.
	 */
	[HSR_EC_CP_0_13] = ARM_TRAP_UNDEF,
	[HSR_EC_CP10_ID] = ARM_TRAP_CP,
	[HSR_EC_BXJ] = ARM_TRAP_BXJ,
	[HSR_EC_CP14_64] = ARM_TRAP_CP,
	/*
	 * Traps only with HCR.TGE, which no guest runs with; answered all the
	 * same.
	 */
	[HSR_EC_SVC] = ARM_TRAP_SVC,
	[HSR_EC_HVC] = ARM_TRAP_HVC,
	[HSR_EC_SMC] = ARM_TRAP_SMC,
	[HSR_EC_PABT] = ARM_TRAP_ABORT,
	[HSR_EC_DABT] = ARM_TRAP_ABORT,
	[HSR_EC_BREAKPOINT] = ARM_TRAP_DEBUG,
	[HSR_EC_WATCHPOINT] = ARM_TRAP_DEBUG,
	[HSR_EC_BKPT] = ARM_TRAP_DEBUG,
};

enum arm_trap arm_trap(uint32_t hsr, uint32_t cpsr)
{
	enum arm_trap trap = classes[HSR_EC(hsr)];

	/*
	 * Aborts are the commonest traps, and an instruction that aborted has
	 * passed its condition.
	 */
	if (trap == ARM_TRAP_ABORT)
		return HSR_FSC(hsr) == HSR_FSC_DEBUG ? ARM_TRAP_DEBUG : trap;
	if (trap != ARM_TRAP_NONE && !arm_hsr_cond_passed(hsr, cpsr))
		return ARM_TRAP_SKIP;
	return trap == ARM_TRAP_WFI && (hsr & HSR_WFX_WFE) ? ARM_TRAP_WFE :
							     trap;
}
