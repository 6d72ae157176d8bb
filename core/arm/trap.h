/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What to do about a trap out of a guest: one table over HSR's exception
 * classes, so that none is without an answer.
 */
#ifndef CORE_ARM_TRAP_H
#define CORE_ARM_TRAP_H

#include "core/types.h"

enum arm_trap {
	ARM_TRAP_NONE, /* no guest can cause it: report it */
	ARM_TRAP_SKIP, /* its condition failed: arm_skip_insn() */
	/* the guest has no such instruction: Undefined Instruction */
	ARM_TRAP_UNDEF,
	ARM_TRAP_WFI,
	ARM_TRAP_WFE,
	ARM_TRAP_CP,  /* a coprocessor register: arm_cp15_access() */
	ARM_TRAP_BXJ, /* arm_emulate_bxj() */
	ARM_TRAP_SVC, /* arm_inject_svc() */
	ARM_TRAP_HVC,
	ARM_TRAP_SMC,
	ARM_TRAP_ABORT, /* a stage 2 fault or external abort */
	ARM_TRAP_DEBUG, /* HDCR.TDE: breakpoint, watchpoint, BKPT */
};

/*
 * Classifies the trap. cpsr is the guest's at the trap. Its PC is the trapped
 * instruction, or after HVC and SVC the next one.
 */
enum arm_trap arm_trap(uint32_t hsr, uint32_t cpsr);

#endif /* CORE_ARM_TRAP_H */
