/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many bytes the machine's disks and networks have moved since its start.
 */
#ifndef BHYVE_TRAFFIC_H
#define BHYVE_TRAFFIC_H

#include <stdint.h>

enum traffic {
	TRAFFIC_READ, /* from disks */
	TRAFFIC_WRITTEN,
	TRAFFIC_RECEIVED, /* by the guest */
	TRAFFIC_SENT,
	TRAFFIC_MAX
};

/*
 * traffic_count() adds to the sum over all devices, and traffic_total() returns
 * the sum. Any thread.
 */
void traffic_count(enum traffic kind, uint64_t bytes);
uint64_t traffic_total(enum traffic kind);

#endif /* BHYVE_TRAFFIC_H */
