/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware that starts instead of a kernel: bootrom=ROM[,VARS] (or
 * bootvars=VARS; see bhyve_config(5)) puts it into flash.
 */
#ifndef BHYVE_BOOTROM_H
#define BHYVE_BOOTROM_H

struct machine;
struct vmctx;

/* The firmware's file, or NULL: there is none. Valid until bhyve exits. */
const char *bootrom_path(void);

/*
 * Puts flash with the firmware, if there is one, into the machine. 0 or a
 * negative errno; if a file is wrong, prints that and exits.
 */
int bootrom_init(struct vmctx *ctx, const struct machine *machine);

#endif /* BHYVE_BOOTROM_H */
