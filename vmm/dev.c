// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ioctls of /dev/vmm, VM files and vCPU files, and VM_RUN. Arguments are
 * copied from user space here.
 */
#include <linux/anon_inodes.h>
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "vmm/dev.h"
#include "vmm/dirty.h"
#include "vmm/ioeventfd.h"
#include "vmm/irqfd.h"
#include "vmm/kick.h"
#include "vmm/run.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"
#include "vmm/vm.h"

#define USER_PTR(x) ((void __user *)(unsigned long)(x))

static long dev_vcpu_get_reg(struct vcpu *vcpu,
			     struct vm_register_args __user *arg)
{
	struct vm_register_args args;
	int ret;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	ret = vcpu_arch_get_reg(vcpu, args.id, &args.val);
	if (ret)
		return ret;
	return copy_to_user(arg, &args, sizeof(args)) ? -EFAULT : 0;
}

static long dev_vcpu_set_reg(struct vcpu *vcpu,
			     struct vm_register_args __user *arg)
{
	struct vm_register_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return vcpu_arch_set_reg(vcpu, args.id, args.val);
}

static long dev_vcpu_reg_list(struct vm_reg_list_args __user *arg)
{
	struct vm_reg_list_args args;
	u64 __user *ids;
	u32 n;
	u64 id;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	ids = USER_PTR(args.ids);
	for (n = 0; (id = vcpu_arch_reg_list(n)) != 0; n++)
		if (n < args.n && put_user(id, ids + n))
			return -EFAULT;
	if (put_user(n, &arg->n))
		return -EFAULT;
	return n > args.n ? -ENOSPC : 0;
}

static long dev_vcpu_set_capability(struct vcpu *vcpu,
				    struct vm_capability_args __user *arg)
{
	struct vm_capability_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	if (args.type != VM_CAP_HALT_EXIT || args.val > 1)
		return -EINVAL;
	vcpu->halt_exit = args.val;
	return 0;
}

static long dev_vcpu_inject(struct vcpu *vcpu,
			    struct vm_exception_args __user *arg)
{
	struct vm_exception_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return vcpu_arch_inject(vcpu, args.esr, args.far);
}

static long dev_vcpu_set_debug(struct vcpu *vcpu,
			       struct vm_debug_args __user *arg)
{
	struct vm_debug_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return vcpu_arch_set_debug(vcpu, &args);
}

static long dev_vcpu_stats(struct vcpu *vcpu, struct vm_stats_args __user *arg)
{
	struct vm_stats_args args;
	size_t n;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	n = min_t(u32, args.n, VM_STAT_MAX);
	if (copy_to_user(USER_PTR(args.values), vcpu->stat, n * sizeof(u64)) ||
	    put_user((u32)VM_STAT_MAX, &arg->n))
		return -EFAULT;
	return 0;
}

static long dev_vcpu_ioctl_locked(struct vcpu *vcpu, unsigned int cmd,
				  void __user *arg)
{
	switch (cmd) {
	case VM_SET_REGISTER:
		return dev_vcpu_set_reg(vcpu, arg);
	case VM_GET_REGISTER:
		return dev_vcpu_get_reg(vcpu, arg);
	case VM_SET_CAPABILITY:
		return dev_vcpu_set_capability(vcpu, arg);
	case VM_INJECT_EXCEPTION:
		return dev_vcpu_inject(vcpu, arg);
	case VM_SET_DEBUG:
		return dev_vcpu_set_debug(vcpu, arg);
	default:
		return -ENOTTY;
	}
}

static long dev_vcpu_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	struct vcpu *vcpu = file->private_data;
	long ret;

	/* These two touch no register, and work while the guest runs. */
	if (cmd == VM_STATS)
		return dev_vcpu_stats(vcpu, USER_PTR(arg));
	if (cmd == VM_GET_REG_LIST)
		return dev_vcpu_reg_list(USER_PTR(arg));
	if (!mutex_trylock(&vcpu->lock))
		return -EBUSY;
	ret = dev_vcpu_ioctl_locked(vcpu, cmd, USER_PTR(arg));
	mutex_unlock(&vcpu->lock);
	return ret;
}

/* VM_RUN: vmm_dev.h says why it is a read(). */
static ssize_t dev_vcpu_read(struct file *file, char __user *buf, size_t len,
			     loff_t *pos)
{
	struct vcpu *vcpu = file->private_data;
	int ret;

	if (len)
		return -EINVAL;
	if (!mutex_trylock(&vcpu->lock))
		return -EBUSY;
	ret = vcpu_run(vcpu);
	mutex_unlock(&vcpu->lock);
	return ret;
}

static int dev_vcpu_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vcpu *vcpu = file->private_data;

	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	return vm_insert_page(vma, vma->vm_start, virt_to_page(vcpu->run));
}

