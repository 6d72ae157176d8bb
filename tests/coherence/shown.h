/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches stores to stage 2 tables, to find the pages that they map for a
 * guest.
 */
#ifndef COHERENCE_SHOWN_H
#define COHERENCE_SHOWN_H

#include "caches.h"

/* Prepares for size bytes of RAM. False: no memory. */
bool shown_init(uint64_t size);

/*
 * A CPU has written this value to VTTBR: its root table is watched from now on.
 */
void shown_root(uint64_t vttbr);

/* To be called after each store; by is who stored to pa. */
void shown_store(uint64_t pa, const struct actor *by);

/* The number of leaf descriptors that were seen. */
uint64_t shown_count(void);

#endif /* COHERENCE_SHOWN_H */
