// SPDX-License-Identifier: BSD-2-Clause
/* A vCPU waits: for an interrupt (WFI), or for power (PSCI). */
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "vmm/trace.h"
#include "vmm/vcpu.h"
#include "vmm/wait.h"
#include "vmm/yield.h"

static bool wait_is_over(struct vcpu *vcpu)
{
	return vcpu_arch_wakes(vcpu) || vcpu_stop_requested(vcpu);
}

int vcpu_block(struct vcpu *vcpu)
{
	int ret = 0;

	vcpu_count(vcpu, VM_STAT_BLOCKED);
	trace_vmm_block(vcpu);
	vcpu_arch_block_begin(vcpu);
	if (!yield_to_sibling(vcpu) || !wait_is_over(vcpu))
		ret = wait_event_interruptible(vcpu->wq, wait_is_over(vcpu));
	vcpu_arch_block_end(vcpu);
	trace_vmm_unblock(vcpu);
	return ret ? -EINTR : 0;
}

/* A vCPU that is off sleeps here until CPU_ON, and is reset then. */
static int wait_for_cpu_on(struct vcpu *vcpu)
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

/*
 * The vCPU has powered itself down: an interrupt that would end a WFI resets
 * it.
 */
static int wait_for_wake_up(struct vcpu *vcpu)
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

int wait_for_power(struct vcpu *vcpu)
{
	int ret = READ_ONCE(vcpu->power) == VCPU_SUSPENDED ?
			  wait_for_wake_up(vcpu) :
			  wait_for_cpu_on(vcpu);

	return ret ? ret : 1;
}
