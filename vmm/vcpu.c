// SPDX-License-Identifier: BSD-2-Clause
/*
 * A vCPU's life, and how others reach it while it runs or waits.
 */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "vmm/compat.h"
#include "vmm/vcpu.h"
#include "vmm/yield.h"

/* Only the first is on from the start: DEN 0022 6.4. */
static enum vcpu_power vcpu_power_at_reset(const struct vcpu *vcpu)
{
	return vcpu->id ? VCPU_OFF : VCPU_ON;
}

struct vcpu *vcpu_new(struct vm *vm, unsigned int id)
{
	struct vcpu *vcpu = kzalloc(sizeof(*vcpu), GFP_KERNEL_ACCOUNT);
	int ret = -ENOMEM;

	if (!vcpu)
		return ERR_PTR(-ENOMEM);
	vcpu->vm = vm;
	vcpu->id = id;
	mutex_init(&vcpu->lock);
	init_waitqueue_head(&vcpu->wq);
	vcpu->power = vcpu_power_at_reset(vcpu);
	vcpu->run = (void *)get_zeroed_page(GFP_SHOWN);
	if (!vcpu->run)
		goto err;
	ret = vcpu_arch_init(vcpu);
	if (ret)
		goto err;
	return vcpu;
err:
	free_page((unsigned long)vcpu->run);
	kfree(vcpu);
	return ERR_PTR(ret);
}

void vcpu_free(struct vcpu *vcpu)
{
	vcpu_arch_free(vcpu);
	free_page((unsigned long)vcpu->run);
	kfree(vcpu);
}

void vcpu_reset(struct vcpu *vcpu)
{
	WRITE_ONCE(vcpu->power, vcpu_power_at_reset(vcpu));
	vcpu->mmio.pending = false;
	vcpu_arch_reset(vcpu, 0, 0);
}

static void vcpu_kick_out(struct vcpu *vcpu)
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
	/* Pairs with vcpu_arch_enter(): we see in_guest, or it sees the change. */
	smp_mb();
	if (wq_has_sleeper(&vcpu->wq))
		wake_up(&vcpu->wq);
	else if (READ_ONCE(vcpu->yielding))
		yield_end(vcpu);
	else if (READ_ONCE(vcpu->in_guest))
		vcpu_kick_out(vcpu);
}

void vcpu_exit_stopped(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	u32 how = atomic_read_acquire(&vm->suspend);
	struct vm_exit *exit;

	if (how == VM_SUSPEND_NONE) {
		vcpu_exit(vcpu, VM_EXITCODE_DEBUG);
		return;
	}
	exit = vcpu_exit(vcpu, VM_EXITCODE_SUSPENDED);
	exit->u.suspended.how = how;
	exit->u.suspended.vcpu = vm->suspend_vcpu;
	exit->u.suspended.arg = vm->suspend_arg;
}
