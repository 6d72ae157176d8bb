/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all of Arm's PrimeCell peripherals have in common: 4 KiB of 32-bit
 * registers, and at their end eight words of identification.
 */
#ifndef BHYVE_PRIMECELL_H
#define BHYVE_PRIMECELL_H

#include <stdbool.h>
#include <stdint.h>
#include "bhyve/machine/mem.h"

struct machine_range;

#define PRIMECELL_ID	0xfe0 /* PeriphID0-3, then PCellID0-3 */

/* The registers behind one page; called with 4-byte aligned offsets. */
struct primecell {
	const char *name;
	uint8_t id[8];
	uint32_t (*read)(void *dev, uint32_t offset);
	void (*write)(void *dev, uint32_t offset, uint32_t val);
};

/*
 * Puts @dev on the bus. Reads of part of a register give those bytes of it,
 * writes are of the whole register; there is nothing behind its identification
 * words to write. As register_mem().
 */
int primecell_register(const struct primecell *pc, void *dev,
		       const struct machine_range *range);

#endif /* BHYVE_PRIMECELL_H */
