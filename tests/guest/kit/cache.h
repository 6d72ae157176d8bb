/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KIT_CACHE_H
#define KIT_CACHE_H

#include <stddef.h>

/*
 * Cleans and invalidates [p, p + n) in the data caches, to the point of
 * coherency.
 */
void cache_clean_invalidate(const void *p, size_t n);

/* Makes the CPU execute the code that was written to [p, p + n). */
void cache_sync_code(const void *p, size_t n);

#endif
