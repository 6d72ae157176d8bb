/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bits of the program status register and of SCTLR (DDI 0406C, CPSR and SCTLR).
 */
#ifndef CORE_ARM_CPU_H
#define CORE_ARM_CPU_H

#include "core/types.h"

#define CPSR_M_MASK  0x1fu
#define CPSR_T	     (1u << 5)
#define CPSR_F	     (1u << 6)
#define CPSR_I	     (1u << 7)
#define CPSR_A	     (1u << 8)
#define CPSR_E	     (1u << 9)
#define CPSR_IT_7_2  0x0000fc00u /* IT[7:2] */
#define CPSR_IT_1_0  0x06000000u /* IT[1:0] */
#define CPSR_IT_MASK (CPSR_IT_7_2 | CPSR_IT_1_0)
#define CPSR_J	     (1u << 24)
#define CPSR_V	     (1u << 28)
#define CPSR_C	     (1u << 29)
#define CPSR_Z	     (1u << 30)
#define CPSR_N	     (1u << 31)

#define ARM_MODE_USR 0x10u
#define ARM_MODE_FIQ 0x11u
#define ARM_MODE_IRQ 0x12u
#define ARM_MODE_SVC 0x13u
#define ARM_MODE_MON 0x16u
#define ARM_MODE_ABT 0x17u
#define ARM_MODE_HYP 0x1au
#define ARM_MODE_UND 0x1bu
#define ARM_MODE_SYS 0x1fu

#define SCTLR_M	   (1u << 0)
#define SCTLR_A	   (1u << 1)
#define SCTLR_C	   (1u << 2)
#define SCTLR_I	   (1u << 12)
#define SCTLR_V	   (1u << 13)
#define SCTLR_WXN  (1u << 19)
#define SCTLR_UWXN (1u << 20)
#define SCTLR_EE   (1u << 25)
#define SCTLR_AFE  (1u << 29)
#define SCTLR_TE   (1u << 30)
/*
 * SCTLR at reset of Cortex-A7, A15 and A17: only bits that read as one are set.
 */
#define SCTLR_RESET 0x00c50078u

/* TTBCR_EAE is a name of the host kernel's headers. */
#define ARM_TTBCR_EAE (1u << 31)

/* CPSR at reset: Supervisor mode, A, I and F masked. */
#define CPSR_RESET (ARM_MODE_SVC | CPSR_A | CPSR_I | CPSR_F)

/* Whether a guest can be in this mode: not HYP, not Monitor, not reserved. */
static inline bool arm_mode_valid(uint32_t cpsr)
{
	switch (cpsr & CPSR_M_MASK) {
	case ARM_MODE_USR:
	case ARM_MODE_FIQ:
	case ARM_MODE_IRQ:
	case ARM_MODE_SVC:
	case ARM_MODE_ABT:
	case ARM_MODE_UND:
	case ARM_MODE_SYS:
		return true;
	}
	return false;
}

/* Whether the mode is PL1: any but User. */
static inline bool arm_mode_priv(uint32_t cpsr)
{
	return (cpsr & CPSR_M_MASK) != ARM_MODE_USR;
}

#endif /* CORE_ARM_CPU_H */
