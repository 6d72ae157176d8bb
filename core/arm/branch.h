/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to PC that select the instruction set state. */
#ifndef CORE_ARM_BRANCH_H
#define CORE_ARM_BRANCH_H

#include "core/arm/vcpu_regs.h"

/*
 * BXWritePC(): bit 0 of target selects Thumb. A target with bits 1:0 = 0b10 is
 * UNPREDICTABLE; here bit 1 is cleared. The IT state does not change.
 */
void arm_bx_write_pc(struct arm_regs *regs, uint32_t target);

/*
 * BXJ that HSTR.TJDBX trapped: with a trivial Jazelle implementation it is BX
 * Rm.
 */
void arm_emulate_bxj(struct arm_regs *regs, uint32_t hsr);

#endif /* CORE_ARM_BRANCH_H */
