/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of a vCPU's state that emulating a load or store needs: fetched
 * before, and given back where it changed.
 */
#ifndef LIB_ARM_STATE_H
#define LIB_ARM_STATE_H

#include "core/arm/vcpu_regs.h"
#include "lib/vmmapi.h"

struct arm_state {
	struct arm_regs regs;
	struct arm_cp15 cp15;
};

/* Negative errno. Of cp15 only what translation and aborts use. */
int arm_state_get(struct vcpu *vcpu, struct arm_state *state);
/* cp15 alone. */
int arm_state_get_cp15(struct vcpu *vcpu, struct arm_cp15 *cp15);
int arm_state_put(struct vcpu *vcpu, const struct arm_state *before,
		  const struct arm_state *after);

#endif /* LIB_ARM_STATE_H */
