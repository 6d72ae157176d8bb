/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware that starts instead of a kernel: bootrom=ROM[,VARS] (or
 * bootvars=VARS; see bhyve_config(5)) puts it into flash.
 */
#ifndef BHYVE_BOOTROM_H
#define BHYVE_BOOTROM_H

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct vmctx;

/* The firmware's file, or NULL: there is none. Valid until bhyve exits. */
const char *bootrom_path(void);

/* Whether the firmware's file is in ELF, and so for the loader. */
bool bootrom_is_elf(void);

/*
 * Puts flash into the machine if there is a firmware, or if the kernel is an ELF
 * file that is linked there, as QEMU's "virt" runs them. 0 or a negative errno; if a
 * file is wrong, prints that and exits.
 */
int bootrom_init(struct vmctx *ctx, const struct machine *machine);

/*
 * The flash that the loader fills, once bootrom_init() has been called. NULL: there
 * is no flash, or it has the firmware already.
 */
uint8_t *bootrom_memory(void);

#endif /* BHYVE_BOOTROM_H */
