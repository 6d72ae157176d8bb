/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the kernels that vmm.ko is built for differ. Each HAVE_ is a file of
 * probe/ that compiles against the kernel's headers: distributions carry
 * changes back, and a version would not tell.
 */
#ifndef VMM_COMPAT_H
#define VMM_COMPAT_H

#include <linux/eventfd.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <linux/thread_info.h>
#include <linux/vtime.h>

#include "vmm/features.h"

/*
 * There spinlocks sleep. mem.lock and a vCPU's wait queue are taken where that
 * is not allowed: with interrupts off, and in hard timers.
 */
#ifdef CONFIG_PREEMPT_RT
#error "vmm.ko does not run on a PREEMPT_RT kernel: take one without it"
#endif

/*
 * For pages that vm_insert_page() shows to user space. Where a page that is
 * charged to a memory cgroup has a type of its own (before 5.11), that refuses
 * it; such pages are few for each VM, and stay uncharged there.
 */
#ifdef PG_kmemcg
#define GFP_SHOWN GFP_KERNEL
#else
#define GFP_SHOWN GFP_KERNEL_ACCOUNT
#endif

/*
 * Whether a thread on its way to user space would first have to do something:
 * let another one go first, or work that was left for it (task_work: from 6.18
 * on cpu.max of a cgroup is kept that way).
 */
static inline bool must_resched(void)
{
#ifdef TIF_NEED_RESCHED_LAZY
	if (test_thread_flag(TIF_NEED_RESCHED_LAZY))
		return true;
#endif
	return need_resched();
}

static inline bool has_user_work(void)
{
	if (!test_thread_flag(TIF_NOTIFY_RESUME))
		return false;
	/*
	 * Mostly it is for rseq(2), after each switch of threads: that concerns
	 * user space alone, and can wait until it runs.
	 */
#ifdef CONFIG_MEMCG
	if (current->memcg_nr_pages_over_high)
		return true;
#endif
	return READ_ONCE(current->task_works);
}

/*
 * The time from here to guest_time_end() is the guest's: what the kernel calls
 * guest_timing_enter_irqoff(), in a header that is there only with KVM. It
 * lasts over the interrupt that ends the run, since a tick charges the time
 * before it. Interrupts are off.
 */
static inline void guest_time_begin(void)
{
#ifdef CONFIG_VIRT_CPU_ACCOUNTING_GEN
	if (vtime_accounting_enabled_this_cpu()) {
		vtime_guest_enter(current);
		return;
	}
#endif
	current->flags |= PF_VCPU;
}

static inline void guest_time_end(void)
{
#ifdef CONFIG_VIRT_CPU_ACCOUNTING_GEN
	if (vtime_accounting_enabled_this_cpu()) {
		vtime_guest_exit(current);
		return;
	}
#endif
	current->flags &= ~PF_VCPU;
}

/* Adds one to the counter. Any context. */
static inline void eventfd_signal_one(struct eventfd_ctx *ctx)
{
#ifdef HAVE_EVENTFD_SIGNAL_ONE_ARG
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

/* What handle_mm_fault() returned says that mmap_lock is no longer held. */
static inline bool fault_gave_up_lock(vm_fault_t fault)
{
#ifdef HAVE_VM_FAULT_COMPLETED
	if (fault & VM_FAULT_COMPLETED)
		return true;
#endif
	return fault & VM_FAULT_RETRY;
}

#ifndef HAVE_VMA_LOOKUP
/* The mapping that has addr, or NULL; mmap_lock is held. */
static inline struct vm_area_struct *vma_lookup(struct mm_struct *mm,
						unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && addr >= vma->vm_start ? vma : NULL;
}
#endif

#ifndef HAVE_HRTIMER_SETUP
/* Prepares a timer that is not running, before its first start. */
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*expired)(struct hrtimer *),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = expired;
}
#endif

/* What clear_flush_young() of struct mmu_notifier_ops returns. */
#ifdef HAVE_NOTIFIER_YOUNG_BOOL
typedef bool notifier_young_t;
#else
typedef int notifier_young_t;
#endif

#endif /* VMM_COMPAT_H */
