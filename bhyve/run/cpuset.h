/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of host CPUs: "0", "0-3", "0-1,4". */
#ifndef BHYVE_CPUSET_H
#define BHYVE_CPUSET_H

#include <sched.h>

/* Into *set. -EINVAL: no such list, or none of CPUs that a cpu_set_t can hold. */
int parse_cpuset(const char *text, cpu_set_t *set);

#endif /* BHYVE_CPUSET_H */
