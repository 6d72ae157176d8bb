/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Constants for HYP's assembly. Offsets into C structures are in hyp_offsets.h,
 * which the build makes from hyp/arm/offsets.c.
 */
#ifndef HYP_ARM_ASM_H
#define HYP_ARM_ASM_H

#include "hyp_offsets.h"

/* SVC mode, A, I and F masked. */
#define HOST_FAULT_CPSR 0x1d3

#endif /* HYP_ARM_ASM_H */
