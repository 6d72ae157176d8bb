/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Silent after Starting kernel...": when a guest has used some seconds of CPU
 * and no console has seen a character, this says once, on stderr, where it is.
 * A guest that sleeps in WFI uses no CPU in this sense.
 */
#ifndef BHYVE_BOOT_WATCH_H
#define BHYVE_BOOT_WATCH_H

struct vmctx;

/*
 * Watches vCPUs 0 to @ncpus - 1, for as many seconds as the configuration's
 * boot.watch says (0: not at all). After vcpus_init(); says what is wrong with
 * the value and exits, or gives a negative errno.
 */
int boot_watch_init(struct vmctx *ctx, unsigned int ncpus);

#endif /* BHYVE_BOOT_WATCH_H */
