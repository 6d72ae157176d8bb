/* SPDX-License-Identifier: BSD-2-Clause */
/* Giving up what the process no longer needs once everything is open. */
#ifndef BHYVE_PRIVILEGES_H
#define BHYVE_PRIVILEGES_H

#include <sys/types.h>

/*
 * note_inherited() notes which descriptors above stderr bhyve has inherited; it
 * must be called first, before bhyve opens its own. close_inherited() closes
 * them, after the configuration's /dev/fd/N have been opened. At start-up.
 */
void note_inherited(void);
void close_inherited(void);

/*
 * Drops all capabilities of the calling thread, also root's; threads that it
 * makes later have none either. 0 or a negative errno.
 */
int drop_capabilities(void);

/*
 * Changes the user of all threads to @name, and their groups to that user's.
 * Only root may do this. 0; -ENOENT: there is no such user; another negative
 * errno.
 */
int be_user(const char *name);

/*
 * Makes the process undumpable: other processes of the same user cannot read
 * its memory, and it dumps no core. 0 or a negative errno.
 */
int hide_process(void);

/*
 * Called by a helper process that bhyve has forked. It will be killed when the
 * process @parent ends; all descriptors but stderr, @fd1 and @fd2 are closed;
 * and it is hidden as by hide_process(). 0 or a negative errno; -ESRCH: the
 * parent has ended already.
 */
int leave_parent(pid_t parent, int fd1, int fd2);

/*
 * If the process is root, changes it to the user and the group nobody, without
 * any other group. 0 or a negative errno.
 */
int be_nobody(void);

#endif /* BHYVE_PRIVILEGES_H */
