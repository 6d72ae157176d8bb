/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware that a VM starts with in place of a kernel: bootrom=ROM[,VARS]
 * (or bootvars=VARS, as in bhyve_config(5)) puts it into flash.
 */
#ifndef BHYVE_BOOTROM_H
#define BHYVE_BOOTROM_H

struct machine;
struct vmctx;

/* The firmware's file, or NULL: there is none. Valid until the exit. */
const char *bootrom_path(void);

/*
 * Puts the flash with the firmware, if there is one, into the machine. 0 or a
 * negative errno; says what is wrong with a file and exits.
 */
int bootrom_init(struct vmctx *ctx, const struct machine *machine);

#endif /* BHYVE_BOOTROM_H */
