/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all of Arm's PrimeCell peripherals share: 4 KiB of 32-bit registers,
 * with eight identification words at the end.
 */
#ifndef BHYVE_PRIMECELL_H
#define BHYVE_PRIMECELL_H

#include <stdbool.h>
#include <stdint.h>
#include "bhyve/machine/mem.h"

struct machine_range;

#define PRIMECELL_ID 0xfe0 /* PeriphID0-3, then PCellID0-3 */

/*
 * A device's registers; read and write are called with offsets that are
 * multiples of 4.
 */
struct primecell {
	const char *name;
	uint8_t id[8];
	uint32_t (*read)(void *dev, uint32_t offset);
	void (*write)(void *dev, uint32_t offset, uint32_t val);
};

/*
 * Puts @dev on the bus. A narrow read returns those bytes of the register; a
 * write is of the whole register, and ignored for the identification words.
 * Returns what register_mem() returns.
 */
int primecell_register(const struct primecell *pc, void *dev,
		       const struct machine_range *range);

#endif /* BHYVE_PRIMECELL_H */
