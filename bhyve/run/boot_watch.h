/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports once, on stderr, where a guest is that has used some seconds of CPU
 * time without sending a character to any console ("silent after Starting
 * kernel..."). WFI does not count as CPU time here.
 */
#ifndef BHYVE_BOOT_WATCH_H
#define BHYVE_BOOT_WATCH_H

struct vmctx;

/*
 * Watches vCPUs 0 to @ncpus - 1, after as many seconds as boot.watch says (0:
 * never). After vcpus_init(). 0 or a negative errno; if the value is wrong,
 * prints that and exits.
 */
int boot_watch_init(struct vmctx *ctx, unsigned int ncpus);

#endif /* BHYVE_BOOT_WATCH_H */
