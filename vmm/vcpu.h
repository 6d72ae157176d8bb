/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU, and the ways to stop it, wake it and make it look up.
 */
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

/* PSCI's power states (DEN 0022 5.7.1); changed under vm->lock. */
enum vcpu_power {
	VCPU_OFF,
	VCPU_ON_PENDING,
	VCPU_ON,
	VCPU_SUSPENDED, /* powered down, until an interrupt wakes it */
};

/* A load or store that user space carries out. */
struct vcpu_mmio {
	bool pending;
	bool decoded; /* by its syndrome: completed here, not by user space */
	bool write;
	bool sign;
	u8 size;
	u8 reg;
	bool il4;
	bool be;
	u32 far;
};

struct vcpu {
	struct vm *vm; /* a vCPU's file holds a reference */
	unsigned int id;
	struct mutex lock;  /* VM_RUN, and whatever touches registers */
	struct vm_run *run; /* the page user space maps */
	struct vcpu_mmio mmio;
	u64 stat[VM_STAT_MAX];
	bool halt_exit; /* VM_CAP_HALT_EXIT */

	enum vcpu_power power;
	u32 entry; /* where a pending CPU_ON or a wake-up starts it */
	u32 context_id;

	struct task_struct *task; /* in VM_RUN; read under RCU to kick it */
	bool in_guest;		  /* may be: has to be kicked to see a change */
	bool yielding;		  /* yield_to_sibling() */
	bool paused;		  /* VM_SUSPEND_CPU */
	wait_queue_head_t wq;

	struct vcpu_arch arch;
};

struct vcpu *vcpu_new(struct vm *vm, unsigned int id);
void vcpu_free(struct vcpu *vcpu);

/* As vcpu_new() made it; vm->lock and vcpu->lock are held. */
void vcpu_reset(struct vcpu *vcpu);

/* Whether VM_RUN has to do something other than to run the guest. */
static inline bool vcpu_stop_requested(const struct vcpu *vcpu)
{
	return atomic_read(&vcpu->vm->suspend) != VM_SUSPEND_NONE ||
	       READ_ONCE(vcpu->paused);
}

/* Fills run->exit of a VM_EXITCODE_SUSPENDED or _DEBUG exit. */
void vcpu_exit_stopped(struct vcpu *vcpu);

/* An exit without a length or PC; what its member of u says is the caller's. */
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
 * Takes over what HYP has counted. By the vCPU's thread, at intervals in which
 * no counter can go round: at each tick of the host's.
 */
void vcpu_arch_count_fast(struct vcpu *vcpu);

/*
 * Architecture. reset: whole; wake_up: as after a power-down. enter, in
 * preemptible context, lets the guest run once; false: something came between,
 * and it did not run. handle deals with why it left: 1 to go on, 0 to tell user
 * space, or a negative errno. complete_mmio ends the pending access.
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
/* VM_SET_DEBUG, with vcpu->lock held: -EINVAL, -ENODEV. */
int vcpu_arch_set_debug(struct vcpu *vcpu, const struct vm_debug_args *args);

#endif /* VMM_VCPU_H */
