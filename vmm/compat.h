/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The differences between the kernels that vmm.ko is built for. HAVE_NAME is
 * defined if probe/NAME.c compiles against the kernel's headers. The version
 * would not tell, because distributions backport changes.
 */
#ifndef VMM_COMPAT_H
#define VMM_COMPAT_H

#include <linux/eventfd.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <linux/thread_info.h>
#include <linux/vtime.h>

#include "vmm/features.h"

/*
 * There spinlocks sleep, but mem.lock and a vCPU's wait queue are used with
 * interrupts off and in hard timers.
 */
#ifdef CONFIG_PREEMPT_RT
#error "vmm.ko does not run on a PREEMPT_RT kernel: take one without it"
#endif

/*
 * No menu of the kernel offers this option by itself: Debian's has it because
 * its InfiniBand and graphics drivers select it.
 */
#ifndef CONFIG_MMU_NOTIFIER
#error "vmm.ko needs CONFIG_MMU_NOTIFIER: turn on CONFIG_INFINIBAND_ON_DEMAND_PAGING"
#endif

/*
 * Flags for pages that vm_insert_page() maps into user space. Before 5.11 it
 * refuses pages that are charged to a memory cgroup; there these few pages stay
 * uncharged.
 */
#ifdef PG_kmemcg
#define GFP_SHOWN GFP_KERNEL
#else
#define GFP_SHOWN GFP_KERNEL_ACCOUNT
#endif

/*
 * Whether a thread on its way to user space would have to do something first:
 * let another thread run (must_resched()), or do work that was left for it
 * (has_user_work(): task_work, by which 6.18 and later enforce cpu.max).
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
	 * Mostly it is set for rseq(2), after each switch of threads. That
	 * concerns only user space, and can wait.
	 */
#ifdef CONFIG_MEMCG
	if (current->memcg_nr_pages_over_high)
		return true;
#endif
	return READ_ONCE(current->task_works);
}

/*
 * The time from here to guest_time_end() is charged as guest time, as by the
 * kernel's guest_timing_enter_irqoff(), whose header exists only with KVM. It
 * must span the interrupt that ends the run, since a tick charges the time
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

/* Ends what guest_time_begin() has begun. Interrupts are on. */
static inline void guest_time_end(void)
{
#ifdef CONFIG_VIRT_CPU_ACCOUNTING_GEN
	if (vtime_accounting_enabled_this_cpu()) {
		local_irq_disable();
		vtime_guest_exit(current);
		local_irq_enable();
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

/* Whether handle_mm_fault() has released mmap_lock, by its return value. */
static inline bool fault_gave_up_lock(vm_fault_t fault)
{
#ifdef HAVE_VM_FAULT_COMPLETED
	if (fault & VM_FAULT_COMPLETED)
		return true;
#endif
	return fault & VM_FAULT_RETRY;
}

#ifndef HAVE_VMA_LOOKUP
/* Returns the mapping that has addr, or NULL; mmap_lock is held. */
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

/* The return type of clear_flush_young() in struct mmu_notifier_ops. */
#ifdef HAVE_NOTIFIER_YOUNG_BOOL
typedef bool notifier_young_t;
#else
typedef int notifier_young_t;
#endif

#endif /* VMM_COMPAT_H */
