/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Register ids of an ARMv7-A vCPU.
 */
#ifndef VMM_ARM_VMM_REGS_H
#define VMM_ARM_VMM_REGS_H

#include <vmm/vmm_reg.h>

enum {
	VM_REG_CLASS_CORE = 1,
	VM_REG_CLASS_CP15 = 2,	  /* see VM_REG_CP15() */
	VM_REG_CLASS_CP15_64 = 3, /* see VM_REG_CP15_64() */
	VM_REG_CLASS_VFP = 4,	  /* 0-31: D registers; then FPSCR and so on */
	VM_REG_CLASS_VCPU = 5,	  /* enum vm_reg_vcpu */
	VM_REG_CLASS_CCSIDR = 6,  /* CCSIDR of each value of CSSELR, 0 to 13 */
};

/*
 * Core registers. R8-R12 without a suffix, SP and LR are those of User and
 * System mode (R8_usr and so on in DDI 0406C); each banked copy carries the
 * name of its mode.
 */
enum vm_reg_core {
	VM_REG_GUEST_R0 = VM_REG_ID(VM_REG_CLASS_CORE, 0),
	VM_REG_GUEST_R1,
	VM_REG_GUEST_R2,
	VM_REG_GUEST_R3,
	VM_REG_GUEST_R4,
	VM_REG_GUEST_R5,
	VM_REG_GUEST_R6,
	VM_REG_GUEST_R7,
	VM_REG_GUEST_R8,
	VM_REG_GUEST_R9,
	VM_REG_GUEST_R10,
	VM_REG_GUEST_R11,
	VM_REG_GUEST_R12,
	VM_REG_GUEST_SP,
	VM_REG_GUEST_LR,
	VM_REG_GUEST_PC,
	VM_REG_GUEST_CPSR,
	VM_REG_GUEST_SP_SVC,
	VM_REG_GUEST_LR_SVC,
	VM_REG_GUEST_SPSR_SVC,
	VM_REG_GUEST_SP_ABT,
	VM_REG_GUEST_LR_ABT,
	VM_REG_GUEST_SPSR_ABT,
	VM_REG_GUEST_SP_UND,
	VM_REG_GUEST_LR_UND,
	VM_REG_GUEST_SPSR_UND,
	VM_REG_GUEST_SP_IRQ,
	VM_REG_GUEST_LR_IRQ,
	VM_REG_GUEST_SPSR_IRQ,
	VM_REG_GUEST_R8_FIQ,
	VM_REG_GUEST_R9_FIQ,
	VM_REG_GUEST_R10_FIQ,
	VM_REG_GUEST_R11_FIQ,
	VM_REG_GUEST_R12_FIQ,
	VM_REG_GUEST_SP_FIQ,
	VM_REG_GUEST_LR_FIQ,
	VM_REG_GUEST_SPSR_FIQ,
	/*
	 * R0 to R14 as the mode in CPSR sees them: the register that the number
	 * in an instruction means. VM_GET_REG_LIST does not list these aliases.
	 */
	VM_REG_GUEST_CUR_R0 = VM_REG_ID(VM_REG_CLASS_CORE, 64),
	VM_REG_GUEST_CUR_R14 = VM_REG_ID(VM_REG_CLASS_CORE, 64 + 14),
};

/*
 * The id of a CP15 register, by the operands of MRC p15, opc1, Rt, CRn, CRm,
 * opc2.
 */
#define VM_REG_CP15(crn, opc1, crm, opc2) \
	VM_REG_ID(VM_REG_CLASS_CP15,      \
		  ((crn) << 12) | ((opc1) << 8) | ((crm) << 4) | (opc2))
/*
 * The id of a 64-bit CP15 register, by those of MRRC p15, opc1, Rt, Rt2, CRm.
 */
#define VM_REG_CP15_64(opc1, crm) \
	VM_REG_ID(VM_REG_CLASS_CP15_64, ((opc1) << 8) | ((crm) << 4))

#define VM_REG_VFP_D(n)	 VM_REG_ID(VM_REG_CLASS_VFP, (n))
#define VM_REG_VFP_FPSCR VM_REG_ID(VM_REG_CLASS_VFP, 32)
#define VM_REG_VFP_FPEXC VM_REG_ID(VM_REG_CLASS_VFP, 33)
#define VM_REG_VFP_FPSID VM_REG_ID(VM_REG_CLASS_VFP, 34)
#define VM_REG_VFP_MVFR1 VM_REG_ID(VM_REG_CLASS_VFP, 35)
#define VM_REG_VFP_MVFR0 VM_REG_ID(VM_REG_CLASS_VFP, 36)

#define VM_REG_CCSIDR(csselr) VM_REG_ID(VM_REG_CLASS_CCSIDR, (csselr))

/* State of a vCPU that no register of the architecture shows. */
enum vm_reg_vcpu {
	VM_REG_VCPU_POWER = VM_REG_ID(VM_REG_CLASS_VCPU, 0), /* VM_POWER_* */
	/*
	 * With VM_POWER_ON_PENDING and VM_POWER_SUSPENDED: where the vCPU will
	 * start (bit 0: in Thumb state), and with which R0.
	 */
	VM_REG_VCPU_ENTRY,
	VM_REG_VCPU_CONTEXT,
	/* 1: a virtual asynchronous abort waits until CPSR.A is clear */
	VM_REG_VCPU_ABORT,
	/*
	 * What SMCCC_ARCH_FEATURES returns for SMCCC_ARCH_WORKAROUND_1, as a
	 * 32-bit number. Like an ID register, it can be set only to the value
	 * that it has.
	 */
	VM_REG_VCPU_WORKAROUND_1,
};

/* PSCI's power states (DEN 0022). */
enum vm_power {
	VM_POWER_OFF,
	VM_POWER_ON_PENDING, /* CPU_ON was called; it has not started yet */
	VM_POWER_ON,
	VM_POWER_SUSPENDED, /* powered down, until an interrupt wakes it */
};

#endif /* VMM_ARM_VMM_REGS_H */
