// SPDX-License-Identifier: BSD-2-Clause
/*
 * The layout of C structures for HYP's assembly. The build compiles this file
 * to assembly, and makes hyp_offsets.h from the lines marked "->".
 */
#include "core/arm/hcr.h"
#include "hyp/arm/hyp_internal.h"

#define DEFINE(sym, val)	 asm volatile("\n->" #sym " %0" : : "i"(val))
#define OFFSET(sym, str, member) DEFINE(sym, offsetof(struct str, member))

void offsets(void);

void offsets(void)
{
	OFFSET(HYP_VCPU_PC, hyp_vcpu, regs.pc);
	OFFSET(HYP_VCPU_LR_USR, hyp_vcpu, regs.lr_usr);
	OFFSET(HYP_VCPU_SP, hyp_vcpu, sp);
	OFFSET(HYP_VCPU_HCR, hyp_vcpu, hcr);
	OFFSET(HYP_VCPU_CP15, hyp_vcpu, cp15);
	OFFSET(REGS_SP_USR, arm_regs, sp_usr);
	OFFSET(REGS_SP_SVC, arm_regs, sp_svc);
	OFFSET(CP15_SCTLR, arm_cp15, sctlr);

	OFFSET(HYP_CPU_VCPU, hyp_cpu, vcpu);
	OFFSET(HYP_CPU_STACK, hyp_cpu, stack);
	OFFSET(HYP_CPU_FAULT_STACK, hyp_cpu, fault_stack);
	OFFSET(HYP_CPU_STUB_HVBAR, hyp_cpu, stub_hvbar);
	OFFSET(HYP_CPU_STUB_HSCTLR, hyp_cpu, stub_hsctlr);
	OFFSET(HYP_CPU_FAULT, hyp_cpu, fault);
	OFFSET(HYP_CPU_LAST_FAULT, hyp_cpu, faults[HYP_FAULTS - 1]);

	DEFINE(HYP_FAULT_SIZE, sizeof(struct hyp_fault));
	OFFSET(HYP_FAULT_SP, hyp_fault, sp);
	OFFSET(HYP_FAULT_LR, hyp_fault, lr);
	OFFSET(HYP_FAULT_ELR, hyp_fault, elr);
	OFFSET(HYP_FAULT_SPSR, hyp_fault, spsr);
	OFFSET(HYP_FAULT_VECTOR, hyp_fault, vector);

	OFFSET(HYP_CONFIG_BOOT_LEAVE, hyp_config, boot_leave);
	OFFSET(HYP_CONFIG_HOST_FAULT, hyp_config, host_fault);

	DEFINE(HYP_BOOT_PARAMS_SIZE, sizeof(struct hyp_boot_params));
	OFFSET(HYP_BOOT_BOOT_HTTBR, hyp_boot_params, boot_httbr);
	OFFSET(HYP_BOOT_HTTBR, hyp_boot_params, httbr);
	OFFSET(HYP_BOOT_HTCR, hyp_boot_params, htcr);
	OFFSET(HYP_BOOT_HMAIR0, hyp_boot_params, hmair0);
	OFFSET(HYP_BOOT_HSCTLR, hyp_boot_params, hsctlr);
	OFFSET(HYP_BOOT_VA, hyp_boot_params, va);
	OFFSET(HYP_BOOT_PA, hyp_boot_params, pa);
	OFFSET(HYP_BOOT_INIT, hyp_boot_params, init);

	DEFINE(HCR_VA, HCR_VA);
	DEFINE(CPSR_A, CPSR_A);
	DEFINE(HVC_SET_VECTORS, HVC_SET_VECTORS);
	DEFINE(HVC_SOFT_RESTART, HVC_SOFT_RESTART);
	DEFINE(HVC_STUB_ERR, HVC_STUB_ERR);
	DEFINE(HYP_CALL_RUN, HYP_CALL_RUN);
	DEFINE(HYP_CALL_RUN_DEBUG, HYP_CALL_RUN_DEBUG);
	DEFINE(HYP_EXIT_FAULT, HYP_EXIT_FAULT);
	DEFINE(HYP_RESUME, HYP_RESUME);
}
