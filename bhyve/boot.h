/* SPDX-License-Identifier: BSD-2-Clause */
/* From the configuration's kernel to a vCPU that is about to enter it. */
#ifndef BHYVE_BOOT_H
#define BHYVE_BOOT_H

struct bhyve_options;
struct machine;
struct vmctx;

/*
 * Loads kernel=, initrd= and the device tree, and sets up vCPU 0. After all
 * devices; says what is wrong and exits.
 */
void boot_guest(struct vmctx *ctx, const struct machine *machine,
		const struct bhyve_options *opts);

#endif /* BHYVE_BOOT_H */
