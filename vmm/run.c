// SPDX-License-Identifier: BSD-2-Clause
/*
 * VM_RUN: the loop around the guest.
 */
#include <linux/sched/signal.h>

#include "vmm/compat.h"
#include "vmm/run.h"
#include "vmm/trace.h"
#include "vmm/vcpu.h"
#include "vmm/wait.h"

/*
 * Runs the guest until its next exit. Returns 1 to go on, 0 with run->exit
 * filled in, or a negative errno. Signals, and work that the kernel has left
 * for this thread, are checked before the guest is entered, so that none of
 * them has to wait for an exit.
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
		return wait_for_power(vcpu);
	if (must_resched())
		schedule();
	return vcpu_arch_enter(vcpu) ? vcpu_arch_handle(vcpu) : 1;
}

/* User space can change flags and mmio_data at any time, so each is read once. */
static u32 run_complete_mmio(struct vcpu *vcpu)
{
	u32 flags = READ_ONCE(vcpu->run->flags);

	if (vcpu->mmio_pending)
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
	trace_vmm_user(vcpu, ret);
	return ret;
}
