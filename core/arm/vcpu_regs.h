/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of an ARMv7-A vCPU as memory holds them. The world switch in
 * hyp/ loads and stores these structures by offset, so that their layout is
 * checked below; a member added here is added there too.
 */
#ifndef CORE_ARM_VCPU_REGS_H
#define CORE_ARM_VCPU_REGS_H

#include "core/types.h"

/*
 * Core registers with every banked copy (Arm ARM DDI 0406C B1.3.2). R8-R12
 * are those of all modes but FIQ, whichever mode cpsr says.
 */
struct arm_regs {
	uint32_t r[13];
	uint32_t sp_usr;
	uint32_t lr_usr;
	uint32_t pc;
	uint32_t cpsr;
	uint32_t sp_svc, lr_svc, spsr_svc;
	uint32_t sp_abt, lr_abt, spsr_abt;
	uint32_t sp_und, lr_und, spsr_und;
	uint32_t sp_irq, lr_irq, spsr_irq;
	uint32_t r8_fiq, r9_fiq, r10_fiq, r11_fiq, r12_fiq;
	uint32_t sp_fiq, lr_fiq, spsr_fiq;
};

/*
 * The CP15 registers a guest changes without a trap, which the world switch
 * therefore saves and loads, and the two it reads through VPIDR and VMPIDR.
 * 64-bit members come first: no padding for any compiler.
 */
struct arm_cp15 {
	uint64_t ttbr0;
	uint64_t ttbr1;
	uint64_t par;
	uint64_t cntv_cval;
	uint32_t sctlr;
	uint32_t cpacr;
	uint32_t ttbcr;
	uint32_t dacr;
	uint32_t mair0; /* PRRR where TTBCR.EAE is 0 */
	uint32_t mair1; /* NMRR */
	uint32_t amair0;
	uint32_t amair1;
	uint32_t vbar;
	uint32_t contextidr;
	uint32_t tpidrurw;
	uint32_t tpidruro;
	uint32_t tpidrprw;
	uint32_t cntkctl;
	uint32_t dfsr;
	uint32_t ifsr;
	uint32_t adfsr;
	uint32_t aifsr;
	uint32_t dfar;
	uint32_t ifar;
	uint32_t csselr;
	uint32_t cntv_ctl;
	uint32_t vpidr;	 /* the guest's MIDR */
	uint32_t vmpidr; /* the guest's MPIDR */
};

_Static_assert(offsetof(struct arm_regs, sp_usr) == 52, "layout");
_Static_assert(offsetof(struct arm_regs, pc) == 60, "layout");
_Static_assert(offsetof(struct arm_regs, cpsr) == 64, "layout");
_Static_assert(offsetof(struct arm_regs, sp_svc) == 68, "layout");
_Static_assert(offsetof(struct arm_regs, r8_fiq) == 116, "layout");
_Static_assert(sizeof(struct arm_regs) == 148, "layout");
_Static_assert(offsetof(struct arm_cp15, cntv_cval) == 24, "layout");
_Static_assert(offsetof(struct arm_cp15, sctlr) == 32, "layout");
_Static_assert(offsetof(struct arm_cp15, cntkctl) == 84, "layout");
_Static_assert(offsetof(struct arm_cp15, csselr) == 112, "layout");
_Static_assert(offsetof(struct arm_cp15, vmpidr) == 124, "layout");
_Static_assert(sizeof(struct arm_cp15) == 128, "layout");

#endif /* CORE_ARM_VCPU_REGS_H */
