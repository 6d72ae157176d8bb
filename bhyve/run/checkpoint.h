/* SPDX-License-Identifier: BSD-2-Clause */
/* A snapshot of a guest that runs on; docs/snapshot.md. All on the event thread. */
#ifndef BHYVE_CHECKPOINT_H
#define BHYVE_CHECKPOINT_H

#include <stdbool.h>
#include "bhyve/run/precopy.h"

/*
 * Whether memory can be written while the guest runs. Not if it stands still anyway, if
 * a back end writes to memory unseen, or if a reboot would load files into it.
 */
bool checkpoint_is_live(void);

/*
 * Begins to write the machine into the regular file @fd, which stays the caller's and
 * stays open until @done is called. NULL, or why it does not begin; then @done is not
 * called.
 */
const char *checkpoint_start(int fd, precopy_done_t done, void *arg);

/* Ends one that is under way. */
void checkpoint_cancel(void);

#endif /* BHYVE_CHECKPOINT_H */
