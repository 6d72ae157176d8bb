/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVECTL_ARM_CPUINFO_H
#define BHYVECTL_ARM_CPUINFO_H

#include "core/arm/host_check.h"

/*
 * Fills lpae, virtualization, one_kind and in_context from the text of
 * /proc/cpuinfo, which lists the CPUs that are online. What it does not tell
 * stays HOST_UNKNOWN.
 */
void cpuinfo_look(const char *text, struct host_facts *facts);

#endif
