/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVECTL_SHOW_H
#define BHYVECTL_SHOW_H

#include <stdint.h>

/*
 * Prints what a snapshot has: the machine, the identity of the host that the guest
 * saw, and each section with its size. An exit status, after saying what is damaged.
 */
int show_snapshot(const char *path);

/* The name of a register that tells one host's CPU from another's, or NULL. */
const char *identity_register(uint64_t id);

#endif /* BHYVECTL_SHOW_H */
