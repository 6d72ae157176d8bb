// SPDX-License-Identifier: BSD-2-Clause
/* Enters the guest and leaves it again, with its interrupts and timers. */
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>

#include "vmm/arm/fast.h"
#include "vmm/arm/hyp.h"
#include "vmm/arm/hyp_call.h"
#include "vmm/arm/timer.h"
#include "vmm/compat.h"
#include "vmm/irqfd.h"
#include "vmm/trace.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"

/*
 * Checked after in_guest is set: whatever was requested before that is seen
 * here, and whoever requests something later kicks the vCPU.
 */
static bool enter_must_not(const struct vcpu *vcpu)
{
	return signal_pending(current) || must_resched() || has_user_work() ||
	       vcpu_stop_requested(vcpu);
}

static void enter_count_exit(struct vcpu *vcpu)
{
	static const u8 stat[] = {
		[HYP_EXIT_IRQ] = VM_STAT_IRQ,
		[HYP_EXIT_TIMER] = VM_STAT_TIMER,
		[HYP_EXIT_KICK] = VM_STAT_GICD,
		[HYP_EXIT_POSTED] = VM_STAT_POSTED,
	};

	vcpu_count(vcpu, VM_STAT_ENTRIES);
	if (vcpu->arch.hyp_exit == HYP_EXIT_IRQ)
		vcpu_arch_count_fast(vcpu);
	if (vcpu->arch.hyp_exit != HYP_EXIT_TRAP &&
	    vcpu->arch.hyp_exit < ARRAY_SIZE(stat))
		vcpu_count(vcpu, stat[vcpu->arch.hyp_exit]);
}

/*
 * The guest holds no reference under RCU, so its run is a quiescent state. RCU
 * looks at a CPU at each tick, so one report between two ticks suffices.
 */
static void enter_tell_rcu(struct vcpu *vcpu)
{
	unsigned long now = READ_ONCE(jiffies);

	if (vcpu->arch.told_rcu == now)
		return;
	vcpu->arch.told_rcu = now;
	rcu_note_context_switch(false);
}

/* A VMID does not change while a CPU may run the guest with it (vmid.h). */
static void enter_update_vmid(struct vm *vm)
{
	if (!stage2_has_vmid(&vm->mem.stage2))
		WRITE_ONCE(vm->arch.hyp->vttbr,
			   stage2_take_vmid(&vm->mem.stage2));
}

static void enter_hyp(struct vcpu *vcpu)
{
	enter_update_vmid(vcpu->vm);
	enter_tell_rcu(vcpu);
	guest_time_begin();
	trace_vmm_entry(vcpu);
	vcpu->arch.hyp_exit =
		hyp_call(vcpu->arch.run_call, (u32)vcpu->arch.hyp, 0);
	trace_vmm_exit(vcpu);
	if (vcpu->arch.hyp_exit == HYP_EXIT_FAULT)
		vcpu->arch.fault = hyp_this_cpu()->faults[0];
	vgic_leave(vcpu);
	timer_after_leave(vcpu);
}

bool vcpu_arch_enter(struct vcpu *vcpu)
{
	bool ran = false;

	local_irq_disable();
	WRITE_ONCE(vcpu->in_guest, true);
	/*
	 * Pairs with vcpu_kick() (tests/litmus/kick.litmus) and with
	 * vgic_lock_synced() (tests/litmus/stopped.litmus).
	 */
	smp_mb();
	if (!enter_must_not(vcpu)) {
		fast_wfi_choose(vcpu);
		if (vgic_enter(vcpu)) {
			enter_hyp(vcpu);
			ran = true;
		}
	}
	/*
	 * Whoever sees in_guest clear also sees the list registers that were
	 * read back: tests/litmus/in-guest.litmus.
	 */
	smp_store_release(&vcpu->in_guest, false);
	/* The host takes the interrupt that ended the run, if it was one. */
	local_irq_enable();
	if (ran) {
		guest_time_end();
		enter_count_exit(vcpu);
	} else {
		vgic_trap_dir(vcpu);
	}
	irqfd_resample(vcpu->vm);
	return ran;
}
