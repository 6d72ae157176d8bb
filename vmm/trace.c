// SPDX-License-Identifier: BSD-2-Clause
/*
 * The bodies of the trace events, in one place.
 */
#define CREATE_TRACE_POINTS
#include "vmm/trace.h"
