// SPDX-License-Identifier: BSD-2-Clause
/*
 * memcpy() and memset(), which the compiler calls on its own; HYP cannot use
 * the kernel's. No fast exit calls them.
 */
#include "core/types.h"

__attribute__((used)) void *memset(void *to, int val, size_t len);
__attribute__((used)) void *memcpy(void *to, const void *from, size_t len);

void *memset(void *to, int val, size_t len)
{
	uint8_t *p = to;

	while (len--)
		*p++ = (uint8_t)val;
	return to;
}

void *memcpy(void *to, const void *from, size_t len)
{
	const uint8_t *q = from;
	uint8_t *p = to;

	while (len--)
		*p++ = *q++;
	return to;
}
