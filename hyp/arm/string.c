// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the compiler calls unasked; the kernel's own is out of bounds here. No
 * exit that is to be fast comes by.
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
