/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a trap out of a guest asks for: one table over the exception classes of
 * HSR (Arm ARM DDI 0406C B3.13.6), so that none is without an answer.
 */
#ifndef CORE_ARM_TRAP_H
#define CORE_ARM_TRAP_H

#include "core/types.h"

enum arm_trap {
	ARM_TRAP_NONE,	/* no guest can do that: report it */
	ARM_TRAP_SKIP,	/* its condition failed: arm_skip_insn() */
	ARM_TRAP_UNDEF, /* not there: Undefined Instruction exception */
	ARM_TRAP_WFI,
	ARM_TRAP_WFE,
	ARM_TRAP_CP,  /* a coprocessor register: arm_cp15_access() */
	ARM_TRAP_BXJ, /* arm_emulate_bxj() */
	ARM_TRAP_SVC, /* the guest's own: arm_inject_svc() */
	ARM_TRAP_HVC,
	ARM_TRAP_SMC,
	ARM_TRAP_ABORT, /* stage 2, or external */
	ARM_TRAP_DEBUG, /* HDCR.TDE: breakpoint, watchpoint, BKPT */
};

/*
 * cpsr as of the trap. PC is the trapped instruction itself but for HVC and
 * SVC, which it is past.
 */
enum arm_trap arm_trap(uint32_t hsr, uint32_t cpsr);

#endif /* CORE_ARM_TRAP_H */
