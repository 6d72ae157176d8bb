// SPDX-License-Identifier: BSD-2-Clause
/*
 * ioeventfds: an array sorted by guest-physical address. vCPUs read it under
 * RCU. A change replaces the whole array; guests cause a few, when they place
 * their BARs. A process that changes it faster than RCU frees the old arrays
 * waits for RCU.
 */
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#include "vmm/compat.h"
#include "vmm/ioeventfd.h"
#include "vmm/vm.h"

struct ioeventfd {
	u64 gpa;
	u64 data;
	u32 len;    /* in bytes; 0: any */
	bool match; /* only stores of data */
	struct eventfd_ctx *ctx;
};

/* Counts 1 for the VM, and 1 for each of its tables that waits for RCU. */
struct ioeventfd_tables {
	refcount_t n;
};

#define MAX_TABLES 16

struct ioeventfd_table {
	struct rcu_head rcu;
	/* counts this table while it waits for RCU, or NULL */
	struct ioeventfd_tables *tables;
	/* reference to drop with the table, or NULL */
	struct eventfd_ctx *dropped;
	unsigned int n;
	struct ioeventfd e[];
};

/* Index of the first entry at gpa or above. */
static unsigned int ioeventfd_first_at(const struct ioeventfd_table *t, u64 gpa)
{
	unsigned int lo = 0, hi = t ? t->n : 0;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (t->e[mid].gpa < gpa)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool ioeventfd_takes(const struct ioeventfd *e, u32 len, u64 data)
{
	return !e->len || (e->len == len && (!e->match || e->data == data));
}

bool ioeventfd_signal(struct vm *vm, u64 gpa, u32 len, u64 data)
{
	const struct ioeventfd_table *t;
	bool found = false;
	unsigned int i;

	rcu_read_lock();
	t = rcu_dereference(vm->ioeventfds);
	for (i = ioeventfd_first_at(t, gpa);
	     t && i < t->n && t->e[i].gpa == gpa; i++) {
		if (!ioeventfd_takes(&t->e[i], len, data))
			continue;
		eventfd_signal_one(t->e[i].ctx);
		found = true;
		break;
	}
	rcu_read_unlock();
	return found;
}

/* Whether one store could match both. */
static bool ioeventfd_collides(const struct ioeventfd *a,
			       const struct ioeventfd *b)
{
	if (a->gpa != b->gpa)
		return false;
	if (!a->len || !b->len)
		return true;
	return a->len == b->len &&
	       (!a->match || !b->match || a->data == b->data);
}

static bool ioeventfd_same(const struct ioeventfd *a, const struct ioeventfd *b)
{
	return a->gpa == b->gpa && a->len == b->len && a->match == b->match &&
	       (!a->match || a->data == b->data) && a->ctx == b->ctx;
}

static struct ioeventfd_table *ioeventfd_new_table(unsigned int n)
{
	struct ioeventfd_table *t;

	t = kmalloc(struct_size(t, e, n), GFP_KERNEL_ACCOUNT);
	if (t) {
		t->dropped = NULL;
		t->tables = NULL;
		t->n = n;
	}
	return t;
}

static void ioeventfd_put_tables(struct ioeventfd_tables *tables)
{
	if (tables && refcount_dec_and_test(&tables->n))
		kfree(tables);
}

static void ioeventfd_free_table(struct ioeventfd_table *t)
{
	if (t->dropped)
		eventfd_ctx_put(t->dropped);
	ioeventfd_put_tables(t->tables);
	kfree(t);
}

/*
 * RCU callback, in a soft interrupt. vCPUs may have used the table until now.
 */
static void ioeventfd_free_later(struct rcu_head *rcu)
{
	ioeventfd_free_table(container_of(rcu, struct ioeventfd_table, rcu));
}

static struct ioeventfd_table *ioeventfd_current_table(struct vm *vm)
{
	return rcu_dereference_protected(vm->ioeventfds,
					 lockdep_is_held(&vm->lock));
}

static void ioeventfd_replace(struct vm *vm, struct ioeventfd_table *t)
{
	struct ioeventfd_table *old = ioeventfd_current_table(vm);

	rcu_assign_pointer(vm->ioeventfds, t);
	if (!old)
		return;
	if (refcount_read(&vm->ioeventfd_tables->n) > MAX_TABLES) {
		synchronize_rcu();
		ioeventfd_free_table(old);
		return;
	}
	refcount_inc(&vm->ioeventfd_tables->n);
	old->tables = vm->ioeventfd_tables;
	call_rcu(&old->rcu, ioeventfd_free_later);
}

static int ioeventfd_insert(struct vm *vm, const struct ioeventfd *e)
{
	const struct ioeventfd_table *old = ioeventfd_current_table(vm);
	unsigned int n = old ? old->n : 0, at = ioeventfd_first_at(old, e->gpa),
		     i;
	struct ioeventfd_table *t;

	for (i = at; i < n; i++)
		if (ioeventfd_collides(&old->e[i], e))
			return -EEXIST;
	if (n == VM_MAX_IOEVENTFDS)
		return -ENOSPC;
	t = ioeventfd_new_table(n + 1);
	if (!t)
		return -ENOMEM;
	if (old) {
		memcpy(t->e, old->e, at * sizeof(*e));
		memcpy(t->e + at + 1, old->e + at, (n - at) * sizeof(*e));
	}
	t->e[at] = *e;
	ioeventfd_replace(vm, t);
	return 0;
}

static int ioeventfd_delete(struct vm *vm, const struct ioeventfd *e)
{
	struct ioeventfd_table *old = ioeventfd_current_table(vm), *t;
	unsigned int n = old ? old->n : 0, at = ioeventfd_first_at(old, e->gpa);

	while (at < n && !ioeventfd_same(&old->e[at], e))
		at++;
	if (at == n)
		return -ENOENT;
	t = ioeventfd_new_table(n - 1);
	if (!t)
		return -ENOMEM;
	memcpy(t->e, old->e, at * sizeof(*e));
	memcpy(t->e + at, old->e + at + 1, (n - at - 1) * sizeof(*e));
	old->dropped = old->e[at].ctx;
	ioeventfd_replace(vm, t);
	return 0;
}

static bool ioeventfd_args_valid(const struct vm_ioeventfd_args *args)
{
	if (args->flags & ~(VM_IOEVENTFD_F_DATAMATCH | VM_IOEVENTFD_F_DEASSIGN))
		return false;
	if (args->gpa + args->len < args->gpa)
		return false;
	switch (args->len) {
	case 0:
		return !(args->flags & VM_IOEVENTFD_F_DATAMATCH);
	case 1:
	case 2:
	case 4:
	case 8:
		return true;
	default:
		return false;
	}
}

int ioeventfd_set(struct vm *vm, const struct vm_ioeventfd_args *args)
{
	bool remove = args->flags & VM_IOEVENTFD_F_DEASSIGN;
	struct ioeventfd e = {
		.gpa = args->gpa,
		.data = args->data,
		.len = args->len,
		.match = args->flags & VM_IOEVENTFD_F_DATAMATCH,
	};
	int ret;

	if (!ioeventfd_args_valid(args))
		return -EINVAL;
	e.ctx = eventfd_ctx_fdget(args->fd);
	if (IS_ERR(e.ctx))
		return PTR_ERR(e.ctx);
	mutex_lock(&vm->lock);
	ret = remove ? ioeventfd_delete(vm, &e) : ioeventfd_insert(vm, &e);
	mutex_unlock(&vm->lock);
	/* An inserted entry keeps the reference. */
	if (remove || ret)
		eventfd_ctx_put(e.ctx);
	return ret;
}

int ioeventfd_init(struct vm *vm)
{
	vm->ioeventfd_tables =
		kmalloc(sizeof(*vm->ioeventfd_tables), GFP_KERNEL_ACCOUNT);
	if (!vm->ioeventfd_tables)
		return -ENOMEM;
	refcount_set(&vm->ioeventfd_tables->n, 1);
	return 0;
}

void ioeventfd_free(struct vm *vm)
{
	struct ioeventfd_table *t = rcu_dereference_raw(vm->ioeventfds);
	unsigned int i;

	for (i = 0; t && i < t->n; i++)
		eventfd_ctx_put(t->e[i].ctx);
	kfree(t);
	ioeventfd_put_tables(vm->ioeventfd_tables);
}
