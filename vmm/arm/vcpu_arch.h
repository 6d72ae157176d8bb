/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a vCPU has of ARMv7's own.
 */
#ifndef VMM_ARM_VCPU_ARCH_H
#define VMM_ARM_VCPU_ARCH_H

#include <linux/hrtimer.h>
#include <linux/types.h>

#include "hyp/hyp.h"

struct vcpu_arch {
	struct hyp_vcpu *hyp; /* shared with HYP */
	u32 hyp_exit; /* enum hyp_exit of the last run */
	struct hyp_fault fault; /* of HYP_EXIT_FAULT */
	struct hrtimer timer; /* stands in for the guest's while it blocks */
};

#endif /* VMM_ARM_VCPU_ARCH_H */
