/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Constants for HYP's assembly: offsets into C structures come from
 * hyp/arm/offsets.c by way of the build.
 */
#ifndef HYP_ARM_ASM_H
#define HYP_ARM_ASM_H

#include "hyp_offsets.h"

/* SVC mode, A, I and F masked. */
#define HOST_FAULT_CPSR 0x1d3

#endif /* HYP_ARM_ASM_H */
