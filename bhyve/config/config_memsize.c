/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes with a suffix. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/config/config.h"

#define MIB (UINT64_C(1) << 20)

int parse_memsize(const char *text, uint64_t *bytesp)
{
	static const char suffixes[] = "kmgt";
	const char *suffix;
	unsigned long long val;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	val = strtoull(text, &end, 0);
	if (errno)
		return -EINVAL;
	if (!*end) {
		*bytesp = val < MIB ? val * MIB : val;
		return 0;
	}
	suffix = strchr(suffixes, *end | 0x20);
	if (!suffix || end[1])
		return -EINVAL;
	return __builtin_mul_overflow(val, 1ull << 10 * (suffix - suffixes + 1),
				      bytesp) ?
		       -EINVAL :
		       0;
}
