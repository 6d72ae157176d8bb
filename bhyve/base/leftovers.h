/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that bhyve removes when it exits. */
#ifndef BHYVE_LEFTOVERS_H
#define BHYVE_LEFTOVERS_H

/*
 * Has the existing file @path removed at exit; a regular file that is not empty
 * stays. At start-up. 0 or a negative errno.
 */
int remove_at_exit(const char *path);

/*
 * Starts a process that removes these files however bhyve ends, so that bhyve
 * itself needs no right to remove anything. After the last remove_at_exit(). 0
 * or a negative errno.
 */
int guard_leftovers(void);

#endif /* BHYVE_LEFTOVERS_H */
