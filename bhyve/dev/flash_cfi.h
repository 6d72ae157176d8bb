/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flash from which firmware starts: two banks, for code and for variables.
 * A bank is two 16-bit NOR chips in parallel on 32 bits, with Intel's command
 * set (28F640J3 data sheet) and the Common Flash Interface (JEDEC JESD68.01),
 * in the geometry of QEMU's "virt". Programming clears bits and erasing a block
 * sets all of its bits; both are complete at the next access.
 *
 * While a bank is in read-array mode, the guest reads and executes it without
 * an exit. Other commands take it out of the guest's address space until the
 * read-array command.
 */
#ifndef BHYVE_FLASH_CFI_H
#define BHYVE_FLASH_CFI_H

#include <stdint.h>

struct machine;
struct vmctx;

/*
 * Puts both banks on the bus. The first is read-only and has the contents of the
 * file @rom; if @rom is NULL it has zeros, which a loader replaces (flash_code()).
 * The second has the contents of the file @vars, and keeps them there; if @vars is
 * NULL they are only in memory. 0 or a negative errno; if a file is wrong, prints
 * that and exits.
 */
int flash_init(struct vmctx *ctx, const struct machine *machine,
	       const char *rom, const char *vars);

/* The contents of the first bank, once flash_init() has been called. */
uint8_t *flash_code(void);

#endif /* BHYVE_FLASH_CFI_H */
