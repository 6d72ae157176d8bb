/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bits of the registers that select what traps from a guest to HYP (DDI 0406C,
 * HCR, HCPTR, HDCR, HSTR, CNTHCTL).
 */
#ifndef CORE_ARM_HCR_H
#define CORE_ARM_HCR_H

#define HCR_VM	   (1u << 0) /* enables stage 2 */
#define HCR_SWIO   (1u << 1) /* DCISW cleans as well */
#define HCR_PTW	   (1u << 2) /* a table walk in Device memory faults */
#define HCR_FMO	   (1u << 3)
#define HCR_IMO	   (1u << 4)
#define HCR_AMO	   (1u << 5)
#define HCR_VA	   (1u << 8)  /* a virtual asynchronous abort is pending */
#define HCR_FB	   (1u << 9)  /* broadcasts maintenance operations */
#define HCR_BSU_IS (1u << 10) /* barriers are at least Inner Shareable */
#define HCR_TWI	   (1u << 13)
#define HCR_TWE	   (1u << 14)
#define HCR_TID0   (1u << 15) /* Jazelle IDs */
#define HCR_TID1   (1u << 16) /* TCMTR, TLBTR, REVIDR, AIDR */
#define HCR_TID3   (1u << 18) /* feature registers */
#define HCR_TSC	   (1u << 19) /* SMC */
#define HCR_TIDCP  (1u << 20) /* implementation-defined c9-c11, c15 */
#define HCR_TAC	   (1u << 21) /* ACTLR */
#define HCR_TSW	   (1u << 22) /* maintenance by set/way */
#define HCR_TVM	   (1u << 26) /* writes of MMU registers */

#define HCPTR_TCP10 (1u << 10)
#define HCPTR_TCP11 (1u << 11)
#define HCPTR_TASE  (1u << 15) /* NEON */
#define HCPTR_TTA   (1u << 20) /* trace */

#define HDCR_HPMN  0x1fu
#define HDCR_TPMCR (1u << 5)
#define HDCR_TPM   (1u << 6)
#define HDCR_TDE   (1u << 8) /* debug exceptions */
#define HDCR_TDA   (1u << 9) /* CP14 debug registers */
#define HDCR_TDOSA (1u << 10)
#define HDCR_TDRA  (1u << 11)

#define HSTR_T(crn) (1u << (crn)) /* CP15 registers of that CRn */
#define HSTR_TTEE   (1u << 16)	  /* ThumbEE */
#define HSTR_TJDBX  (1u << 17)	  /* Jazelle, BXJ */

#define CNTHCTL_PL1PCTEN (1u << 0) /* CNTPCT without a trap */

#endif /* CORE_ARM_HCR_H */
