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
 * Makes the process the user @name, with his groups, which takes root. All threads.
 * 0; -ENOENT: there is no such user; another negative errno.
 */
int be_user(const char *name);

/* Nobody of the same user may look into it, and it dumps no core. Negative errno. */
int hide_process(void);

/*
 * For a child of bhyve's that works on for itself: dies with the process @parent,
 * holds nothing open but stderr and its two descriptors, and is hidden as above.
 * Negative errno; ESRCH: the parent has died already.
 */
int leave_parent(pid_t parent, int fd1, int fd2);

/* Where the process is root, it is the user and the group nobody from now on, and
 * in no other group. Negative errno. */
int be_nobody(void);

#endif /* BHYVE_PRIVILEGES_H */
