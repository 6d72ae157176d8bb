/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the current process has its memory: asked of the CPU's own table walk
 * (Arm ARM DDI 0406C B3.12.8), as the kernel would have to map the table first
 * where it is in high memory.
 */
#ifndef VMM_ARM_HOST_VA_H
#define VMM_ARM_HOST_VA_H

#include <linux/irqflags.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include <asm/barrier.h>

#include "core/arm/lpae.h"

/*
 * DDI 0406C, PAR. By the kernel's own format of tables there is a PAR of 64 bits, or
 * one of 32, and nothing is known of its other half.
 */
#define PAR_F  1ull
#define PAR_PA (IS_ENABLED(CONFIG_ARM_LPAE) ? LPAE_ADDR : 0xfffff000ull)

/*
 * False: the process cannot read, or write, at va without a fault. Else the
 * page that it finds there, be it by a TLB entry that is about to be flushed.
 */
static inline bool host_va_to_pa(unsigned long va, bool write, u64 *pa)
{
	unsigned int access;
	unsigned long flags;
	u64 par;

	/* PAR is the CPU's, not the thread's. */
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
