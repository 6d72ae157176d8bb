/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flash that firmware starts from: two banks, of code and of variables.
 * Each is two 16-bit NOR chips side by side on 32 bits and in step, with
 * Intel's command set (28F640J3 data sheet, "Command Set") and the Common Flash
 * Interface (JEDEC JESD68.01), in the geometry of QEMU's "virt". Programming
 * clears bits, erasing a block sets all of its bits, and either is done when
 * the next access comes.
 *
 * While a bank shows its array, the guest reads and executes it without an
 * exit; a command takes it out of the guest's address space, and the command
 * to read the array puts it back.
 */
#ifndef BHYVE_FLASH_CFI_H
#define BHYVE_FLASH_CFI_H

struct machine;
struct vmctx;

/*
 * Puts both banks on the bus: the first read-only with the file @rom, the
 * second kept in the file @vars (NULL: in memory alone). 0 or a negative
 * errno; says what is wrong with a file and exits.
 */
int flash_init(struct vmctx *ctx, const struct machine *machine,
	       const char *rom, const char *vars);

#endif /* BHYVE_FLASH_CFI_H */
