/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM in the kernel.
 *
 * Lock order: vcpu->lock, vm->lock, mmap_lock (taken by faults), mem.lock,
 * vgic->lock. mem.lock is taken with interrupts on, vgic->lock with interrupts
 * off. irqfd_lock comes before vgic->lock, and is held together with no other
 * lock. posted->lock is held together with no other lock.
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <vmm/vmm.h>
#include <vmm/vmm_dev.h>

#include "vmm/arm/vm_arch.h"
#include "vmm/mem.h"
#include "vmm/posted.h"
#include "vmm/vgic.h"

struct ioeventfd_table;
struct ioeventfd_tables;
struct vcpu;
struct vgic;

struct vm {
	struct kref ref;       /* one for each file */
	struct list_head list; /* in the list of all VMs */
	kuid_t owner;	       /* the user who made it */
	char name[VM_MAX_NAMELEN + 1];
	struct mm_struct *mm; /* the process whose memory the guest has */
	int pid;	      /* the number of that process, for trace events */
	/*
	 * For vcpu[], memory slots, PSCI power states, eventfds and posting[].
	 */
	struct mutex lock;
	struct vcpu *vcpu[VM_MAXCPU];
	struct vm_mem mem;
	struct vm_arch arch;
	struct ioeventfd_table __rcu *ioeventfds;
	struct ioeventfd_tables *ioeventfd_tables; /* counts the old ones */
	struct vm_posting posting[VM_MAX_POSTED];  /* in use from [0] on */
	struct mutex irqfd_lock;		   /* for irqfds */
	struct list_head irqfds;

	struct vgic *vgic; /* NULL before VM_ATTACH_VGIC; shared with HYP */
	u64 dist_gpa;
	u64 cpu_gpa;	  /* of the CPU interface */
	u32 vgic_stopped; /* vCPUs that may not enter: all vgic_stops */
	struct vgic_holders holders;
	/* abort.c has warned of an access that nothing answers */
	bool stray_told;

	atomic_t suspend; /* enum vm_suspend_how, until VM_REINIT */
	u32 suspend_vcpu;
	u64 suspend_arg;
};

/*
 * Makes a VM of the current process. ERR_PTR: -EINVAL (name), -EEXIST (a VM of
 * this user has the name), -EDQUOT (the user has max_vms VMs), -ENOMEM.
 * vm_put() drops a reference; may sleep.
 */
struct vm *vm_new(const char *name);
void vm_put(struct vm *vm);
static inline struct vm *vm_get(struct vm *vm)
{
	kref_get(&vm->ref);
	return vm;
}

/*
 * The vCPU, or NULL. Any context. Pairs with vm_add_vcpu(): the address
 * dependency orders the reads behind the pointer (tests/litmus/publish.litmus).
 */
static inline struct vcpu *vm_vcpu(const struct vm *vm, unsigned int id)
{
	return READ_ONCE(vm->vcpu[id]);
}

/*
 * Ends the VM: stops all vCPUs for good. The first reason stays. by: the vCPU
 * that asked, or VM_MAXCPU. Takes vm->lock; may sleep.
 */
void vm_suspend(struct vm *vm, enum vm_suspend_how how, u32 by, u64 arg);

/*
 * VM_REINIT: puts the VM into the state after VMM_CREATE_VM, but keeps its
 * memory slots, vGIC, posted pages, vCPUs, eventfds and the offset of its time.
 * Takes the locks of vm and vCPUs. 0; -EBUSY: a vCPU is in VM_RUN.
 */
int vm_reinit(struct vm *vm);

/*
 * Sets the guest's physical counter to @count ticks, now. If that is not the
 * host's time, each of the guest's reads of it traps. Takes the locks of vm and
 * vCPUs. 0; -EBUSY: a vCPU is in VM_RUN.
 */
int vm_set_time(struct vm *vm, u64 count);

/*
 * VM_GET_VGIC and VM_SET_VGIC. Take the locks of vm and vCPUs; may sleep.
 * Errors of vgic_get_state() and vgic_set_state(); -EBUSY: a vCPU is in VM_RUN,
 * or has an MMIO that is not completed.
 */
int vm_get_vgic(struct vm *vm, struct vm_vgic_state *state);
int vm_set_vgic(struct vm *vm, const struct vm_vgic_state *state);

/*
 * Makes vCPU id (below VM_MAXCPU). ERR_PTR: -ENXIO (no vGIC yet), -EEXIST,
 * -EINVAL (not below the vGIC's number of vCPUs), -ENOMEM. Takes vm->lock; may
 * sleep.
 */
struct vcpu *vm_add_vcpu(struct vm *vm, unsigned int id);

/*
 * Functions of the architecture. vm_arch_init(): 0 or -ENOMEM.
 * vm_arch_attach_vgic(): vm->vgic and dist_gpa are known now.
 * vm_arch_detach_vgic(): no vCPU is left, and vm->vgic is about to be freed.
 */
int vm_arch_init(struct vm *vm);
void vm_arch_free(struct vm *vm);
void vm_arch_attach_vgic(struct vm *vm);
void vm_arch_detach_vgic(struct vm *vm);
/* Lets HYP answer accesses to vm->posting[i], unless fast_posted is off. */
void vm_arch_publish_posted(struct vm *vm, unsigned int i, struct posted *p);
/*
 * The guest's physical counter, in ticks. All vCPUs are locked while it is set.
 */
u64 vm_arch_get_time(const struct vm *vm);
void vm_arch_set_time(struct vm *vm, u64 count);

#endif /* VMM_VM_H */
