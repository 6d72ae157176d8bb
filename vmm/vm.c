// SPDX-License-Identifier: BSD-2-Clause
/* Makes and frees a VM, which lives as long as one of its files. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/moduleparam.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vmm/ioeventfd.h"
#include "vmm/irqfd.h"
#include "vmm/kick.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"
#include "vmm/vm.h"

static unsigned int vm_max = 64;
module_param_named(max_vms, vm_max, uint, 0644);
MODULE_PARM_DESC(max_vms, "VMs that a user without CAP_SYS_RESOURCE may have");

/* Two VMs of one name and user would share one control socket. */
static DEFINE_MUTEX(vm_names_lock);
static LIST_HEAD(vm_names);

static bool vm_may_have(unsigned int n)
{
	return n < READ_ONCE(vm_max) || capable(CAP_SYS_RESOURCE);
}

/* 0, -EEXIST or -EDQUOT. vm_names_lock is held. */
static int vm_check_name(kuid_t owner, const char *name)
{
	unsigned int n = 0;
	struct vm *vm;

	list_for_each_entry (vm, &vm_names, list) {
		if (!uid_eq(vm->owner, owner))
			continue;
		if (!strcmp(vm->name, name))
			return -EEXIST;
		n++;
	}
	return vm_may_have(n) ? 0 : -EDQUOT;
}

static int vm_claim_name(struct vm *vm, const char *name)
{
	int ret;

	mutex_lock(&vm_names_lock);
	ret = vm_check_name(current_uid(), name);
	if (!ret) {
		vm->owner = current_uid();
		strscpy(vm->name, name, sizeof(vm->name));
		list_add(&vm->list, &vm_names);
	}
	mutex_unlock(&vm_names_lock);
	return ret;
}

static void vm_release_name(struct vm *vm)
{
	mutex_lock(&vm_names_lock);
	list_del(&vm->list);
	mutex_unlock(&vm_names_lock);
}

/* A name appears in the kernel's log and in other programs' logs. */
#define NAME_CHARACTERS                                        \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789._-"

struct vm *vm_new(const char *name)
{
	struct vm *vm;
	int ret = -ENOMEM;

	if (!name[0] || name[strspn(name, NAME_CHARACTERS)])
		return ERR_PTR(-EINVAL);
	vm = kzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	kref_init(&vm->ref);
	mutex_init(&vm->lock);
	mutex_init(&vm->irqfd_lock);
	INIT_LIST_HEAD(&vm->irqfds);
	ret = ioeventfd_init(vm);
	if (ret)
		goto err_free;
	ret = vm_claim_name(vm, name);
	if (ret)
		goto err_ioeventfd;
	ret = vm_arch_init(vm);
	if (ret)
		goto err_name;
	vm->mm = current->mm;
	vm->pid = current->tgid;
	mmgrab(vm->mm);
	ret = vm_mem_init(vm);
	if (ret)
		goto err_mm;
	return vm;

err_mm:
	mmdrop(vm->mm);
	vm_arch_free(vm);
err_name:
	vm_release_name(vm);
err_ioeventfd:
	ioeventfd_free(vm);
err_free:
	kfree(vm);
	return ERR_PTR(ret);
}

static void vm_free(struct kref *ref)
{
	struct vm *vm = container_of(ref, struct vm, ref);
	unsigned int i;

	/* irqfds go first, because they use the vCPUs and the vGIC. */
	irqfd_free(vm);
	for (i = 0; i < VM_MAXCPU; i++)
		if (vm->vcpu[i])
			vcpu_free(vm->vcpu[i]);
	ioeventfd_free(vm);
	vm_mem_exit(vm);
	posted_free(vm);
	vgic_detach(vm);
	vm_arch_free(vm);
	mmdrop(vm->mm);
	vm_release_name(vm);
	kfree(vm);
}

void vm_put(struct vm *vm)
{
	kref_put(&vm->ref, vm_free);
}

void vm_suspend(struct vm *vm, enum vm_suspend_how how, u32 by, u64 arg)
{
	unsigned int i;

	mutex_lock(&vm->lock);
	if (atomic_read(&vm->suspend) == VM_SUSPEND_NONE) {
		vm->suspend_vcpu = by;
		vm->suspend_arg = arg;
		/*
		 * Pairs with vcpu_exit_stopped(): tests/litmus/message.litmus
		 */
		atomic_set_release(&vm->suspend, how);
	}
	for (i = 0; i < VM_MAXCPU; i++)
		if (vm->vcpu[i])
			vcpu_kick(vm->vcpu[i]);
	mutex_unlock(&vm->lock);
}

