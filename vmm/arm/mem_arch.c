// SPDX-License-Identifier: BSD-2-Clause
#include <linux/types.h>
#include <asm/barrier.h>

#include "vmm/arm/hyp.h"
#include "vmm/arm/mem_arch.h"

/*
 * Arm ARM DDI 0406C B3.11.2, A3.5.8: a guest whose caches are off sees memory,
 * not what the host has in its caches; and what is executed comes through an
 * instruction cache that may hold what this memory held before.
 */
void mem_arch_sync_caches(u64 pa, u32 size, bool uncached)
{
	if (uncached)
		hyp_clean_pages(pa, size);
	else
		dsb(ish);
	asm volatile("mcr p15, 0, %0, c7, c1, 0" : : "r"(0)); /* ICIALLUIS */
	dsb(ish);
}

phys_addr_t mem_arch_cpu_interface(void)
{
	return host_gic.gicv_pa;
}
