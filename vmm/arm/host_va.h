/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the page at an address of the current process, by the CPU's own
 * translation (ATS1CUR, ATS1CUW). The kernel would have to map the process's
 * table first, if it is in high memory.
 */
#ifndef VMM_ARM_HOST_VA_H
#define VMM_ARM_HOST_VA_H

#include <linux/irqflags.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include <asm/barrier.h>

#include "core/arm/lpae.h"

/*
 * PAR (DDI 0406C, PAR) has 64 bits if the kernel uses long descriptors, else
 * 32, and then the upper half of the MRRC's result is unknown.
 */
#define PAR_F  1ull
#define PAR_PA (IS_ENABLED(CONFIG_ARM_LPAE) ? LPAE_ADDR : 0xfffff000ull)

/*
 * Translates va: *pa is the page. False: the process cannot read, or write,
 * there without a fault. The result may come from a TLB entry that is about to
 * be flushed, so the caller checks for pending flushes. The current process;
 * any context.
 */
static inline bool host_va_to_pa(unsigned long va, bool write, u64 *pa)
{
	unsigned int access;
	unsigned long flags;
	u64 par;

	/* PAR belongs to the CPU, not to the thread. */
	local_irq_save(flags);
	access = uaccess_save_and_enable();
	if (write) /* ATS1CUW, ATS1CUR */
		asm volatile("mcr p15, 0, %0, c7, c8, 3" : : "r"(va));
	else
		asm volatile("mcr p15, 0, %0, c7, c8, 2" : : "r"(va));
	isb();
	asm volatile("mrrc p15, 0, %Q0, %R0, c7" : "=r"(par));
	uaccess_restore(access);
	local_irq_restore(flags);
	*pa = par & PAR_PA;
	return !(par & PAR_F);
}

#endif /* VMM_ARM_HOST_VA_H */
