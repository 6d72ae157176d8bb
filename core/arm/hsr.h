/* SPDX-License-Identifier: BSD-2-Clause */
/* The Hyp Syndrome Register (DDI 0406C, HSR). */
#ifndef CORE_ARM_HSR_H
#define CORE_ARM_HSR_H

#include "core/types.h"

#define HSR_EC(hsr)  ((uint32_t)(hsr) >> 26)
#define HSR_IL	     (1u << 25) /* the instruction is four bytes */
#define HSR_ISS_MASK 0x01ffffffu

enum hsr_ec {
	HSR_EC_UNKNOWN = 0x00,
	HSR_EC_WFX = 0x01,
	HSR_EC_CP15_32 = 0x03,
	HSR_EC_CP15_64 = 0x04,
	HSR_EC_CP14_32 = 0x05,
	HSR_EC_CP14_LS = 0x06, /* LDC, STC */
	HSR_EC_CP_0_13 = 0x07, /* HCPTR: coprocessors 0-13, VFP, NEON */
	HSR_EC_CP10_ID = 0x08, /* VMRS of an ID register */
	HSR_EC_BXJ = 0x0a,
	HSR_EC_CP14_64 = 0x0c,
	HSR_EC_ILLEGAL = 0x0e,
	HSR_EC_SVC = 0x11,
	HSR_EC_HVC = 0x12,
	HSR_EC_SMC = 0x13,
	HSR_EC_PABT = 0x20, /* from PL0, PL1 */
	HSR_EC_PABT_HYP = 0x21,
	HSR_EC_DABT = 0x24, /* from PL0, PL1 */
	HSR_EC_DABT_HYP = 0x25,
	/*
	 * ARMv8's classes for debug exceptions, which QEMU's ARMv7 CPUs use,
	 * too. A real ARMv7 CPU reports 0x20 or 0x24 with HSR_FSC_DEBUG.
	 */
	HSR_EC_BREAKPOINT = 0x30,
	HSR_EC_WATCHPOINT = 0x34,
	HSR_EC_BKPT = 0x38,
};

/* Condition, for exception classes below 0x10 */
#define HSR_CV	      (1u << 24)
#define HSR_COND(hsr) (((hsr) >> 20) & 0xf)

/* EC 0x01 */
#define HSR_WFX_WFE (1u << 0)

/* EC 0x03, 0x05, 0x08: MCR, MRC. */
#define HSR_CP_OPC2(hsr) (((hsr) >> 17) & 0x7)
#define HSR_CP_OPC1(hsr) (((hsr) >> 14) & 0x7)
#define HSR_CP_CRN(hsr)	 (((hsr) >> 10) & 0xf)
#define HSR_CP_RT(hsr)	 (((hsr) >> 5) & 0xf)
#define HSR_CP_CRM(hsr)	 (((hsr) >> 1) & 0xf)
#define HSR_CP_READ	 (1u << 0) /* MRC, MRRC */

/* EC 0x04, 0x0c: MCRR, MRRC; Rt and CRm as above. */
#define HSR_CP64_OPC1(hsr) (((hsr) >> 16) & 0xf)
#define HSR_CP64_RT2(hsr)  (((hsr) >> 10) & 0xf)

/* EC 0x07: ISS[5] for NEON, ISS[3:0] otherwise. */
#define HSR_CP_TA	   (1u << 5)
#define HSR_CP_NUMBER(hsr) ((hsr)&0xf)

/* EC 0x0a */
#define HSR_BXJ_RM(hsr) ((hsr)&0xf)

/* EC 0x11, 0x12 */
#define HSR_IMM16(hsr) ((hsr)&0xffff)

/* EC 0x20, 0x21, 0x24, 0x25 */
#define HSR_EA		    (1u << 9)
#define HSR_S1PTW	    (1u << 7)
#define HSR_FSC(hsr)	    ((hsr)&0x3f)
#define HSR_FSC_TYPE(hsr)   ((hsr)&0x3c) /* FSC without the level */
#define HSR_FSC_TRANSLATION 0x04
#define HSR_FSC_ACCESS_FLAG 0x08
#define HSR_FSC_PERMISSION  0x0c
#define HSR_FSC_DEBUG	    0x22 /* breakpoint, watchpoint, BKPT */
#define HSR_FSC_ASYNC	    0x11 /* asynchronous external abort */

/* EC 0x24: data aborts. The fields SAS to SF are valid only with ISV. */
#define HSR_DABT_ISV	   (1u << 24)
#define HSR_DABT_SIZE(hsr) (1u << (((hsr) >> 22) & 0x3)) /* bytes */
#define HSR_DABT_SSE	   (1u << 21)			 /* sign-extend */
#define HSR_DABT_SRT(hsr)  (((hsr) >> 16) & 0xf)
#define HSR_DABT_CM	   (1u << 8) /* cache maintenance operation */
#define HSR_DABT_WNR	   (1u << 6)

/*
 * The name of exception class ec (0-63), as in DDI 0406C, HSR; "reserved" for a
 * reserved one.
 */
const char *hsr_ec_name(unsigned int ec);

#endif /* CORE_ARM_HSR_H */
