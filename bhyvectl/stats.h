/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's counters at one moment.
 */
#ifndef BHYVECTL_STATS_H
#define BHYVECTL_STATS_H

#include <json-c/json.h>
#include <stdint.h>
#include <vmm/vmm_stat.h>

struct stats {
	uint64_t of[VM_STAT_MAX]; /* the sums over all vCPUs */
	uint64_t resident;	  /* bytes */
	uint64_t disk_read, disk_written, received, sent; /* bytes */
};

extern const char *const stat_texts[VM_STAT_MAX];

/* Out of the answer to "stats". */
void stats_from(struct json_object *answer, struct stats *stats);

#endif /* BHYVECTL_STATS_H */
