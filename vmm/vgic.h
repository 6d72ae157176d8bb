/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's half of a VM's interrupt controller: locking, kicks, and syncing
 * vCPUs whose list registers only the hardware knows. core/vgic.h has the state
 * machine.
 */
#ifndef VMM_VGIC_H
#define VMM_VGIC_H

#include <linux/types.h>
#include <vmm/vmm_dev.h>

#include "core/vgic.h"

struct vm;
struct vcpu;

/* Who holds the line of an SPI up, a bit for each INTID. Under vgic->lock. */
struct vgic_holders {
	u32 user[VGIC_NR_WORDS];  /* VM_ASSERT_IRQ */
	u32 irqfd[VGIC_NR_WORDS]; /* irqfds with VM_IRQFD_F_RESAMPLE */
	/* ended, but resamplefds are not signalled yet */
	u32 resample[VGIC_NR_WORDS];
	bool any_resample;
};

/*
 * VM_ATTACH_VGIC. vm->lock is held; may sleep. 0, -EEXIST, -EBUSY (there is a
 * vCPU), -EINVAL, -ENOMEM. vgic_detach() frees it, with no vCPU left.
 */
int vgic_attach(struct vm *vm, const struct vm_vgic_args *args);
void vgic_detach(struct vm *vm);

/* 0; -ENXIO: no vGIC; -EINVAL: intid is not one of its SPIs. Any context. */
int vgic_check_spi(struct vm *vm, u32 intid);

/* VM_ASSERT_IRQ and VM_RAISE_MSI. Errors of vgic_check_spi(). Any context. */
int vgic_set_line(struct vm *vm, u32 intid, bool level);
int vgic_raise_msi(struct vm *vm, u32 intid);

/*
 * For irqfds, with an intid that vgic_check_spi() has accepted; any context.
 * vgic_pulse_line() raises and lowers the line; vgic_raise_until_end() raises
 * it until the guest has ended the interrupt; vgic_set_resampled() starts and
 * stops reporting that end, and lowers the line when it stops.
 */
void vgic_pulse_line(struct vm *vm, u32 intid);
void vgic_raise_until_end(struct vm *vm, u32 intid);
void vgic_set_resampled(struct vm *vm, u32 intid, bool on);

/*
 * Takes the set of INTIDs that have ended; false: there are none. Any context.
 */
bool vgic_take_resampled(struct vm *vm, u32 intids[VGIC_NR_WORDS]);

/* Sets the line of one of the vCPU's own PPIs. Any context. */
void vgic_set_ppi(struct vcpu *vcpu, unsigned int intid, bool level);

/*
 * Before and after the guest runs, interrupts off. vgic_enter() fills the list
 * registers; false: the vCPU may not enter now. vgic_leave() takes them back;
 * irqfd_resample() must follow before the vCPU waits for anything.
 */
bool vgic_enter(struct vcpu *vcpu);
void vgic_leave(struct vcpu *vcpu);

/*
 * After vgic_enter() has returned false: has the guest's writes of GICC_DIR trap,
 * if that is the reason (vgic_dir_must_trap()). Takes mem.lock and vgic->lock;
 * process context, interrupts on.
 */
void vgic_trap_dir(struct vcpu *vcpu);

/* Kicks the vCPUs in mask, as HYP asked for. Any context. */
void vgic_kick(struct vcpu *vcpu, u32 mask);

/* Whether an interrupt would end a WFI now. The vCPU's thread. */
bool vgic_wakes(struct vcpu *vcpu);

/*
 * To be called before the vCPU blocks: other vCPUs may take its pending
 * interrupts.
 */
void vgic_block(struct vcpu *vcpu);

/* Resets the vCPU's CPU interface, as for PSCI CPU_ON. */
void vgic_reset_vcpu(struct vcpu *vcpu);

/* Resets the whole vGIC. All vCPUs are locked, and so out of the guest. */
void vgic_reset_vm(struct vm *vm);

/*
 * VM_GET_VGIC and VM_SET_VGIC; all vCPUs are locked; may sleep. 0, -ENXIO,
 * -ENOMEM; vgic_set_state(): -EINVAL, and nothing has changed.
 */
int vgic_get_state(struct vm *vm, struct vm_vgic_state *state);
int vgic_set_state(struct vm *vm, const struct vm_vgic_state *state);

/* The offset of GICC_DIR, as if it were behind the distributor's registers. */
#define VGIC_DIR VGIC_DIST_SIZE

/*
 * The guest's access to its distributor, at offset off, or a write of GICC_DIR.
 * The vCPU's thread; waits until the needed vCPUs are out of the guest.
 * irqfd_resample() must follow (see dist.h).
 */
u32 vgic_read(struct vcpu *vcpu, u32 off, unsigned int size);
void vgic_write(struct vcpu *vcpu, u32 off, unsigned int size, u32 val);

#endif /* VMM_VGIC_H */
