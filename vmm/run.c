// SPDX-License-Identifier: BSD-2-Clause
/*
 * VM_RUN: the loop around the guest.
 */
#include <linux/sched/signal.h>

#include "vmm/compat.h"
#include "vmm/vcpu.h"
#include "vmm/yield.h"

/* A powered-off vCPU sleeps here until CPU_ON, which resets it. */
static int run_wait_for_power(struct vcpu *vcpu)
{
	int ret = wait_event_interruptible(vcpu->wq,
					   READ_ONCE(vcpu->power) != VCPU_OFF ||
						   vcpu_stop_requested(vcpu));

	if (ret)
		return -EINTR;
	mutex_lock(&vcpu->vm->lock);
	if (vcpu->power == VCPU_ON_PENDING) {
		vcpu_arch_reset(vcpu, vcpu->entry, vcpu->context_id);
		vcpu->power = VCPU_ON;
	}
	mutex_unlock(&vcpu->vm->lock);
	return 0;
}

/* It has powered itself down: what would end a WFI starts it anew. */
static int run_wait_for_wake_up(struct vcpu *vcpu)
{
	int ret = vcpu_block(vcpu);

	if (ret || !vcpu_arch_wakes(vcpu))
		return ret;
	mutex_lock(&vcpu->vm->lock);
	vcpu_arch_wake_up(vcpu, vcpu->entry, vcpu->context_id);
	vcpu->power = VCPU_ON;
	mutex_unlock(&vcpu->vm->lock);
	return 0;
}

/* Until it runs; 1, or -EINTR. */
static int run_power_up(struct vcpu *vcpu)
{
	int ret = READ_ONCE(vcpu->power) == VCPU_SUSPENDED ?
			  run_wait_for_wake_up(vcpu) :
			  run_wait_for_power(vcpu);

	return ret ? ret : 1;
}

static bool run_must_not_block(struct vcpu *vcpu)
{
	return vcpu_arch_wakes(vcpu) || vcpu_stop_requested(vcpu);
}

int vcpu_block(struct vcpu *vcpu)
{
	int ret = 0;

	vcpu_count(vcpu, VM_STAT_BLOCKED);
	vcpu_arch_block_begin(vcpu);
	if (!yield_to_sibling(vcpu) || !run_must_not_block(vcpu))
		ret = wait_event_interruptible(vcpu->wq,
					       run_must_not_block(vcpu));
	vcpu_arch_block_end(vcpu);
	return ret ? -EINTR : 0;
}

/*
 * One round: 1 to go on, 0 with run->exit filled in, or an error. Signals and
 * the kernel's work for this thread are looked at before the guest is, so that
 * none waits for an exit.
 */
static int run_once(struct vcpu *vcpu)
{
	if (signal_pending(current)) {
		vcpu_exit(vcpu, VM_EXITCODE_BOGUS);
		return -EINTR;
	}
	if (vcpu_stop_requested(vcpu)) {
		vcpu_exit_stopped(vcpu);
		return 0;
	}
	if (has_user_work()) {
		vcpu_exit(vcpu, VM_EXITCODE_BOGUS);
		return 0;
	}
	if (READ_ONCE(vcpu->power) != VCPU_ON)
		return run_power_up(vcpu);
	if (must_resched())
		schedule();
	return vcpu_arch_enter(vcpu) ? vcpu_arch_handle(vcpu) : 1;
}

/* What user space can write is read here, once. */
static u32 run_complete_mmio(struct vcpu *vcpu)
{
	u32 flags = READ_ONCE(vcpu->run->flags);

	if (vcpu->mmio.pending)
		vcpu_arch_complete_mmio(vcpu, READ_ONCE(vcpu->run->mmio_data),
					flags & VM_RUN_ABORT);
	return flags;
}

int vcpu_run(struct vcpu *vcpu)
{
	int ret;

	if (current->mm != vcpu->vm->mm)
		return -EPERM;
	if (run_complete_mmio(vcpu) & VM_RUN_COMPLETE) {
		vcpu_exit(vcpu, VM_EXITCODE_BOGUS);
		return 0;
	}
	WRITE_ONCE(vcpu->task, current);
	do
		ret = run_once(vcpu);
	while (ret == 1);
	WRITE_ONCE(vcpu->task, NULL);
	vcpu_count(vcpu, VM_STAT_USER);
	return ret;
}
