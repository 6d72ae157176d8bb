// SPDX-License-Identifier: BSD-2-Clause
/*
 * Answers every trap: core/arm/trap.c classifies it, and the handlers here act.
 * A trap that no guest can cause goes to user space with all syndrome
 * registers.
 */
#include <linux/sched.h>

#include "core/arm/branch.h"
#include "core/arm/cond.h"
#include "core/arm/exception.h"
#include "core/arm/hcr.h"
#include "core/arm/hsr.h"
#include "core/arm/trap.h"
#include "vmm/arm/exit.h"
#include "vmm/arm/hyp.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"
#include "vmm/wait.h"

static bool trap_in_hyp_text(u32 pc)
{
	return pc >= (u32)hyp_text_start && pc < (u32)hyp_text_end &&
	       IS_ALIGNED(pc, 4);
}

/* HYP took a fault itself: prints it and ends the VM. */
static int trap_hyp_fault(struct vcpu *vcpu)
{
	const struct hyp_fault *f = &vcpu->arch.fault;
	struct vm_exit *exit;

	hyp_print_fault(f);
	exit_hyp(vcpu, VM_HYP_FAULT);
	exit = &vcpu->run->exit;
	exit->pc = f->elr;
	exit->inst_length = trap_in_hyp_text(f->elr) ? 4 : 0;
	exit->u.hyp.insn = trap_in_hyp_text(f->elr) ? *(const u32 *)f->elr : 0;
	exit->u.hyp.esr = f->hsr;
	exit->u.hyp.far = f->hdfar;
	exit->u.hyp.ifar = f->hifar;
	exit->u.hyp.hpfar = f->hpfar;
	exit->u.hyp.pstate = f->spsr;
	return 0;
}

static int trap_skip(struct vcpu *vcpu, u32 hsr)
{
	arm_skip_insn(&vcpu->arch.hyp->regs, hsr & HSR_IL);
	return 1;
}

static int trap_wfe(struct vcpu *vcpu, u32 hsr)
{
	trap_skip(vcpu, hsr);
	vcpu_count(vcpu, VM_STAT_WFE);
	/* Mostly the guest waits for a lock whose holder does not run now. */
	yield();
	return 1;
}

static int trap_wfi(struct vcpu *vcpu, u32 hsr)
{
	struct vm_exit *exit;

	trap_skip(vcpu, hsr);
	vcpu_count(vcpu, VM_STAT_WFI);
	if (!vcpu->halt_exit)
		return vcpu_block(vcpu) ? -EINTR : 1;
	exit = vcpu_exit(vcpu, VM_EXITCODE_WFI);
	exit->pc = vcpu->arch.hyp->regs.pc;
	return 0;
}

static int trap_undefined(struct vcpu *vcpu, u32 hsr)
{
	return exit_undef(vcpu);
}

static int trap_bxj(struct vcpu *vcpu, u32 hsr)
{
	arm_emulate_bxj(&vcpu->arch.hyp->regs, hsr);
	return 1;
}

static int trap_svc(struct vcpu *vcpu, u32 hsr)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;

	arm_inject_svc(&hyp->regs, hyp->cp15.sctlr, hyp->cp15.vbar);
	return 1;
}

/*
 * SMC is undefined without the Security Extensions, which the guest's ID_PFR1
 * does not show.
 */
static int trap_smc(struct vcpu *vcpu, u32 hsr)
{
	vcpu_count(vcpu, VM_STAT_SMC);
	return exit_undef(vcpu);
}

static int trap_unknown(struct vcpu *vcpu, u32 hsr)
{
	return exit_hyp(vcpu, VM_HYP_UNKNOWN_EC);
}

static int (*const trap_handlers[])(struct vcpu *vcpu, u32 hsr) = {
	[ARM_TRAP_NONE] = trap_unknown,	   [ARM_TRAP_SKIP] = trap_skip,
	[ARM_TRAP_UNDEF] = trap_undefined, [ARM_TRAP_WFI] = trap_wfi,
	[ARM_TRAP_WFE] = trap_wfe,	   [ARM_TRAP_CP] = exit_cp,
	[ARM_TRAP_BXJ] = trap_bxj,	   [ARM_TRAP_SVC] = trap_svc,
	[ARM_TRAP_HVC] = exit_hvc,	   [ARM_TRAP_SMC] = trap_smc,
	[ARM_TRAP_ABORT] = exit_abort,	   [ARM_TRAP_DEBUG] = exit_debug_event,
};

static int trap_handle(struct vcpu *vcpu)
{
	const struct hyp_vcpu *hyp = vcpu->arch.hyp;

	return trap_handlers[arm_trap(hyp->hsr, hyp->regs.cpsr)](vcpu,
								 hyp->hsr);
}

int vcpu_arch_handle(struct vcpu *vcpu)
{
	switch (vcpu->arch.hyp_exit) {
	case HYP_EXIT_TRAP:
		return trap_handle(vcpu);
	case HYP_EXIT_IRQ:
	case HYP_EXIT_TIMER:
		return 1;
	case HYP_EXIT_KICK:
		vgic_kick(vcpu, vcpu->arch.hyp->kick);
		return 1;
	case HYP_EXIT_POSTED:
		posted_wake(vcpu->vm, vcpu->arch.hyp->kick);
		return 1;
	case HYP_EXIT_FAULT:
		return trap_hyp_fault(vcpu);
	default:
		return exit_hyp(vcpu, VM_HYP_INTERNAL);
	}
}
