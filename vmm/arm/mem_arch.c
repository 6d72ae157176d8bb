// SPDX-License-Identifier: BSD-2-Clause
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/types.h>

#include "vmm/arm/host.h"
#include "vmm/arm/mem_arch.h"

phys_addr_t mem_arch_cpu_interface(void)
{
	return host_gic.gicv_pa;
}

#ifdef CONFIG_TRANSPARENT_HUGEPAGE
/*
 * Linux frees a page table only after an IPI or an RCU grace period, so none
 * that is read here is freed while interrupts are off.
 */
bool mem_arch_maps_block(struct mm_struct *mm, unsigned long hva)
{
	unsigned long flags;
	bool ret = false;
	pgd_t *pgd;
	p4d_t *p4d;
	pud_t *pud, pudval;
	pmd_t pmd;

	local_irq_save(flags);
	pgd = pgd_offset(mm, hva);
	p4d = p4d_offset(pgd, hva);
	pud = pud_offset(p4d, hva);
	/* Read once: munmap() may empty the entry meanwhile. */
	pudval = READ_ONCE(*pud);
	if (!pud_none(pudval)) {
		pmd = READ_ONCE(*pmd_offset_lockless(pud, pudval, hva));
		ret = pmd_sect(pmd);
	}
	local_irq_restore(flags);
	return ret;
}
#else
bool mem_arch_maps_block(struct mm_struct *mm, unsigned long hva)
{
	return false;
}
#endif
