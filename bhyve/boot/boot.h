/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads the configured kernel or firmware, and prepares vCPU 0 to enter it. */
#ifndef BHYVE_BOOT_H
#define BHYVE_BOOT_H

#include <stdint.h>

struct machine;
struct vmctx;

/*
 * Loads kernel=, initrd= and the device tree, which describes @ncpus vCPUs and
 * @ram_size bytes of RAM, and sets up vCPU 0. At start-up, after all devices;
 * on an error prints it and exits.
 */
void boot_guest(struct vmctx *ctx, const struct machine *machine,
		unsigned int ncpus, uint64_t ram_size);

/*
 * Called in place of boot_guest() for a guest from a snapshot, which has the guest's
 * memory and vCPUs. Loads only what fw_cfg shows. Marks the keys as read that
 * boot_guest() reads.
 */
void boot_restored(unsigned int ncpus, uint64_t ram_size);

/*
 * Loads kernel, initrd and device tree again, from the copies that boot_guest() kept
 * because of restart_on_reboot. RAM is all zero, and vCPU 0 has been reset. Any thread.
 * 0 or a negative errno: vmm.ko does not take vCPU 0's registers.
 */
int boot_again(struct vmctx *ctx);

/* What was started, and where, in words. After boot_guest(). */
const char *boot_description(void);

#endif /* BHYVE_BOOT_H */
