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

#include "bhyve/run/precopy.h"

/*
 * Begins to send the machine to the socket @fd, which stays the caller's and stays open
 * until @done is called. @client_fd is watched while nothing else is: when it hangs
 * up, that cancels. NULL, or why it does not begin; then @done is not called.
 */
const char *migrate_start(int fd, int client_fd, precopy_done_t done,
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
