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

/* Who holds an SPI's line up: a bit for each INTID; under vgic->lock. */
struct vgic_holders {
	u32 user[VGIC_NR_WORDS];     /* VM_ASSERT_IRQ */
	u32 irqfd[VGIC_NR_WORDS];    /* an irqfd that resamples */
	u32 resample[VGIC_NR_WORDS]; /* ended, and resamplefds do not know */
	bool any_resample;
};

/* VM_ATTACH_VGIC with vm->lock held. -EEXIST, -EBUSY (vCPUs), -EINVAL. */
int vgic_attach(struct vm *vm, const struct vm_vgic_args *args);
void vgic_detach(struct vm *vm);

/* -ENXIO without a vGIC, -EINVAL if intid is no SPI of it. */
int vgic_check_spi(struct vm *vm, u32 intid);

/* An SPI's line; an MSI. -ENXIO, -EINVAL as above. Any context. */
int vgic_set_line(struct vm *vm, u32 intid, bool level);
int vgic_raise_msi(struct vm *vm, u32 intid);

/*
 * For irqfds, with an INTID that vgic_check_spi() found good; any context: the
 * line up and down again; up until the guest has ended the interrupt; an end
 * to such, and to asking for it.
 */
void vgic_pulse_line(struct vm *vm, u32 intid);
void vgic_raise_until_end(struct vm *vm, u32 intid);
void vgic_set_resampled(struct vm *vm, u32 intid, bool on);

/* Takes the INTIDs that have ended; false: none. May be looked at unlocked. */
bool vgic_take_resampled(struct vm *vm, u32 intids[VGIC_NR_WORDS]);

/* The line of one of the vCPU's own PPIs. Any context. */
void vgic_set_ppi(struct vcpu *vcpu, unsigned int intid, bool level);

/*
 * Around the guest, interrupts off. enter: false if the vCPU may not enter
 * now. leave: takes the list registers back; irqfd_resample() is to follow
 * before the vCPU waits for anything.
 */
bool vgic_enter(struct vcpu *vcpu);
void vgic_leave(struct vcpu *vcpu);

/* Others of the VM have something new to take, says HYP. Any context. */
void vgic_kick(struct vcpu *vcpu, u32 mask);

/* Would an interrupt end a WFI now? */
bool vgic_wakes(struct vcpu *vcpu);

/* Before the vCPU blocks: others may take what it had in its registers. */
void vgic_block(struct vcpu *vcpu);

/* As PSCI CPU_ON resets it. */
void vgic_reset_vcpu(struct vcpu *vcpu);

/* All of it, with no vCPU in the guest. */
void vgic_reset_vm(struct vm *vm);

/*
 * The guest's access to its distributor; may wait for other vCPUs.
 * irqfd_resample() is to follow (dist.c).
 */
u32 vgic_read(struct vcpu *vcpu, u32 off, unsigned int size);
void vgic_write(struct vcpu *vcpu, u32 off, unsigned int size, u32 val);

#endif /* VMM_VGIC_H */
