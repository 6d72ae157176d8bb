/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and writes banked registers by changing into each mode: the
 * instructions that reach them from another mode need the Virtualization
 * Extensions.
 */
#ifndef KIT_BANKED_H
#define KIT_BANKED_H

#include <stdint.h>

/* Called in SVC mode with IRQs masked. */
struct banked {
	uint32_t usr[2]; /* SP, LR */
	uint32_t irq[3]; /* SP, LR, SPSR */
	uint32_t abt[3];
	uint32_t und[3];
	uint32_t fiq[8]; /* R8 to R12, SP, LR, SPSR */
};

void banked_write(const struct banked *values);
void banked_read(struct banked *values);

#endif
