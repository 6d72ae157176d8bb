/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that bhyve removes when it exits. */
#ifndef BHYVE_LEFTOVERS_H
#define BHYVE_LEFTOVERS_H

/* Removes @path at exit. At start-up. 0 or -ENOMEM. */
int remove_at_exit(const char *path);

#endif /* BHYVE_LEFTOVERS_H */
