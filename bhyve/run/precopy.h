/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory is copied while the guest runs, into a file or to another bhyve: all of it, and
 * then, round by round, what was written meanwhile, until so little is left that the
 * guest is stopped for it. This decides when; migrate_ram.h has the pages. One copy at a
 * time, on the event thread.
 */
#ifndef BHYVE_PRECOPY_H
#define BHYVE_PRECOPY_H

#include <stdint.h>

struct snapshot_writer;
struct vmctx;

/* At start-up. */
void precopy_init(struct vmctx *ctx);

/* What a copy took. */
struct precopy_report {
	uint64_t rounds;
	uint64_t bytes;	   /* memory that was copied */
	uint64_t total_us; /* how long all of it took */
	uint64_t stop_us;  /* how long the guest stood still */
};

/*
 * How it ended: @error is NULL, or what went wrong; then the guest runs on here.
 */
typedef void (*precopy_done_t)(void *arg, const char *error,
			       const struct precopy_report *report);

/*
 * Begins: the guest is stopped for a moment, in which each part saves its state into
 * *@plan, which the caller frees, and the log of writes begins. NULL, or why the guest
 * cannot be copied; then nothing has begun. @busy says to whoever asks meanwhile what is
 * being done.
 */
const char *precopy_begin(struct snapshot_writer *plan, const char *busy);

/* The @busy of the copy that is under way; NULL: there is none. */
const char *precopy_busy(void);

/* Before each piece that is copied while the guest runs. */
void precopy_piece(void);

/*
 * All pages of a round have been copied: what to do now; or a negative errno.
 */
enum precopy_next {
	PRECOPY_COPY, /* another round */
	PRECOPY_STOP, /* stop the guest, and copy the rest */
	PRECOPY_LOST, /* the guest writes faster than this copies */
};
int precopy_end_round(void);

/*
 * Stops the guest, so that no device begins a request either, and gives the guest's time
 * in *@count. NULL, or why it runs on.
 */
const char *precopy_stop(uint64_t *count);

/* Lets it run after precopy_stop(), as after a pause. */
void precopy_go_on(void);

/* It does not run here any more after precopy_stop(). */
void precopy_has_gone(void);

/* Ends the log, and describes the copy in *@report. */
void precopy_end(struct precopy_report *report);

#endif /* BHYVE_PRECOPY_H */
