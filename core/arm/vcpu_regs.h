/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of an ARMv7-A vCPU in memory. The world switch in hyp/ accesses
 * these structures by offset, so a member that is added here is added there,
 * too; the assertions below check the layout.
 */
#ifndef CORE_ARM_VCPU_REGS_H
#define CORE_ARM_VCPU_REGS_H

#include "core/types.h"

/*
 * Core registers with all banked copies. R8-R12 are those of all modes but FIQ,
 * whatever mode cpsr has.
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
 * The CP15 registers that a guest changes without a trap, so the world switch
 * saves and loads them; and VPIDR and VMPIDR, through which it reads two more.
 * 64-bit members come first, so that no compiler adds padding.
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
	uint32_t mair0; /* PRRR if TTBCR.EAE is 0 */
	uint32_t mair1; /* NMRR if TTBCR.EAE is 0 */
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
