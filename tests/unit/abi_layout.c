/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The structures that vmm.ko and user space exchange have the same layout for
 * both widths of a pointer: this file is compiled for both, and its assertions
 * decide.
 */
#include <stddef.h>

#include <vmm/arm/vmm_regs.h>
#include <vmm/vmm_dev.h>

_Static_assert(sizeof(struct vie) == 16, "no hole in struct vie");
_Static_assert(offsetof(struct vm_exit, u) == 16, "union follows pc");
_Static_assert(sizeof(struct vm_exit) == 16 + 16 * 8, "union is reserved[]");
_Static_assert(offsetof(struct vm_run, exit) == 16, "exit follows flags");
_Static_assert(sizeof(struct vm_create_args) == 8 + 64, "name is bounded");
_Static_assert(sizeof(struct vm_memory_args) == 32, "64-bit addresses");
_Static_assert(sizeof(struct vm_reg_list_args) == 16, "pointers as 64 bits");
_Static_assert(sizeof(struct vm_stats_args) == 16, "pointers as 64 bits");
_Static_assert(sizeof(struct vm_ioeventfd_args) == 32, "no hole");
_Static_assert(sizeof(struct vm_irqfd_args) == 16, "no hole");
_Static_assert(sizeof(struct vm_debug_args) == 8 + 10 * 16, "no hole");
_Static_assert(sizeof(struct vm_sync_args) == 16, "no hole");
_Static_assert(sizeof(struct vm_get_dirty_args) == 24, "no hole");
_Static_assert(sizeof(struct vm_vgic_irqs) == 120, "no hole");
_Static_assert(sizeof(struct vm_vgic_cpu) == 172, "no hole");
_Static_assert(sizeof(struct vm_vgic_state) == 4992, "as in saved files");
_Static_assert(VM_REG_CLASS(VM_REG_CP15(1, 0, 0, 0)) == VM_REG_CLASS_CP15,
	       "class is in the id");
_Static_assert(VM_REG_GUEST_CUR_R14 - VM_REG_GUEST_CUR_R0 == 14,
	       "the current mode's registers are consecutive");

int main(void)
{
	return 0;
}
