/* SPDX-License-Identifier: BSD-2-Clause */
#include "smp.h"
#include "cache.h"
#include "mmu.h"
#include "psci.h"
#include "timer.h"

struct cpu_start {
	uint32_t sp; /* secondary_entry in start.S reads it */
	cpu_main_t *fn;
	uint32_t arg;
	volatile uint32_t done;
	struct mmu_state mmu;
};

static struct cpu_start starts[MAX_CPUS];

int cpu_start(uint32_t cpu, cpu_main_t *fn, uint32_t arg)
{
	struct cpu_start *start = &starts[cpu];

	start->sp = (uint32_t)stacks + (cpu + 1) * STACK_SIZE;
	start->fn = fn;
	start->arg = arg;
	start->done = 0;
	mmu_get_state(&start->mmu);
	/* The new CPU reads this with its caches off. */
	cache_clean_invalidate(start, sizeof(*start));
	return psci(PSCI_CPU_ON, cpu, (uint32_t)secondary_entry,
		    (uint32_t)start);
}

void secondary_main(struct cpu_start *start)
{
	if (start->mmu.sctlr & SCTLR_M)
		mmu_set_state(&start->mmu);
	start->fn(start->arg);
	start->done = 1;
	dsb();
	psci(PSCI_CPU_OFF, 0, 0, 0);
}

int cpu_wait_off(uint32_t cpu)
{
	uint64_t end = deadline();

	/* QEMU's PSCI reports a CPU as off until it has really started. */
	while (!starts[cpu].done ||
	       psci(PSCI_AFFINITY_INFO, cpu, 0, 0) != AFFINITY_OFF)
		if (counter() > end)
			return -1;
	return 0;
}

uint32_t cpu_count(void)
{
	uint32_t n = 1;

	while (n < MAX_CPUS && psci(PSCI_AFFINITY_INFO, n, 0, 0) >= 0)
		n++;
	return n;
}
