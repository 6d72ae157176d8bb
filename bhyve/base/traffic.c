/* SPDX-License-Identifier: BSD-2-Clause */
#include "bhyve/base/traffic.h"

static uint64_t totals[TRAFFIC_MAX];

void traffic_count(enum traffic kind, uint64_t bytes)
{
	__atomic_fetch_add(&totals[kind], bytes, __ATOMIC_RELAXED);
}

uint64_t traffic_total(enum traffic kind)
{
	return __atomic_load_n(&totals[kind], __ATOMIC_RELAXED);
}
