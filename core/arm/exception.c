/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/exception.h"
#include "core/arm/banked.h"
#include "core/arm/cpu.h"

/* Offsets of the exception vectors. */
#define VECTOR_UNDEF 0x04
#define VECTOR_SVC   0x08
#define VECTOR_PABT  0x0c
#define VECTOR_DABT  0x10

#define HIVECS	 0xffff0000u
#define FSR_LPAE (1u << 9)
#define FSR_WNR	 (1u << 11)

/*
 * The fault status codes of the short-descriptor format (DDI 0406C, DFSR).
 * Level 2 differs from level 1 in bit 1, but not for access flag faults.
 */
static uint32_t exception_status_short(const struct arm_fault *fault)
{
	bool l2 = fault->level >= 2;

	switch (fault->type) {
	case ARM_FAULT_ALIGNMENT:
		return 0x01;
	case ARM_FAULT_DEBUG:
		return 0x02;
	case ARM_FAULT_ACCESS_FLAG:
		return l2 ? 0x06 : 0x03;
	case ARM_FAULT_TRANSLATION:
		return l2 ? 0x07 : 0x05;
	case ARM_FAULT_DOMAIN:
		return l2 ? 0x0b : 0x09;
	case ARM_FAULT_EXTERNAL_WALK:
		return l2 ? 0x0e : 0x0c;
	case ARM_FAULT_PERMISSION:
		return l2 ? 0x0f : 0x0d;
	default:
		return 0x08;
	}
}

/* The fault status codes of the long-descriptor format (DDI 0406C, DFSR). */
static uint32_t exception_status_long(const struct arm_fault *fault)
{
	uint32_t level = fault->level & 3;

	switch (fault->type) {
	case ARM_FAULT_TRANSLATION:
		return 0x04 | level;
	case ARM_FAULT_ACCESS_FLAG:
		return 0x08 | level;
	case ARM_FAULT_PERMISSION:
		return 0x0c | level;
	case ARM_FAULT_EXTERNAL_WALK:
		return 0x14 | level;
	case ARM_FAULT_ALIGNMENT:
		return 0x21;
	case ARM_FAULT_DEBUG:
		return 0x22;
	case ARM_FAULT_DOMAIN:
		return 0x3c | level;
	default:
		return 0x10;
	}
}

/* HSR uses the codes of the long-descriptor format. */
bool arm_fault_from_fsc(uint32_t fsc, struct arm_fault *fault)
{
	static const uint8_t by_level[16] = {
		[0x04 >> 2] = ARM_FAULT_TRANSLATION,
		[0x08 >> 2] = ARM_FAULT_ACCESS_FLAG,
		[0x0c >> 2] = ARM_FAULT_PERMISSION,
		[0x14 >> 2] = ARM_FAULT_EXTERNAL_WALK,
	};

	fsc &= 0x3f;
	fault->level = 0;
	switch (fsc) {
	case 0x10:
		fault->type = ARM_FAULT_EXTERNAL;
		return true;
	case 0x21:
		fault->type = ARM_FAULT_ALIGNMENT;
		return true;
	case 0x22:
		fault->type = ARM_FAULT_DEBUG;
		return true;
	default:
		fault->type = by_level[fsc >> 2];
		fault->level = fsc & 3;
		return fault->level && fault->type != ARM_FAULT_NONE;
	}
}

uint32_t arm_fault_fsr(const struct arm_fault *fault, uint32_t ttbcr)
{
	uint32_t wnr = fault->write ? FSR_WNR : 0;

	if (ttbcr & ARM_TTBCR_EAE)
		return FSR_LPAE | wnr | exception_status_long(fault);
	/* FS[4], which is bit 10, is clear in all of these codes. */
	return wnr | exception_status_short(fault) |
	       ((uint32_t)(fault->domain & 0xf) << 4);
}

/*
 * The part that all exception entries share. mask: A, I, F bits to set in CPSR.
 */
static void exception_enter(struct arm_regs *regs, uint32_t mode, uint32_t lr,
			    uint32_t vector, uint32_t mask, uint32_t sctlr,
			    uint32_t vbar)
{
	uint32_t cpsr = regs->cpsr;

	*arm_spsr(regs, mode) = cpsr;
	*arm_reg_mode(regs, mode, 14) = lr;
	cpsr &= ~(CPSR_M_MASK | CPSR_IT_MASK | CPSR_J | CPSR_T | CPSR_E);
	cpsr |= mode | mask;
	if (sctlr & SCTLR_TE)
		cpsr |= CPSR_T;
	if (sctlr & SCTLR_EE)
		cpsr |= CPSR_E;
	regs->cpsr = cpsr;
	/* VBAR[4:0] is reserved. */
	regs->pc = (sctlr & SCTLR_V ? HIVECS : vbar & ~0x1fu) + vector;
}

void arm_inject_undef(struct arm_regs *regs, uint32_t sctlr, uint32_t vbar)
{
	/* LR_und is the address of the instruction after the undefined one. */
	uint32_t lr = regs->pc + (regs->cpsr & CPSR_T ? 2 : 4);

	exception_enter(regs, ARM_MODE_UND, lr, VECTOR_UNDEF, CPSR_I, sctlr,
			vbar);
}

void arm_inject_svc(struct arm_regs *regs, uint32_t sctlr, uint32_t vbar)
{
	exception_enter(regs, ARM_MODE_SVC, regs->pc, VECTOR_SVC, CPSR_I, sctlr,
			vbar);
}

void arm_inject_pabt(struct arm_regs *regs, struct arm_cp15 *cp15, uint32_t far,
		     const struct arm_fault *fault)
{
	struct arm_fault ifetch = *fault;

	/* IFSR has no domain and no WnR. */
	ifetch.domain = 0;
	ifetch.write = false;
	cp15->ifsr = arm_fault_fsr(&ifetch, cp15->ttbcr);
	cp15->ifar = far;
	exception_enter(regs, ARM_MODE_ABT, regs->pc + 4, VECTOR_PABT,
			CPSR_A | CPSR_I, cp15->sctlr, cp15->vbar);
}

void arm_inject_dabt(struct arm_regs *regs, struct arm_cp15 *cp15, uint32_t far,
		     const struct arm_fault *fault)
{
	cp15->dfsr = arm_fault_fsr(fault, cp15->ttbcr);
	cp15->dfar = far;
	exception_enter(regs, ARM_MODE_ABT, regs->pc + 8, VECTOR_DABT,
			CPSR_A | CPSR_I, cp15->sctlr, cp15->vbar);
}
