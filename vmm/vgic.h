/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's side of a VM's interrupt controller: locking, kicks, and the
 * vCPUs whose list registers only the hardware knows. The state machine is
 * core/vgic.c's.
 */
#ifndef VMM_VGIC_H
#define VMM_VGIC_H

#include <linux/types.h>
#include <vmm/vmm_dev.h>

#include "core/vgic.h"

struct vm;
struct vcpu;

/* VM_ATTACH_VGIC with vm->lock held. -EEXIST, -EBUSY (vCPUs), -EINVAL. */
int vgic_attach(struct vm *vm, const struct vm_vgic_args *args);
void vgic_detach(struct vm *vm);

/* An SPI's line; an MSI. -ENXIO without a vGIC, -EINVAL. Any context. */
int vgic_set_line(struct vm *vm, u32 intid, bool level);
int vgic_raise_msi(struct vm *vm, u32 intid);

/* The line of one of the vCPU's own PPIs. Any context. */
void vgic_set_ppi(struct vcpu *vcpu, unsigned int intid, bool level);

/*
 * Around the guest, interrupts off. enter: false if the vCPU may not enter
 * now. leave: takes the list registers back.
 */
bool vgic_enter(struct vcpu *vcpu);
void vgic_leave(struct vcpu *vcpu, bool vtimer_acked);

/* Would an interrupt end a WFI now? */
bool vgic_wakes(struct vcpu *vcpu);

/* Before the vCPU blocks: others may take what it had in its registers. */
void vgic_block(struct vcpu *vcpu);

/* As PSCI CPU_ON resets it. */
void vgic_reset(struct vcpu *vcpu);

/* The guest's access to its distributor; may wait for other vCPUs. */
u32 vgic_read(struct vcpu *vcpu, u32 off, unsigned int size);
void vgic_write(struct vcpu *vcpu, u32 off, unsigned int size, u32 val);

#endif /* VMM_VGIC_H */
