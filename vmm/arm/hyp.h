/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYP from the kernel's side: taking it, calling it, sharing memory with it.
 */
#ifndef VMM_ARM_HYP_KERNEL_H
#define VMM_ARM_HYP_KERNEL_H

#include <linux/types.h>
#include <asm/opcodes-virt.h>

#include "hyp/hyp.h"

/* The GIC of the host, as its device tree describes it. */
struct host_gic {
	void __iomem *gicd, *gicc, *gich;
	phys_addr_t gicd_pa, gicc_pa, gich_pa, gicv_pa;
	int vtimer_irq, htimer_irq, maint_irq;
};
extern struct host_gic host_gic;

/*
 * host.c: is this a host we can run on? -ENODEV, with one line that says what
 * is missing.
 */
int host_check(void);
void host_release(void);
/* Ticks of the counter in a second: 1000 and more, from host_check() on. */
extern u32 host_timer_hz;
/* Is this CPU of the kind that guests are told of? Preemption is off. */
bool host_is_our_kind(void);

/* hyp_map.c: HYP's own translation tables. May sleep. */
int hyp_map_init(void);
void hyp_map_exit(void);
int hyp_map_code(void *va, size_t len);
int hyp_map_data(void *va, size_t len);
int hyp_map_device(void __iomem *va, phys_addr_t pa, size_t len);
/* Lowmem or module memory that HYP no longer touches. */
void hyp_unmap(void *va, size_t len);
u64 hyp_httbr(void);
/* Makes the CPUs' windows (hyp/arm/clean.c), from HYP_WINDOWS on: far below all
 * that the kernel has an address for. Their entries, or NULL. */
#define HYP_WINDOWS	0x10000000
#define HYP_WINDOW_SIZE (HYP_WINDOW * PAGE_SIZE)
u64 *hyp_map_windows(void);
/* Zeroed pages, mapped into HYP; NULL. */
void *hyp_alloc(size_t len);
void hyp_free(void *p, size_t len);

/* hyp.c: HYP on every CPU, from module load to unload. */
int hyp_init_all(void);
void hyp_exit_all(void);

/*
 * Cleans and invalidates [pa, pa + len), whole pages of memory, in the data
 * caches, to the point of coherency; it is done when this returns. Any context.
 */
void hyp_clean_pages(phys_addr_t pa, size_t len);

/*
 * A call that may be made on any CPU: by this one, or if HYP is not ours here by
 * one where it is. It has been done when this returns, unless no CPU has HYP:
 * then there is no guest either, and taking HYP empties TLBs. Interrupts are on;
 * may be called with spinlocks held.
 */
void hyp_call_anywhere(u32 fn, u32 a, u32 b);

void hyp_print_fault(const struct hyp_fault *fault);

/* hyp_cpu.c: on the current CPU, interrupts off. */
int hyp_cpu_take(struct hyp_cpu *cpu, phys_addr_t boot);
void hyp_cpu_give_back(void);
struct hyp_cpu *hyp_this_cpu(void);
struct hyp_cpu *hyp_cpu(int cpu);

/*
 * A call into HYP (hyp/hyp.h) by this CPU. HVC_STUB_ERR: HYP is not ours there,
 * which lasts from when a CPU comes online until its turn to be taken.
 */
static inline u32 hyp_call(u32 fn, u32 a, u32 b)
{
	register u32 r0 asm("r0") = fn;
	register u32 r1 asm("r1") = a;
	register u32 r2 asm("r2") = b;

	asm volatile(__HVC(0)
		     : "+r"(r0), "+r"(r1), "+r"(r2)
		     :
		     : "r3", "r12", "memory", "cc");
	return r0;
}

#endif /* VMM_ARM_HYP_KERNEL_H */
