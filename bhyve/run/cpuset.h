/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of host CPUs: "0", "0-3", "0-1,4". */
#ifndef BHYVE_CPUSET_H
#define BHYVE_CPUSET_H

#include <sched.h>

/*
 * Parses @text into *set. 0; -EINVAL: it is no such list, or has a CPU beyond a
 * cpu_set_t.
 */
int parse_cpuset(const char *text, cpu_set_t *set);

#endif /* BHYVE_CPUSET_H */
