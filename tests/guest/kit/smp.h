/* SPDX-License-Identifier: BSD-2-Clause */
/* CPUs beside the first, by PSCI. */
#ifndef KIT_SMP_H
#define KIT_SMP_H

#include <stdint.h>
#include "sysreg.h"

#define MAX_CPUS 8

typedef void cpu_main_t(uint32_t arg);

static inline uint32_t cpu_id(void)
{
	return READ_CP15(0, c0, c0, 5) & 0xff; /* MPIDR */
}

/*
 * Starts @cpu at @fn(@arg), with the vectors and, when the caller has one, the
 * MMU set up as on the caller; the CPU goes off when @fn returns. PSCI's answer.
 */
int cpu_start(uint32_t cpu, cpu_main_t *fn, uint32_t arg);

/* Waits until what cpu_start() began on @cpu is done; -1 after a second. */
int cpu_wait_off(uint32_t cpu);

/* How many CPUs there are: PSCI knows the affinity of each. */
uint32_t cpu_count(void);

/* Entry point for CPU_ON whose context id cpu_start() makes. */
extern char secondary_entry[], stacks[];
struct cpu_start;
void secondary_main(struct cpu_start *start);

#endif
