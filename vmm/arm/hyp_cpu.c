// SPDX-License-Identifier: BSD-2-Clause
/*
 * HYP on one CPU: taken from the kernel's stub, and given back to it.
 */
#include <linux/errno.h>
#include <linux/percpu.h>

#include "vmm/arm/hyp_call.h"
#include "vmm/arm/hyp_cpu.h"

/* A number no stub knows: the answer tells whether a stub is there. */
#define HVC_NOTHING 0xffff

/* Goes to "enter" of boot.S, which uses these registers. */
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
 * The CPU may be ours still: it was not reset when it went off, or going off was
 * undone. A stub has nothing to give back and says so.
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
