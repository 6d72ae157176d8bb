/* SPDX-License-Identifier: BSD-2-Clause */
#include "bhyve/machine/stop.h"

static bool to_stop;

void vcpus_tell_to_stop(bool stop)
{
	__atomic_store_n(&to_stop, stop, __ATOMIC_RELAXED);
}

bool vcpus_are_to_stop(void)
{
	return __atomic_load_n(&to_stop, __ATOMIC_RELAXED);
}
