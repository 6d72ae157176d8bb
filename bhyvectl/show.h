/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVECTL_SHOW_H
#define BHYVECTL_SHOW_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Prints what a snapshot has: the machine, the identity of the host that the guest
 * saw, and each section with its size. An exit status, after saying what is damaged.
 */
int show_snapshot(const char *path);

/* Whether the register tells one host's CPU from another's. */
bool is_identity_register(uint64_t id);

#endif /* BHYVECTL_SHOW_H */
