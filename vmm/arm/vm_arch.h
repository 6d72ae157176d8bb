/* SPDX-License-Identifier: BSD-2-Clause */
/* ARMv7's part of struct vm. */
#ifndef VMM_ARM_VM_ARCH_H
#define VMM_ARM_VM_ARCH_H

struct hyp_vm;

struct vm_arch {
	struct hyp_vm *hyp; /* shared with HYP */
};

#endif /* VMM_ARM_VM_ARCH_H */
