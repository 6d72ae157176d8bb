/* SPDX-License-Identifier: BSD-2-Clause */
/* The balloon as bhyvectl sees it. */
#ifndef BHYVE_VIRTIO_BALLOON_H
#define BHYVE_VIRTIO_BALLOON_H

#include <stdint.h>

/* virtio 1.2, 5.5.6.3, in the order of their tags. */
#define BALLOON_NSTATS 10
extern const char *const balloon_stat_names[BALLOON_NSTATS];

#define BALLOON_UNKNOWN UINT64_MAX

struct balloon_report {
	uint64_t wanted; /* bytes */
	uint64_t actual; /* bytes, as the driver says */
	/* as the driver said last, or BALLOON_UNKNOWN */
	uint64_t stats[BALLOON_NSTATS];
};

/*
 * Asks the guest for @bytes of its memory in all, rounded down to pages; 0 gives all
 * back to it. 0; or a negative errno and *why. The event thread.
 */
int balloon_set(uint64_t bytes, const char **why);

/*
 * What is known about the balloon; asks the driver for new statistics, which the
 * next call has. -ENODEV: there is none. The event thread.
 */
int balloon_report(struct balloon_report *report);

#endif /* BHYVE_VIRTIO_BALLOON_H */