static int dev_vcpu_release(struct inode *inode, struct file *file)
{
	struct vcpu *vcpu = file->private_data;

	vm_put(vcpu->vm);
	return 0;
}

static const struct file_operations dev_vcpu_fops = {
	.owner = THIS_MODULE,
	.read = dev_vcpu_read,
	.unlocked_ioctl = dev_vcpu_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = dev_vcpu_mmap,
	.release = dev_vcpu_release,
	.llseek = noop_llseek,
};

static long dev_vm_create_vcpu(struct vm *vm, unsigned long id)
{
	struct vcpu *vcpu;
	int fd;

	if (id >= VM_MAXCPU)
		return -EINVAL;
	vcpu = vm_add_vcpu(vm, id);
	if (IS_ERR(vcpu))
		return PTR_ERR(vcpu);
	vm_get(vm);
	fd = anon_inode_getfd("[vmm-vcpu]", &dev_vcpu_fops, vcpu,
			      O_RDWR | O_CLOEXEC);
	/* The vCPU stays with its VM, so an id can be used only once. */
	if (fd < 0)
		vm_put(vm);
	return fd;
}

static long dev_vm_set_memory(struct vm *vm, void __user *arg)
{
	struct vm_memory_args args;
	int ret;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	mutex_lock(&vm->lock);
	ret = mem_set_slot(vm, &args);
	mutex_unlock(&vm->lock);
	return ret;
}

static long dev_vm_log_dirty(struct vm *vm, void __user *arg)
{
	struct vm_log_dirty_args args;
	int ret;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	mutex_lock(&vm->lock);
	ret = dirty_log(vm, &args);
	mutex_unlock(&vm->lock);
	return ret;
}

static long dev_vm_get_dirty(struct vm *vm, void __user *arg)
{
	struct vm_get_dirty_args args;
	int ret;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	mutex_lock(&vm->lock);
	ret = dirty_get(vm, &args);
	mutex_unlock(&vm->lock);
	return ret;
}

static long dev_vm_sync_code(struct vm *vm, void __user *arg)
{
	struct vm_sync_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	/*
	 * Guest memory is below 4 GiB. With an end near 2^64 the loop would
	 * never stop.
	 */
	if (args.len > SZ_1M || args.gpa > SZ_4G - args.len)
		return -EINVAL;
	mutex_lock(&vm->lock);
	mem_sync_code(vm, args.gpa, args.len);
	mutex_unlock(&vm->lock);
	return 0;
}

static long dev_vm_attach_vgic(struct vm *vm, void __user *arg)
{
	struct vm_vgic_args args;
	int ret;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	mutex_lock(&vm->lock);
	ret = vgic_attach(vm, &args);
	mutex_unlock(&vm->lock);
	return ret;
}

static long dev_vm_assert_irq(struct vm *vm, void __user *arg)
{
	struct vm_irq_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return args.level > 1 ? -EINVAL :
				vgic_set_line(vm, args.intid, args.level);
}

static long dev_vm_raise_msi(struct vm *vm, void __user *arg)
{
	struct vm_msi_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	/*
	 * User space has checked the address of the frame; data is the INTID.
	 */
	return args.data >> 32 ? -EINVAL : vgic_raise_msi(vm, args.data);
}

/* The structure is too large for the stack. */
static long dev_vm_get_vgic(struct vm *vm, void __user *arg)
{
	struct vm_vgic_state *state;
	long ret;

	state = kmalloc(sizeof(*state), GFP_KERNEL_ACCOUNT);
	if (!state)
		return -ENOMEM;
	ret = vm_get_vgic(vm, state);
	if (!ret && copy_to_user(arg, state, sizeof(*state)))
		ret = -EFAULT;
	kfree(state);
	return ret;
}

static long dev_vm_set_vgic(struct vm *vm, void __user *arg)
{
	struct vm_vgic_state *state = memdup_user(arg, sizeof(*state));
	long ret;

	if (IS_ERR(state))
		return PTR_ERR(state);
	ret = vm_set_vgic(vm, state);
	kfree(state);
	return ret;
}

static long dev_vm_ioeventfd(struct vm *vm, void __user *arg)
{
	struct vm_ioeventfd_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return ioeventfd_set(vm, &args);
}

static long dev_vm_irqfd(struct vm *vm, void __user *arg)
{
	struct vm_irqfd_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return irqfd_set(vm, &args);
}

static long dev_vm_post(struct vm *vm, void __user *arg)
{
	struct vm_post_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return posted_add(vm, &args);
}

static long dev_vm_show_posted(struct vm *vm, void __user *arg)
{
	struct vm_show_posted_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return posted_show(vm, &args);
}

