/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM in the kernel, and what vmm's files call of each other about it.
 *
 * Lock order: vcpu->lock, vm->lock, mmap_lock (by faults), mem.lock,
 * vgic->lock. The last two are taken with interrupts on and off in turn.
 * posted->lock goes with none of the others.
 * irqfd_lock comes before vgic->lock and goes with none of the others.
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <vmm/vmm.h>
#include <vmm/vmm_dev.h>

#include "vmm/arm/vm_arch.h"
#include "vmm/mem.h"
#include "vmm/posted.h"
#include "vmm/vgic.h"

struct ioeventfd_table;
struct vcpu;
struct vgic;

struct vm {
	struct kref ref;       /* one of each file */
	struct list_head list; /* of all VMs, by name */
	char name[VM_MAX_NAMELEN + 1];
	struct mm_struct *mm; /* of the process whose memory the guest has */
	/* vCPUs, memory slots, PSCI power states, eventfds, posted memory */
	struct mutex lock;
	struct vcpu *vcpu[VM_MAXCPU];
	struct vm_mem mem;
	struct vm_arch arch;
	struct ioeventfd_table __rcu *ioeventfds;
	struct vm_posting posting[VM_MAX_POSTED]; /* the first ones; then none */
	struct mutex irqfd_lock;		  /* irqfds */
	struct list_head irqfds;

	struct vgic *vgic; /* NULL without VM_ATTACH_VGIC; shared with HYP */
	u64 dist_gpa;
	u32 vgic_stopped; /* vCPUs that may not enter the guest; vgic->lock */
	struct vgic_holders holders;
	bool stray_told; /* the log has its first access to nothing */

	atomic_t suspend; /* enum vm_suspend_how; stays until VM_REINIT */
	u32 suspend_vcpu;
	u64 suspend_arg;
};

/* A new VM of the current process; ERR_PTR. */
struct vm *vm_new(const char *name);
void vm_put(struct vm *vm);
static inline struct vm *vm_get(struct vm *vm)
{
	kref_get(&vm->ref);
	return vm;
}

/*
 * The vCPU, or NULL. Any context: pairs with vm_add_vcpu(), as what the pointer
 * leads to is read by an address that depends on it.
 */
static inline struct vcpu *vm_vcpu(const struct vm *vm, unsigned int id)
{
	return READ_ONCE(vm->vcpu[id]);
}

/*
 * Stops all vCPUs for good; the first reason stays. by: the vCPU that asked,
 * or VM_MAXCPU.
 */
void vm_suspend(struct vm *vm, enum vm_suspend_how how, u32 by, u64 arg);

/*
 * VM_REINIT: the state of a VM fresh from VMM_CREATE_VM, but for its memory
 * slots, its vGIC, what is posted, the vCPUs it has and the offset of its time.
 * -EBUSY: a vCPU is in VM_RUN.
 */
int vm_reinit(struct vm *vm);

/*
 * The guest's physical counter shows @count now. Time other than the host's
 * costs the guest a trap for each read. -EBUSY: a vCPU is in VM_RUN.
 */
int vm_set_time(struct vm *vm, u64 count);

/*
 * Makes vCPU id. ERR_PTR: -ENXIO (no vGIC yet), -EEXIST, -EINVAL (beyond the
 * vGIC's), -ENOMEM.
 */
struct vcpu *vm_add_vcpu(struct vm *vm, unsigned int id);

/*
 * Architecture; attach_vgic: vm->vgic and dist_gpa are known now; detach_vgic:
 * no vCPU is left, and vm->vgic is about to be freed.
 */
int vm_arch_init(struct vm *vm);
void vm_arch_free(struct vm *vm);
void vm_arch_attach_vgic(struct vm *vm);
void vm_arch_detach_vgic(struct vm *vm);
/* Gives HYP vm->posting[i], unless it is not to answer such accesses. */
void vm_arch_publish_posted(struct vm *vm, unsigned int i, struct posted *p);
/* The guest's physical counter, in ticks; it is set with all vCPUs locked. */
u64 vm_arch_get_time(const struct vm *vm);
void vm_arch_set_time(struct vm *vm, u64 count);

#endif /* VMM_VM_H */
