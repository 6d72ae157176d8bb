// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trapped coprocessor registers. The table and its rules are core/arm/cp15.c's;
 * here is what only the host can do.
 */
#include "core/arm/cp15.h"
#include "vmm/arm/cp15.h"
#include "vmm/arm/exit.h"
#include "vmm/arm/hyp.h"
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

int exit_cp(struct vcpu *vcpu, u32 hsr)
{
	struct arm_cp_ctx ctx = cp_ctx(vcpu);
	struct arm_cp_access acc;

	vcpu_count(vcpu, VM_STAT_CP15);
	switch (arm_cp15_access(&ctx, hsr, &acc)) {
	case ARM_CP_DONE:
	case ARM_CP_DONE_TIMER: /* HYP looks at it on entry */
		return 1;
	case ARM_CP_UNDEF:
		return exit_undef(vcpu);
	case ARM_CP_HOST:
		/*
		 * Set and way name a line of this CPU's caches; the vCPU may
		 * be elsewhere by now, so everything it has goes out.
		 */
		if (acc.reg->kind == ARM_CP_SETWAY)
			mem_flush_caches(vcpu->vm);
		arm_cp15_finish(&vcpu->arch.hyp->regs, hsr, &acc);
		return 1;
	}
	return exit_hyp(vcpu, VM_HYP_INTERNAL);
}
