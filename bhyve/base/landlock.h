/* SPDX-License-Identifier: BSD-2-Clause */
/* Landlock: no path can be used, where the host's kernel can see to it. */
#ifndef BHYVE_LANDLOCK_H
#define BHYVE_LANDLOCK_H

/*
 * From now on the calling thread reaches no file by its path, but for reading
 * those below @readable, a list that ends with NULL; one that is not there is
 * left out. It stays as it is for what is open. After PR_SET_NO_NEW_PRIVS. 0,
 * also where the kernel (before 5.13) does not know it or a filter does not let
 * one ask, or a negative errno.
 */
int landlock_enter(const char *const *readable);

#endif /* BHYVE_LANDLOCK_H */