static long dev_vm_suspend(struct vm *vm, void __user *arg)
{
	struct vm_suspend_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	if (args.how <= VM_SUSPEND_NONE || args.how >= VM_SUSPEND_LAST)
		return -EINVAL;
	vm_suspend(vm, args.how, VM_MAXCPU, 0);
	return 0;
}

static long dev_vm_get_time(struct vm *vm, void __user *arg)
{
	struct vm_time_args args = { .count = vm_arch_get_time(vm) };

	return copy_to_user(arg, &args, sizeof(args)) ? -EFAULT : 0;
}

static long dev_vm_set_time(struct vm *vm, void __user *arg)
{
	struct vm_time_args args;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	return vm_set_time(vm, args.count);
}

static void dev_pause_vcpu(struct vcpu *vcpu, bool pause)
{
	WRITE_ONCE(vcpu->paused, pause);
	if (pause)
		vcpu_kick(vcpu);
}

static long dev_vm_pause(struct vm *vm, unsigned long id, bool pause)
{
	unsigned int i;

	if (id > VM_MAXCPU || (id < VM_MAXCPU && !vm_vcpu(vm, id)))
		return -EINVAL;
	for (i = 0; i < VM_MAXCPU; i++)
		if (vm_vcpu(vm, i) && (id == i || id == VM_MAXCPU))
			dev_pause_vcpu(vm_vcpu(vm, i), pause);
	return 0;
}

static long dev_vm_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vm *vm = file->private_data;

	switch (cmd) {
	case VM_CREATE_VCPU:
		return dev_vm_create_vcpu(vm, arg);
	case VM_SET_MEMORY:
		return dev_vm_set_memory(vm, USER_PTR(arg));
	case VM_SYNC_CODE:
		return dev_vm_sync_code(vm, USER_PTR(arg));
	case VM_ATTACH_VGIC:
		return dev_vm_attach_vgic(vm, USER_PTR(arg));
	case VM_ASSERT_IRQ:
		return dev_vm_assert_irq(vm, USER_PTR(arg));
	case VM_RAISE_MSI:
		return dev_vm_raise_msi(vm, USER_PTR(arg));
	case VM_SUSPEND:
		return dev_vm_suspend(vm, USER_PTR(arg));
	case VM_SUSPEND_CPU:
		return dev_vm_pause(vm, arg, true);
	case VM_RESUME_CPU:
		return dev_vm_pause(vm, arg, false);
	case VM_REINIT:
		return vm_reinit(vm);
	case VM_GET_TIME:
		return dev_vm_get_time(vm, USER_PTR(arg));
	case VM_SET_TIME:
		return dev_vm_set_time(vm, USER_PTR(arg));
	case VM_IOEVENTFD:
		return dev_vm_ioeventfd(vm, USER_PTR(arg));
	case VM_IRQFD:
		return dev_vm_irqfd(vm, USER_PTR(arg));
	case VM_POST:
		return dev_vm_post(vm, USER_PTR(arg));
	case VM_SHOW_POSTED:
		return dev_vm_show_posted(vm, USER_PTR(arg));
	case VM_LOG_DIRTY:
		return dev_vm_log_dirty(vm, USER_PTR(arg));
	case VM_GET_DIRTY:
		return dev_vm_get_dirty(vm, USER_PTR(arg));
	case VM_GET_VGIC:
		return dev_vm_get_vgic(vm, USER_PTR(arg));
	case VM_SET_VGIC:
		return dev_vm_set_vgic(vm, USER_PTR(arg));
	default:
		return -ENOTTY;
	}
}

static int dev_vm_mmap(struct file *file, struct vm_area_struct *vma)
{
	return posted_mmap(file->private_data, vma);
}

static int dev_vm_release(struct inode *inode, struct file *file)
{
	vm_put(file->private_data);
	return 0;
}

static const struct file_operations dev_vm_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = dev_vm_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = dev_vm_mmap,
	.release = dev_vm_release,
	.llseek = noop_llseek,
};

static long dev_create_vm(void __user *arg)
{
	struct vm_create_args args;
	struct vm *vm;
	int fd;

	if (copy_from_user(&args, arg, sizeof(args)))
		return -EFAULT;
	if (args.abi_version != VMM_ABI_VERSION)
		return -EPROTO;
	if (args.flags || !memchr(args.name, 0, sizeof(args.name)))
		return -EINVAL;
	vm = vm_new(args.name);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	fd = anon_inode_getfd("[vmm-vm]", &dev_vm_fops, vm, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		vm_put(vm);
	return fd;
}

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return cmd == VMM_CREATE_VM ? dev_create_vm(USER_PTR(arg)) : -ENOTTY;
}

static const struct file_operations dev_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice dev_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmm",
	.mode = 0600,
	.fops = &dev_fops,
};

int dev_register(void)
{
	return misc_register(&dev_misc);
}

void dev_unregister(void)
{
	misc_deregister(&dev_misc);
}
