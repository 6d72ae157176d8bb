/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KIT_CACHE_H
#define KIT_CACHE_H

#include <stddef.h>

/* Data lines of [p, p + n), to the point of coherency. */
void cache_clean_invalidate(const void *p, size_t n);

/* Makes code written at [p, p + n) the code that is run there. */
void cache_sync_code(const void *p, size_t n);

#endif
