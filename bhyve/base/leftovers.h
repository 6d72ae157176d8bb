/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that bhyve removes when it exits. */
#ifndef BHYVE_LEFTOVERS_H
#define BHYVE_LEFTOVERS_H

/*
 * Removes @path, which is there, at exit; a regular file with something in it
 * stays. At start-up. 0 or a negative errno.
 */
int remove_at_exit(const char *path);

/*
 * Leaves that to a process of its own, which does it however bhyve ends, so that
 * bhyve needs no right to remove anything. After the last remove_at_exit(). 0 or
 * a negative errno.
 */
int guard_leftovers(void);

#endif /* BHYVE_LEFTOVERS_H */
