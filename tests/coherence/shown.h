/* SPDX-License-Identifier: BSD-2-Clause */
/* Stage 2 tables, and the pages that become a guest's by a store to them. */
#ifndef COHERENCE_SHOWN_H
#define COHERENCE_SHOWN_H

#include "caches.h"

/* False: no memory. */
bool shown_init(uint64_t size);

/* A CPU has this VTTBR. */
void shown_root(uint64_t vttbr);

/* A store to pa has been done. */
void shown_store(uint64_t pa, const struct actor *by);

/* How many leaves were looked at. */
uint64_t shown_count(void);

#endif /* COHERENCE_SHOWN_H */
