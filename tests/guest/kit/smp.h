/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts other CPUs, by PSCI. */
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
 * Starts @cpu at @fn(@arg), with the caller's vectors and, if the caller's MMU
 * is on, its MMU set-up. The CPU goes off when @fn returns. Returns PSCI's
 * result.
 */
int cpu_start(uint32_t cpu, cpu_main_t *fn, uint32_t arg);

/* Waits until @cpu has gone off again; -1 after a second. */
int cpu_wait_off(uint32_t cpu);

/* The number of CPUs, by PSCI AFFINITY_INFO. */
uint32_t cpu_count(void);

/* The entry point for CPU_ON, with cpu_start()'s context id. */
extern char secondary_entry[], stacks[];
struct cpu_start;
void secondary_main(struct cpu_start *start);

#endif
