/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses lists of host CPUs, as in bhyve_config(5) and cpuset(1). */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include "bhyve/run/cpuset.h"

static bool take_number(const char **textp, unsigned long *valp)
{
	char *end;

	if (**textp < '0' || **textp > '9')
		return false;
	*valp = strtoul(*textp, &end, 10);
	*textp = end;
	return *valp < CPU_SETSIZE;
}

static bool take_range(const char **textp, cpu_set_t *set)
{
	unsigned long first, last;

	if (!take_number(textp, &first))
		return false;
	last = first;
	if (**textp == '-') {
		++*textp;
		if (!take_number(textp, &last) || last < first)
			return false;
	}
	for (; first <= last; first++)
		CPU_SET(first, set);
	return true;
}

int parse_cpuset(const char *text, cpu_set_t *set)
{
	CPU_ZERO(set);
	while (take_range(&text, set)) {
		if (!*text)
			return 0;
		if (*text++ != ',')
			break;
	}
	return -EINVAL;
}
