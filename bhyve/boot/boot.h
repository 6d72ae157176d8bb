/* SPDX-License-Identifier: BSD-2-Clause */
/* From the configuration's kernel to a vCPU that is about to enter it. */
#ifndef BHYVE_BOOT_H
#define BHYVE_BOOT_H

#include <stdint.h>

struct machine;
struct vmctx;

/*
 * Loads kernel=, initrd= and the device tree, which describes @ncpus vCPUs and
 * @ram_size bytes of RAM, and sets up vCPU 0. After all devices; says what is
 * wrong and exits.
 */
void boot_guest(struct vmctx *ctx, const struct machine *machine,
		unsigned int ncpus, uint64_t ram_size);

/*
 * Once more into memory that is all zero and a vCPU 0 fresh from its reset,
 * from what boot_guest() kept because of restart_on_reboot. Any thread.
 */
void boot_again(struct vmctx *ctx);

/* What was started, and where, in words. After boot_guest(). */
const char *boot_description(void);

#endif /* BHYVE_BOOT_H */
