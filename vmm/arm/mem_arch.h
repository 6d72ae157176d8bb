/* SPDX-License-Identifier: BSD-2-Clause */
/* What vmm/mem.c needs from the architecture. */
#ifndef VMM_ARM_MEM_ARCH_H
#define VMM_ARM_MEM_ARCH_H

#include <linux/irqflags.h>
#include <linux/mm.h>

#include "vmm/arm/host_va.h"

/* Size in bytes of a block that stage 2 and a process's page tables can map. */
#define MEM_ARCH_BLOCK_SIZE LPAE_BLOCK_SIZE

#ifdef CONFIG_TRANSPARENT_HUGEPAGE
/*
 * Whether the process's tables map the memory around hva with one block of
 * MEM_ARCH_BLOCK_SIZE. Takes no lock: Linux frees a page table only after an IPI or
 * an RCU grace period, so none that is read here is freed while interrupts are off.
 */
static inline bool mem_arch_maps_block(struct mm_struct *mm, unsigned long hva)
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
static inline bool mem_arch_maps_block(struct mm_struct *mm, unsigned long hva)
{
	return false;
}
#endif

/*
 * Host physical address of the GIC's virtual CPU interface (GICV), two pages.
 */
phys_addr_t mem_arch_cpu_interface(void);

#endif /* VMM_ARM_MEM_ARCH_H */
