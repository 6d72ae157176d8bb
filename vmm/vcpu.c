// SPDX-License-Identifier: BSD-2-Clause
/* Makes, frees and resets a vCPU. */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/slab.h>

#include "vmm/compat.h"
#include "vmm/vcpu.h"

/* Only vCPU 0 is on at first, as PSCI demands (DEN 0022). */
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
	vcpu->mmio_pending = false;
	vcpu_arch_reset(vcpu, 0, 0);
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
