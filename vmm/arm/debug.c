// SPDX-License-Identifier: BSD-2-Clause
/*
 * Breakpoints, watchpoints and BKPT: HDCR.TDE brings their debug exceptions to
 * HYP. HYP loads the points of a vCPU's debugger when the vCPU runs
 * (hyp/arm/debug.c); for other vCPUs the host's points stay in the CPU.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/cputype.h>

#include "core/arm/debug.h"
#include "core/arm/exception.h"
#include "core/arm/hsr.h"
#include "vmm/arm/exit.h"
#include "vmm/vcpu.h"

/* ID_DFR0.CopDbg is 4 or 5 for v7 and v7.1 debug with a CP14 interface. */
static bool debug_has_registers(void)
{
	u32 didr;

	if ((read_cpuid_ext(CPUID_EXT_DFR0) & 0xf) < 4)
		return false;
	asm volatile("mrc p14, 0, %0, c0, c0, 0" : "=r"(didr)); /* DBGDIDR */
	return (didr >> 24 & 0xf) + 1 >= ARM_NR_BREAKPOINTS &&
	       (didr >> 28) + 1 >= ARM_NR_WATCHPOINTS;
}

static bool debug_set_points(struct arm_debug *debug,
			     const struct vm_debug_args *args)
{
	const struct vm_debug_point *p;
	unsigned int i;

	for (i = 0; i < ARM_NR_BREAKPOINTS; i++) {
		p = &args->bp[i];
		if (p->flags || (p->len && !arm_debug_set_breakpoint(
						   debug, i, p->gla, p->len)))
			return false;
	}
	for (i = 0; i < ARM_NR_WATCHPOINTS; i++) {
		p = &args->wp[i];
		if (p->len && !arm_debug_set_watchpoint(debug, i, p->gla,
							p->len, p->flags))
			return false;
	}
	return true;
}

int vcpu_arch_set_debug(struct vcpu *vcpu, const struct vm_debug_args *args)
{
	struct arm_debug debug = { 0 };
	bool on = args->flags & VM_DEBUG_F_ON;

	BUILD_BUG_ON(VM_MAX_BREAKPOINTS != ARM_NR_BREAKPOINTS);
	BUILD_BUG_ON(VM_MAX_WATCHPOINTS != ARM_NR_WATCHPOINTS);
	BUILD_BUG_ON(VM_WATCH_LOAD != ARM_WATCH_LOAD);
	BUILD_BUG_ON(VM_WATCH_STORE != ARM_WATCH_STORE);
	if (args->flags & ~VM_DEBUG_F_ON || args->pad ||
	    !debug_set_points(&debug, args))
		return -EINVAL;
	if (on && !debug_has_registers())
		return -ENODEV;
	vcpu->arch.hyp->debug = debug;
	vcpu->arch.debugged = on;
	vcpu->arch.run_call = on ? HYP_CALL_RUN_DEBUG : HYP_CALL_RUN;
	return 0;
}

static int debug_tell_user(struct vcpu *vcpu, u32 hsr)
{
	struct vm_exit *exit = vcpu_exit(vcpu, VM_EXITCODE_BPT);
	bool watch = HSR_EC(hsr) == HSR_EC_DABT ||
		     HSR_EC(hsr) == HSR_EC_WATCHPOINT;

	vcpu_count(vcpu, VM_STAT_OTHER);
	exit->pc = vcpu->arch.hyp->regs.pc;
	exit->u.bpt.watch = watch;
	exit->u.bpt.pad = 0;
	exit->u.bpt.gla = watch ? vcpu->arch.hyp->hdfar : exit->pc;
	return 0;
}

/* Gives the guest the Prefetch Abort of its own BKPT. */
static int debug_inject_bkpt(struct vcpu *vcpu)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	const struct arm_fault fault = { .type = ARM_FAULT_DEBUG };

	arm_inject_pabt(&hyp->regs, &hyp->cp15, hyp->regs.pc, &fault);
	return 1;
}

/*
 * Without a debugger the debug event is a BKPT, or it comes from a breakpoint
 * or watchpoint that ptrace or perf has set on the vCPU's thread; the guest
 * must not see those. The vCPU runs again, from now on with no points loaded in
 * place of the host's. If the event comes again, it is a BKPT.
 */
int exit_debug_event(struct vcpu *vcpu, u32 hsr)
{
	if (vcpu->arch.debugged)
		return debug_tell_user(vcpu, hsr);
	if (vcpu->arch.run_call == HYP_CALL_RUN_DEBUG)
		return debug_inject_bkpt(vcpu);
	vcpu->arch.run_call = HYP_CALL_RUN_DEBUG;
	return 1;
}
