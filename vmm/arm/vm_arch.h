/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a VM has of ARMv7's own.
 */
#ifndef VMM_ARM_VM_ARCH_H
#define VMM_ARM_VM_ARCH_H

#include <linux/types.h>

struct arm_id;

struct vm_arch {
	struct arm_id *id; /* the guest's ID registers; shared with HYP */
	u64 cntvoff; /* CNTPCT of the host less that of the guest */
};

#endif /* VMM_ARM_VM_ARCH_H */
