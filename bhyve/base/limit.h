/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits how many lines a guest can make bhyve print. */
#ifndef BHYVE_LIMIT_H
#define BHYVE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define LIMIT_LINES  100 /* in a period */
#define LIMIT_PERIOD 600 /* seconds */

struct limit {
	uint64_t began;	       /* when the period began, in seconds; 0: never */
	unsigned int lines;    /* printed in this period */
	unsigned int left_out; /* not printed since the last printed one */
};

/*
 * Whether one more line may be printed at the time @now, in seconds. If so,
 * *@left_out is the number of lines that were not allowed since the last one
 * that was. The caller has a lock.
 */
bool limit_lets(struct limit *limit, uint64_t now, unsigned int *left_out);

#endif /* BHYVE_LIMIT_H */
