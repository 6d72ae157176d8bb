// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trapped accesses to coprocessor registers: what only the host can do.
 * core/arm/ has the table and the rules.
 */
#include "core/arm/cp15.h"
#include "core/arm/cpu.h"
#include "core/arm/hcr.h"
#include "vmm/arm/cp15.h"
#include "vmm/arm/exit.h"
#include "vmm/arm/guest_va.h"
#include "vmm/arm/timer.h"
#include "vmm/vcpu.h"

struct arm_cp_ctx cp_ctx(struct vcpu *vcpu)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	u64 count = timer_count();

	return (struct arm_cp_ctx){
		.regs = &hyp->regs,
		.cp15 = &hyp->cp15,
		.virt = &hyp->virt,
		.id = &hyp->vm->id,
		.count = count - hyp->vm->cntvoff,
		.cycles = hyp_cycles(count),
	};
}

/*
 * How many writes of MMU registers trap after the caches were last turned on. A
 * boot loader or a kernel that unpacks itself turns the caches on and, a few
 * writes later, off. In between it cleans them by address, which does not trap,
 * so only these writes show it. A running kernel writes such registers at each
 * switch of threads, so it has soon made so many.
 */
#define WATCHED_WRITES 64

void cp15_watch_caches(struct vcpu *vcpu)
{
	vcpu->arch.hyp->hcr |= HCR_TVM;
	set_way_flushed(&vcpu->arch.hyp->set_way, SET_WAY_NONE);
	vcpu->arch.watched_writes = WATCHED_WRITES;
}

/*
 * core/arm/set_way.h has the rule. HYP answers what has nothing to do, as long as
 * HCR.TVM would show that the guest goes on with its caches on.
 */
static void cp15_set_way(struct vcpu *vcpu, u32 operand)
{
	struct set_way *sw = &vcpu->arch.hyp->set_way;

	if (set_way_is_done(sw, operand))
		return;
	mem_flush_caches(vcpu->vm);
	cp15_watch_caches(vcpu);
	if (guest_va_caches_on(vcpu))
		set_way_flushed(sw, operand);
}

/*
 * A register has been written. A guest that turns its caches on has
 * written past them so far, while speculation through the host's cacheable
 * mappings may have brought older data into them. A guest that turns them off
 * must find in memory what it wrote. With the caches on, the trap soon ends,
 * because it would cost time at each switch of threads.
 */
void cp15_follow_caches(struct vcpu *vcpu, bool were_on)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	bool are_on = guest_va_caches_on(vcpu);

	if (are_on != were_on) {
		mem_flush_caches(vcpu->vm);
		cp15_watch_caches(vcpu);
	} else if (are_on && !--vcpu->arch.watched_writes) {
		hyp->hcr &= ~HCR_TVM;
	}
	if (are_on)
		set_way_forget(&hyp->set_way);
}

int exit_cp(struct vcpu *vcpu, u32 hsr)
{
	struct arm_cp_ctx ctx = cp_ctx(vcpu);
	bool were_on = guest_va_caches_on(vcpu);
	struct arm_cp_access acc = { 0 };

	vcpu_count(vcpu, VM_STAT_CP15);
	switch (arm_cp15_access(&ctx, hsr, &acc)) {
	case ARM_CP_DONE:
	case ARM_CP_DONE_TIMER: /* HYP arms the timer on entry */
		if (acc.write && acc.reg->kind == ARM_CP_HW)
			cp15_follow_caches(vcpu, were_on);
		return 1;
	case ARM_CP_UNDEF:
		return exit_undef(vcpu);
	case ARM_CP_HOST:
		if (acc.reg->kind == ARM_CP_SETWAY)
			cp15_set_way(vcpu, (u32)acc.val);
		arm_cp15_finish(&vcpu->arch.hyp->regs, hsr, &acc);
		return 1;
	}
	return exit_hyp(vcpu, VM_HYP_INTERNAL);
}
