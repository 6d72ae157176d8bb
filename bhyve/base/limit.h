/* SPDX-License-Identifier: BSD-2-Clause */
/* How much a guest may have bhyve say. */
#ifndef BHYVE_LIMIT_H
#define BHYVE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define LIMIT_LINES  100 /* in a period */
#define LIMIT_PERIOD 600 /* seconds */

struct limit {
	uint64_t began;	    /* the period, in seconds; 0: there was none yet */
	unsigned int lines; /* in it */
	unsigned int left_out; /* since a line was let through */
};

/*
 * Whether one more line may be printed at the time @now, in seconds. Then
 * *@left_out is how many were not since the last one that was. The caller locks.
 */
bool limit_lets(struct limit *limit, uint64_t now, unsigned int *left_out);

#endif /* BHYVE_LIMIT_H */
