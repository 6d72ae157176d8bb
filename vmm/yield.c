// SPDX-License-Identifier: BSD-2-Clause
/* A vCPU that is about to sleep yields to a sibling that waits for its CPU. */
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "vmm/vcpu.h"
#include "vmm/yield.h"

/*
 * The CPU on which a vCPU's thread runs or waits to run; -1: it is not in
 * VM_RUN.
 */
static int yield_cpu_of(const struct vcpu *vcpu)
{
	const struct task_struct *task;
	int cpu;

	rcu_read_lock();
	task = READ_ONCE(vcpu->task);
	cpu = task ? (int)task_cpu(task) : -1;
	rcu_read_unlock();
	return cpu;
}

static bool yield_waits_here(struct vcpu *vcpu)
{
	return !waitqueue_active(&vcpu->wq) &&
	       yield_cpu_of(vcpu) == (int)raw_smp_processor_id();
}

static bool yield_sibling_waits_here(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	unsigned int i;

	for (i = 0; i < VM_MAXCPU; i++) {
		struct vcpu *other = vm_vcpu(vm, i);

		if (other && other != vcpu && yield_waits_here(other))
			return true;
	}
	return false;
}

bool yield_to_sibling(struct vcpu *vcpu)
{
	if (!yield_sibling_waits_here(vcpu))
		return false;
	WRITE_ONCE(vcpu->yielding, true);
	yield();
	WRITE_ONCE(vcpu->yielding, false);
	return true;
}

static void yield_give_way(struct vcpu *vcpu)
{
	struct task_struct *task;

	rcu_read_lock();
	task = READ_ONCE(vcpu->task);
	if (task) {
		set_tsk_need_resched(task);
		kick_process(task);
	}
	rcu_read_unlock();
}

/*
 * The calling vCPU counts as well: an interrupt has just brought it out of the
 * guest.
 */
static bool yield_runs(const struct vcpu *vcpu)
{
	return READ_ONCE(vcpu->in_guest) || READ_ONCE(vcpu->task) == current;
}

void yield_end(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	unsigned int i;

	for (i = 0; i < VM_MAXCPU; i++) {
		struct vcpu *other = vm_vcpu(vm, i);

		if (other && other != vcpu && yield_runs(other) &&
		    yield_cpu_of(other) == yield_cpu_of(vcpu))
			yield_give_way(other);
	}
}
