// SPDX-License-Identifier: BSD-2-Clause
/* Reaches a vCPU from outside while it runs, waits or yields. */
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "vmm/kick.h"
#include "vmm/trace.h"
#include "vmm/vcpu.h"
#include "vmm/yield.h"

static void kick_out(struct vcpu *vcpu)
{
	struct task_struct *task;

	rcu_read_lock();
	task = READ_ONCE(vcpu->task);
	if (task)
		kick_process(task);
	rcu_read_unlock();
}

void vcpu_kick(struct vcpu *vcpu)
{
	/*
	 * Pairs with vcpu_arch_enter(): either this sees in_guest, or the vCPU
	 * sees what has changed (tests/litmus/kick.litmus; without the barrier
	 * both may miss it, tests/litmus/kick-no-barrier.litmus).
	 * wq_has_sleeper() has a barrier of its own, which pairs with that of
	 * a vCPU that goes to sleep (tests/litmus/sleep.litmus).
	 */
	smp_mb();
	if (wq_has_sleeper(&vcpu->wq)) {
		trace_vmm_kick(vcpu, true);
		wake_up(&vcpu->wq);
	} else if (READ_ONCE(vcpu->yielding)) {
		trace_vmm_kick(vcpu, true);
		yield_end(vcpu);
	} else if (READ_ONCE(vcpu->in_guest)) {
		trace_vmm_kick(vcpu, false);
		kick_out(vcpu);
	}
}
