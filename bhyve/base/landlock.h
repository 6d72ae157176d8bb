/* SPDX-License-Identifier: BSD-2-Clause */
/* Landlock, if the host's kernel has it: forbids a thread to use paths. */
#ifndef BHYVE_LANDLOCK_H
#define BHYVE_LANDLOCK_H

/*
 * From now on the calling thread can open no file by its path, except to read
 * files below the directories @readable, a list that ends with NULL;
 * directories that do not exist are left out. Open descriptors can be used as
 * before. PR_SET_NO_NEW_PRIVS must have been set. Returns 0, also if the kernel
 * is older than 5.13 or a seccomp filter forbids these system calls, or a
 * negative errno.
 */
int landlock_enter(const char *const *readable);

#endif /* BHYVE_LANDLOCK_H */
