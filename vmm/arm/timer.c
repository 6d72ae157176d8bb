// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's time, and its timers while the kernel has the vCPU.
 */
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <asm/barrier.h>

#include "core/arm/timer.h"
#include "vmm/arm/host.h"
#include "vmm/arm/timer.h"
#include "vmm/compat.h"
#include "vmm/kick.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"

u64 timer_count(void)
{
	u64 count;

	isb(); /* otherwise the counter may be read early */
	asm volatile("mrrc p15, 0, %Q0, %R0, c14" : "=r"(count));
	return count;
}

u64 vm_arch_get_time(const struct vm *vm)
{
	return timer_count() - vm->arch.hyp->cntvoff;
}

void vm_arch_set_time(struct vm *vm, u64 count)
{
	vm->arch.hyp->cntvoff = timer_count() - count;
}

static u64 timer_guest_count(const struct vcpu *vcpu)
{
	return vm_arch_get_time(vcpu->vm);
}

static struct arm_timer timer_cntv(const struct vcpu *vcpu)
{
	const struct arm_cp15 *cp15 = &vcpu->arch.hyp->cp15;

	return (struct arm_timer){ .cval = cp15->cntv_cval,
				   .ctl = cp15->cntv_ctl };
}

static const struct arm_timer *timer_cntp(const struct vcpu *vcpu)
{
	return &vcpu->arch.hyp->virt.cntp;
}

static enum hrtimer_restart timer_expire(struct hrtimer *timer)
{
	struct vcpu *vcpu = container_of(timer, struct vcpu, arch.timer);

	vcpu_kick(vcpu);
	return HRTIMER_NORESTART;
}

void timer_init(struct vcpu *vcpu)
{
	hrtimer_setup(&vcpu->arch.timer, timer_expire, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
}

void timer_free(struct vcpu *vcpu)
{
	hrtimer_cancel(&vcpu->arch.timer);
}

/* noinline, because there is seldom anything to do. */
static noinline void timer_drop_lines(struct vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	struct arm_timer v = timer_cntv(vcpu);
	u64 count = timer_guest_count(vcpu);

	if (vgic_hw_active(vgic, vcpu->id, HYP_VTIMER_PPI) &&
	    !arm_timer_line(&v, count))
		vgic_set_ppi(vcpu, HYP_VTIMER_PPI, false);
	if (vgic_hw_active(vgic, vcpu->id, HYP_PTIMER_PPI) &&
	    !arm_timer_line(timer_cntp(vcpu), count))
		vgic_set_ppi(vcpu, HYP_PTIMER_PPI, false);
}

void timer_after_leave(struct vcpu *vcpu)
{
	if (vcpu->vm->vgic->cpu[vcpu->id].hw)
		timer_drop_lines(vcpu);
}

bool timer_fired(struct vcpu *vcpu)
{
	struct arm_timer v = timer_cntv(vcpu);
	u64 count = timer_guest_count(vcpu);

	return arm_timer_line(&v, count) ||
	       arm_timer_line(timer_cntp(vcpu), count);
}

static u64 timer_to_ns(u64 ticks)
{
	/* Rounded up: a vCPU that wakes early would only wait again. */
	return mul_u64_u32_div(ticks, NSEC_PER_SEC, host_timer_hz) + 1;
}

void timer_block_begin(struct vcpu *vcpu)
{
	struct arm_timer v = timer_cntv(vcpu);
	u64 count = timer_guest_count(vcpu);
	u64 ticks = min(arm_timer_deadline(&v, count),
			arm_timer_deadline(timer_cntp(vcpu), count));
	/* A deadline in ticks that no host reaches: no timer is started for it. */
	const u64 never = 1ull << 50;

	if (ticks < never)
		hrtimer_start(&vcpu->arch.timer,
			      ns_to_ktime(timer_to_ns(ticks)),
			      HRTIMER_MODE_REL_HARD);
}

void timer_block_end(struct vcpu *vcpu)
{
	hrtimer_cancel(&vcpu->arch.timer);
}
