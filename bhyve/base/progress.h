/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows the progress of a long operation to a user at a terminal. Nothing is
 * shown if stderr is no terminal, or if the operation takes less than half a
 * second.
 */
#ifndef BHYVE_PROGRESS_H
#define BHYVE_PROGRESS_H

#include <stdint.h>

struct progress {
	const char *what; /* text, such as "reading FILE" */
	uint64_t total;	  /* in any unit */
	uint64_t next_ns; /* when to show it again (CLOCK_MONOTONIC) */
	int shown;	  /* percentage on the screen; -1: none */
};

void progress_begin(struct progress *p, const char *what, uint64_t total);

/* Notes that @done of the total is done; cheap enough to call for every MiB. */
void progress_at(struct progress *p, uint64_t done);

/* Removes the line from the screen. */
void progress_end(struct progress *p);

#endif /* BHYVE_PROGRESS_H */
