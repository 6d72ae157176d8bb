/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Live migration, the side that the guest leaves; docs/migration.md. All on the event
 * thread.
 *
 * While the guest runs, memory is sent from callbacks, a piece at a time. Then the
 * vCPUs stop, and the rest goes in one call, during which no device sees an event.
 */
#ifndef BHYVE_MIGRATE_H
#define BHYVE_MIGRATE_H

#include <stdbool.h>
#include <stdint.h>

struct vmctx;

/* Remembers the machine. At start-up. */
void migrate_init(struct vmctx *ctx, uint64_t ram_base, uint64_t ram_size);

struct migrate_report {
	uint64_t rounds;
	uint64_t bytes;	   /* of memory */
	uint64_t total_us; /* from the first byte to the end */
	uint64_t stop_us;  /* of it the guest stood still */
};

/*
 * How it ended: @error is NULL, and the guest runs on the other side; or it is what
 * went wrong.
 */
typedef void (*migrate_done_t)(void *arg, const char *error,
			       const struct migrate_report *report);

/*
 * Begins to send the machine to the socket @fd, which stays the caller's and stays open
 * until @done is called. @client_fd is watched while nothing else is: when it hangs
 * up, that cancels. NULL, or why it does not begin; then @done is not called.
 */
const char *migrate_start(int fd, int client_fd, migrate_done_t done,
			  void *arg);

/*
 * Ends a migration, so that the guest goes on here. NULL, or why not. It is also for a
 * machine of which nobody knows whether it runs on the other side: then whoever calls
 * this says that it does not.
 */
const char *migrate_cancel(void);

enum migrate_state {
	MIGRATE_NONE,
	MIGRATE_COPYING,
	MIGRATE_IN_DOUBT, /* it was told to run there, and did not answer */
};
enum migrate_state migrate_state(void);

#endif /* BHYVE_MIGRATE_H */
