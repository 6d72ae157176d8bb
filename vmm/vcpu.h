/* SPDX-License-Identifier: BSD-2-Clause */
/* A vCPU: its state, and what every file may do with it. */
#ifndef VMM_VCPU_H
#define VMM_VCPU_H

#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <vmm/vmm.h>
#include <vmm/vmm_dev.h>
#include <vmm/vmm_stat.h>

#include "vmm/arm/vcpu_arch.h"
#include "vmm/vm.h"

/* PSCI's power states, as in enum vm_power; changed under vm->lock. */
enum vcpu_power {
	VCPU_OFF,
	VCPU_ON_PENDING,
	VCPU_ON,
	VCPU_SUSPENDED, /* powered down, until an interrupt wakes it */
};

struct vcpu {
	struct vm *vm; /* a vCPU's file holds a reference */
	unsigned int id;
	struct mutex lock;  /* held during VM_RUN and accesses to registers */
	struct vm_run *run; /* the page user space maps */
	bool mmio_pending;  /* user space has not answered arch.mmio yet */
	u64 stat[VM_STAT_MAX];
	bool halt_exit; /* VM_CAP_HALT_EXIT */

	enum vcpu_power power;
	u32 entry; /* where CPU_ON or a wake-up starts it */
	u32 context_id;

	/* the thread in VM_RUN, or NULL; read under RCU */
	struct task_struct *task;
	/* it may be in the guest, and needs a kick to see a change */
	bool in_guest;
	bool yielding;	/* in yield_to_sibling() */
	bool paused;	/* VM_SUSPEND_CPU */
	u32 vgic_stops; /* vCPUs that it keeps out of the guest; vgic->lock */
	wait_queue_head_t wq;

	struct vcpu_arch arch;
};

struct vcpu *vcpu_new(struct vm *vm, unsigned int id);
void vcpu_free(struct vcpu *vcpu);

/*
 * Puts the vCPU into the state of vcpu_new(). vm->lock and vcpu->lock are held.
 */
void vcpu_reset(struct vcpu *vcpu);

/* Whether VM_RUN must return instead of running the guest. */
static inline bool vcpu_stop_requested(const struct vcpu *vcpu)
{
	return atomic_read(&vcpu->vm->suspend) != VM_SUSPEND_NONE ||
	       READ_ONCE(vcpu->paused);
}

/* Fills run->exit for VM_EXITCODE_SUSPENDED or VM_EXITCODE_DEBUG. */
void vcpu_exit_stopped(struct vcpu *vcpu);

/*
 * Starts run->exit with this exitcode, no length and no PC; the caller fills in
 * u.
 */
static inline struct vm_exit *vcpu_exit(struct vcpu *vcpu, u32 exitcode)
{
	struct vm_exit *exit = &vcpu->run->exit;

	exit->exitcode = exitcode;
	exit->inst_length = 0;
	exit->pc = 0;
	return exit;
}

static inline void vcpu_count(struct vcpu *vcpu, enum vm_stat stat)
{
	vcpu->stat[stat]++;
}

/*
 * Adds HYP's 32-bit counts of fast exits to stat[]. The vCPU's thread, at least
 * at each tick of the host, so that no count can wrap round in between.
 */
void vcpu_arch_count_fast(struct vcpu *vcpu);

/*
 * Functions of the architecture, all in the vCPU's thread or with vcpu->lock
 * held. vcpu_arch_reset() resets all registers; _wake_up() does the same after
 * a power-down, but keeps the timers. _enter(), preemptible, lets the guest run
 * once; false: something had to be done first, and it did not run. _handle()
 * answers the exit: 1 to resume, 0 with run->exit filled in, or a negative
 * errno. _wakes() says whether a WFI would end. _block_begin() and _block_end()
 * surround sleep. _complete_mmio() completes the pending access, or raises an
 * external abort. Getting and setting registers: -ENOENT, no such register;
 * -EINVAL, it cannot hold the value. _inject(): -EINVAL, not one of struct
 * vm_exception_args.
 */
int vcpu_arch_init(struct vcpu *vcpu);
void vcpu_arch_free(struct vcpu *vcpu);
void vcpu_arch_reset(struct vcpu *vcpu, u32 entry, u32 context_id);
void vcpu_arch_wake_up(struct vcpu *vcpu, u32 entry, u32 context_id);
bool vcpu_arch_enter(struct vcpu *vcpu);
int vcpu_arch_handle(struct vcpu *vcpu);
bool vcpu_arch_wakes(struct vcpu *vcpu);
void vcpu_arch_block_begin(struct vcpu *vcpu);
void vcpu_arch_block_end(struct vcpu *vcpu);
void vcpu_arch_complete_mmio(struct vcpu *vcpu, u64 data, bool abort);
int vcpu_arch_get_reg(struct vcpu *vcpu, u64 id, u64 *val);
int vcpu_arch_set_reg(struct vcpu *vcpu, u64 id, u64 val);
u64 vcpu_arch_reg_list(unsigned int i);
int vcpu_arch_inject(struct vcpu *vcpu, u64 esr, u64 far);
/* Whether the vCPU's loads and stores go through the caches. */
bool vcpu_arch_caches_on(const struct vcpu *vcpu);
/* VM_SET_DEBUG. vcpu->lock is held. 0, -EINVAL, -ENODEV. */
int vcpu_arch_set_debug(struct vcpu *vcpu, const struct vm_debug_args *args);

#endif /* VMM_VCPU_H */
