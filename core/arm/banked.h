/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the copy of a banked register that a mode uses. */
#ifndef CORE_ARM_BANKED_H
#define CORE_ARM_BANKED_H

#include "core/arm/vcpu_regs.h"

/*
 * Register n (0-14; 13 is SP, 14 LR) of the mode in cpsr, in regs. A mode that
 * no guest can be in counts as System mode.
 */
uint32_t *arm_reg_mode(struct arm_regs *regs, uint32_t cpsr, unsigned int n);

/* The same for the current mode, regs->cpsr. */
uint32_t *arm_reg(struct arm_regs *regs, unsigned int n);

/*
 * The SPSR of the mode in cpsr; NULL for User and System mode, which have none.
 */
uint32_t *arm_spsr(struct arm_regs *regs, uint32_t cpsr);

#endif /* CORE_ARM_BANKED_H */