static void vm_unlock_vcpus(struct vm *vm, unsigned int end)
{
	while (end--)
		if (vm->vcpu[end])
			mutex_unlock(&vm->vcpu[end]->lock);
}

/*
 * Locks all vCPUs. vm->lock is held, so that none is added. This is against the
 * lock order, so it only tries; -EBUSY.
 */
static int vm_lock_vcpus(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < VM_MAXCPU; i++) {
		if (!vm->vcpu[i] || mutex_trylock(&vm->vcpu[i]->lock))
			continue;
		vm_unlock_vcpus(vm, i);
		return -EBUSY;
	}
	return 0;
}

int vm_reinit(struct vm *vm)
{
	unsigned int i;
	int ret;

	mutex_lock(&vm->lock);
	ret = vm_lock_vcpus(vm);
	if (ret)
		goto out;
	vgic_reset_vm(vm);
	for (i = 0; i < VM_MAXCPU; i++)
		if (vm->vcpu[i])
			vcpu_reset(vm->vcpu[i]);
	mem_reset(vm);
	atomic_set(&vm->suspend, VM_SUSPEND_NONE);
	vm_unlock_vcpus(vm, VM_MAXCPU);
out:
	mutex_unlock(&vm->lock);
	return ret;
}

int vm_set_time(struct vm *vm, u64 count)
{
	int ret;

	mutex_lock(&vm->lock);
	ret = vm_lock_vcpus(vm);
	if (!ret) {
		vm_arch_set_time(vm, count);
		vm_unlock_vcpus(vm, VM_MAXCPU);
	}
	mutex_unlock(&vm->lock);
	return ret;
}

static bool vm_has_pending_mmio(const struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < VM_MAXCPU; i++)
		if (vm->vcpu[i] && vm->vcpu[i]->mmio_pending)
			return true;
	return false;
}

/* Locks all vCPUs between two instructions of the guest. vm->lock is held. */
static int vm_lock_vcpus_at_rest(struct vm *vm)
{
	int ret = vm_lock_vcpus(vm);

	if (ret || !vm_has_pending_mmio(vm))
		return ret;
	vm_unlock_vcpus(vm, VM_MAXCPU);
	return -EBUSY;
}

static bool vm_bypasses_caches(const struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < VM_MAXCPU; i++)
		if (vm->vcpu[i] && vm->vcpu[i]->power == VCPU_ON &&
		    !vcpu_arch_caches_on(vm->vcpu[i]))
			return true;
	return false;
}

int vm_get_vgic(struct vm *vm, struct vm_vgic_state *state)
{
	int ret;

	mutex_lock(&vm->lock);
	ret = vm_lock_vcpus_at_rest(vm);
	if (!ret) {
		/* User space reads memory next, through the caches. */
		if (vm_bypasses_caches(vm))
			mem_flush_caches(vm);
		ret = vgic_get_state(vm, state);
		vm_unlock_vcpus(vm, VM_MAXCPU);
	}
	mutex_unlock(&vm->lock);
	return ret;
}

int vm_set_vgic(struct vm *vm, const struct vm_vgic_state *state)
{
	int ret;

	mutex_lock(&vm->lock);
	ret = vm_lock_vcpus_at_rest(vm);
	if (!ret) {
		ret = vgic_set_state(vm, state);
		vm_unlock_vcpus(vm, VM_MAXCPU);
	}
	mutex_unlock(&vm->lock);
	return ret;
}

struct vcpu *vm_add_vcpu(struct vm *vm, unsigned int id)
{
	struct vcpu *vcpu;

	mutex_lock(&vm->lock);
	vcpu = ERR_PTR(-ENXIO);
	if (!vm->vgic)
		goto out;
	vcpu = ERR_PTR(-EEXIST);
	if (vm->vcpu[id])
		goto out;
	vcpu = ERR_PTR(-EINVAL);
	if (id >= vm->vgic->nvcpus)
		goto out;
	vcpu = vcpu_new(vm, id);
	if (!IS_ERR(vcpu))
		/*
		 * Pairs with vm_vcpu(): tests/litmus/publish.litmus. A plain
		 * store is not enough, tests/litmus/publish-no-release.litmus.
		 */
		smp_store_release(&vm->vcpu[id], vcpu);
out:
	mutex_unlock(&vm->lock);
	return vcpu;
}
