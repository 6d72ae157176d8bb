/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of a vCPU's state that the emulation of a load or store needs. It is
 * read before the instruction, and what the instruction changed is written
 * back.
 */
#ifndef LIB_ARM_STATE_H
#define LIB_ARM_STATE_H

#include "core/arm/vcpu_regs.h"
#include "lib/vmmapi.h"

struct arm_state {
	struct arm_regs regs;
	struct arm_cp15 cp15;
};

/*
 * Reads core registers, and the CP15 registers that translation and aborts use.
 * Returns 0 or a negative errno (-EBUSY: the vCPU is in vm_run()).
 */
int arm_state_get(struct vcpu *vcpu, struct arm_state *state);
/*
 * Reads the CP15 registers alone. arm_state_put() writes those registers that
 * differ between @before and @after, but not TTBR0 and TTBR1.
 */
int arm_state_get_cp15(struct vcpu *vcpu, struct arm_cp15 *cp15);
int arm_state_put(struct vcpu *vcpu, const struct arm_state *before,
		  const struct arm_state *after);

#endif /* LIB_ARM_STATE_H */
