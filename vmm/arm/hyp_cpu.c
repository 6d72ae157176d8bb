// SPDX-License-Identifier: BSD-2-Clause
/* Takes HYP on one CPU from the kernel's stub, and gives it back. */
#include <linux/errno.h>
#include <linux/percpu.h>

#include "vmm/arm/hyp_call.h"
#include "vmm/arm/hyp_cpu.h"

/* A call that no stub knows: the return value shows whether a stub is there. */
#define HVC_NOTHING 0xffff

/* Jumps to "enter" of boot.S, which uses these registers. */
static u32 hyp_cpu_enter(struct hyp_cpu *cpu, phys_addr_t boot)
{
	register u32 r0 asm("r0") = HVC_SOFT_RESTART;
	register u32 r1 asm("r1") = boot;
	register u32 r2 asm("r2") = (u32)cpu;

	asm volatile(__HVC(0)
		     : "+r"(r0), "+r"(r1), "+r"(r2)
		     :
		     : "r3", "r4", "r5", "r6", "r7", "r12", "memory", "cc");
	return r0;
}

/*
 * HYP may still be ours on this CPU: it was not reset while it was off, or
 * going offline was undone. So HYP is given back first; a stub ignores that.
 */
int hyp_cpu_take(struct hyp_cpu *cpu, phys_addr_t boot)
{
	hyp_cpu_give_back();
	if (hyp_call(HVC_NOTHING, 0, 0) != HVC_STUB_ERR)
		return -ENODEV;
	return hyp_cpu_enter(cpu, boot) ? -EIO : 0;
}

void hyp_cpu_give_back(void)
{
	hyp_call(HVC_RESET_VECTORS, 0, 0);
}
