// SPDX-License-Identifier: BSD-2-Clause
/*
 * irqfds. An irqfd waits in its eventfd's queue and injects the interrupt in
 * the context of whoever signals, so that no thread has to wake up for it.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "vmm/compat.h"
#include "vmm/irqfd.h"

#define KINDS (VM_IRQFD_F_MSI | VM_IRQFD_F_RESAMPLE)

struct irqfd {
	struct list_head list; /* vm->irqfds */
	struct vm *vm;
	u32 intid;
	u32 kind; /* one of KINDS; 0: a pulse */
	struct eventfd_ctx *ctx;
	struct eventfd_ctx *resample; /* NULL without VM_IRQFD_F_RESAMPLE */
	wait_queue_entry_t wait;
	poll_table poll;
};

static void irqfd_inject(struct irqfd *irqfd)
{
	switch (irqfd->kind) {
	case VM_IRQFD_F_MSI:
		vgic_raise_msi(irqfd->vm, irqfd->intid);
		break;
	case VM_IRQFD_F_RESAMPLE:
		vgic_raise_until_end(irqfd->vm, irqfd->intid);
		break;
	default:
		vgic_pulse_line(irqfd->vm, irqfd->intid);
	}
}

/* Called under the lock of the eventfd's queue, interrupts off. */
static int irqfd_wake(wait_queue_entry_t *wait, unsigned int mode, int sync,
		      void *key)
{
	if (key_to_poll(key) & EPOLLIN)
		irqfd_inject(container_of(wait, struct irqfd, wait));
	return 0;
}

static void irqfd_queue_up(struct file *file, wait_queue_head_t *wqh,
			   poll_table *poll)
{
	add_wait_queue(wqh, &container_of(poll, struct irqfd, poll)->wait);
}

static bool irqfd_is_resampled(struct vm *vm, u32 intid)
{
	struct irqfd *irqfd;

	list_for_each_entry (irqfd, &vm->irqfds, list)
		if (irqfd->resample && irqfd->intid == intid)
			return true;
	return false;
}

/*
 * Leaves the eventfd's queue first: then it injects nothing more. irqfd_lock is
 * held, or nobody else has the VM.
 */
static void irqfd_destroy(struct irqfd *irqfd)
{
	u64 unused;

	eventfd_ctx_remove_wait_queue(irqfd->ctx, &irqfd->wait, &unused);
	list_del(&irqfd->list);
	if (irqfd->resample) {
		if (!irqfd_is_resampled(irqfd->vm, irqfd->intid))
			vgic_set_resampled(irqfd->vm, irqfd->intid, false);
		eventfd_ctx_put(irqfd->resample);
	}
	eventfd_ctx_put(irqfd->ctx);
	kfree(irqfd);
}

static struct irqfd *irqfd_find(struct vm *vm, const struct eventfd_ctx *ctx,
				u32 intid)
{
	struct irqfd *irqfd;

	list_for_each_entry (irqfd, &vm->irqfds, list)
		if (irqfd->ctx == ctx && irqfd->intid == intid)
			return irqfd;
	return NULL;
}

static int irqfd_deassign(struct vm *vm, const struct vm_irqfd_args *args)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(args->fd);
	struct irqfd *irqfd;
	int ret = -ENOENT;

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	mutex_lock(&vm->irqfd_lock);
	irqfd = irqfd_find(vm, ctx, args->intid);
	if (irqfd) {
		irqfd_destroy(irqfd);
		ret = 0;
	}
	mutex_unlock(&vm->irqfd_lock);
	eventfd_ctx_put(ctx);
	return ret;
}

static int irqfd_check_room(struct vm *vm, const struct irqfd *new)
{
	struct list_head *pos;
	unsigned int n = 0;

	if (irqfd_find(vm, new->ctx, new->intid))
		return -EEXIST;
	list_for_each (pos, &vm->irqfds)
		n++;
	return n < VM_MAX_IRQFDS ? 0 : -ENOSPC;
}

/* irqfd_lock is held. */
static int irqfd_start(struct irqfd *irqfd, struct file *file)
{
	int ret = irqfd_check_room(irqfd->vm, irqfd);

	if (ret)
		return ret;
	list_add(&irqfd->list, &irqfd->vm->irqfds);
	if (irqfd->resample)
		vgic_set_resampled(irqfd->vm, irqfd->intid, true);
	/* If the eventfd was signalled before, the interrupt is raised now. */
	if (vfs_poll(file, &irqfd->poll) & EPOLLIN)
		irqfd_inject(irqfd);
	return 0;
}

static int irqfd_take_resamplefd(struct irqfd *irqfd, int fd)
{
	if (irqfd->kind != VM_IRQFD_F_RESAMPLE)
		return 0;
	irqfd->resample = eventfd_ctx_fdget(fd);
	return PTR_ERR_OR_ZERO(irqfd->resample);
}

static int irqfd_assign_file(struct irqfd *irqfd, struct file *file,
			     int resamplefd)
{
	int ret = irqfd_take_resamplefd(irqfd, resamplefd);

	if (ret)
		return ret;
	irqfd->ctx = eventfd_ctx_fileget(file);
	mutex_lock(&irqfd->vm->irqfd_lock);
	ret = irqfd_start(irqfd, file);
	mutex_unlock(&irqfd->vm->irqfd_lock);
	if (!ret)
		return 0;
	eventfd_ctx_put(irqfd->ctx);
	if (irqfd->resample)
		eventfd_ctx_put(irqfd->resample);
	return ret;
}

static int irqfd_assign(struct vm *vm, const struct vm_irqfd_args *args)
{
	struct irqfd *irqfd;
	struct file *file;
	int ret;

	file = eventfd_fget(args->fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = -ENOMEM;
	irqfd = kzalloc(sizeof(*irqfd), GFP_KERNEL_ACCOUNT);
	if (irqfd) {
		irqfd->vm = vm;
		irqfd->intid = args->intid;
		irqfd->kind = args->flags & KINDS;
		init_waitqueue_func_entry(&irqfd->wait, irqfd_wake);
		init_poll_funcptr(&irqfd->poll, irqfd_queue_up);
		ret = irqfd_assign_file(irqfd, file, args->resamplefd);
		if (ret)
			kfree(irqfd);
	}
	fput(file);
	return ret;
}

int irqfd_set(struct vm *vm, const struct vm_irqfd_args *args)
{
	int ret;

	if (args->flags & ~(KINDS | VM_IRQFD_F_DEASSIGN) ||
	    (args->flags & KINDS) == KINDS)
		return -EINVAL;
	ret = vgic_check_spi(vm, args->intid);
	if (ret)
		return ret;
	return args->flags & VM_IRQFD_F_DEASSIGN ? irqfd_deassign(vm, args) :
						   irqfd_assign(vm, args);
}

void irqfd_signal_resample(struct vm *vm)
{
	u32 intids[VGIC_NR_WORDS];
	struct irqfd *irqfd;

	if (!vgic_take_resampled(vm, intids))
		return;
	mutex_lock(&vm->irqfd_lock);
	list_for_each_entry (irqfd, &vm->irqfds, list)
		if (irqfd->resample &&
		    intids[irqfd->intid / 32] & BIT(irqfd->intid % 32))
			eventfd_signal_one(irqfd->resample);
	mutex_unlock(&vm->irqfd_lock);
}

void irqfd_free(struct vm *vm)
{
	struct irqfd *irqfd, *next;

	list_for_each_entry_safe (irqfd, next, &vm->irqfds, list)
		irqfd_destroy(irqfd);
}
