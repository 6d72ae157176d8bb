/* SPDX-License-Identifier: BSD-2-Clause */
/* Names in the file system that go when bhyve does. */
#ifndef BHYVE_LEFTOVERS_H
#define BHYVE_LEFTOVERS_H

/* Removes @path at exit. At start-up. -ENOMEM. */
int remove_at_exit(const char *path);

#endif /* BHYVE_LEFTOVERS_H */
