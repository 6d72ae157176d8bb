/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far something has got that takes long, for whoever waits at a terminal.
 * Where standard error is none, or it is done in half a second, nothing shows.
 */
#ifndef BHYVE_PROGRESS_H
#define BHYVE_PROGRESS_H

#include <stdint.h>

struct progress {
	const char *what; /* "reading FILE" */
	uint64_t total; /* of whatever unit */
	uint64_t next_ns; /* when to show it again */
	int shown; /* the percentage on the screen; -1: none */
};

void progress_begin(struct progress *p, const char *what, uint64_t total);

/* @done of the total; cheap enough for every MiB. */
void progress_at(struct progress *p, uint64_t done);

/* Takes it off the screen. */
void progress_end(struct progress *p);

#endif /* BHYVE_PROGRESS_H */
