/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU that is out of the guest, as core/arm/cp15.h wants to see it.
 */
#ifndef VMM_ARM_CP15_H
#define VMM_ARM_CP15_H

#include "core/arm/cp15.h"

struct vcpu;

struct arm_cp_ctx cp_ctx(struct vcpu *vcpu);

#endif /* VMM_ARM_CP15_H */
