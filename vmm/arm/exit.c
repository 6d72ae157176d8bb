// SPDX-License-Identifier: BSD-2-Clause
/*
 * Two results that any exit may have: an Undefined Instruction exception in the
 * guest, or a return to user space with all syndrome registers.
 */
#include "core/arm/exception.h"
#include "vmm/arm/exit.h"
#include "vmm/arm/guest_va.h"
#include "vmm/vcpu.h"

int exit_undef(struct vcpu *vcpu)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;

	vcpu_count(vcpu, VM_STAT_UNDEF);
	arm_inject_undef(&hyp->regs, hyp->cp15.sctlr, hyp->cp15.vbar);
	return 1;
}

int exit_hyp(struct vcpu *vcpu, enum vm_hyp_reason reason)
{
	const struct hyp_vcpu *hyp = vcpu->arch.hyp;
	struct vm_exit *exit = vcpu_exit(vcpu, VM_EXITCODE_HYP);
	u32 insn, len;

	vcpu_count(vcpu, VM_STAT_OTHER);
	exit->pc = hyp->regs.pc;
	exit->u.hyp.esr = hyp->hsr;
	exit->u.hyp.far = hyp->hdfar;
	exit->u.hyp.ifar = hyp->hifar;
	exit->u.hyp.hpfar = hyp->hpfar;
	exit->u.hyp.pstate = hyp->regs.cpsr;
	exit->u.hyp.gpa = (u64)(hyp->hpfar & ~0xfu) << 8;
	exit->u.hyp.insn = 0;
	exit->u.hyp.reason = reason;
	if (guest_va_fetch(vcpu, &insn, &len)) {
		exit->u.hyp.insn = insn;
		exit->inst_length = len;
	}
	return 0;
}
