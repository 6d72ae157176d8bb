/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks of the files that only one VM at a time may use: images of disks, and the
 * flash's variables. A VM that is to come from another bhyve (-R) opens them while
 * that one has them locked, and takes the locks when it lets go.
 */
#ifndef BHYVE_FILE_LOCK_H
#define BHYVE_FILE_LOCK_H

#include <stdbool.h>

/* From now on file_lock() takes nothing: file_locks_take() will. At start-up. */
void file_locks_wait(void);

/*
 * Locks the open file @fd, alone or with @shared together with others that only
 * read; @path, which is kept, is for messages. 0; -EWOULDBLOCK: another VM has
 * it; another negative errno. At start-up, or on the event thread.
 */
int file_lock(int fd, bool shared, const char *path);

/* Forgets @fd, which is about to be closed and may not be locked. Event thread. */
void file_unlock(int fd);

/* Gives all of them up, for another bhyve to take. Event thread. */
void file_locks_release(void);

/*
 * Takes all of them. NULL; or the path of one that another VM has, and then none is
 * taken. What this host's page cache has of the files is dropped: another host may have
 * written to them since, if they are block devices of a network. Event thread.
 */
const char *file_locks_take(void);

#endif /* BHYVE_FILE_LOCK_H */
