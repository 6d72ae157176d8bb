// SPDX-License-Identifier: BSD-2-Clause
/*
 * VFP and NEON, lazily: a guest's first use after an entry traps here and
 * swaps the registers, and only an exit after such a use swaps them back. A
 * guest that computes nothing pays nothing.
 */
#include "core/arm/hcr.h"
#include "hyp/arm/hyp_internal.h"

#define FPEXC_EN (1u << 30)

static uint32_t read_fpexc(void)
{
	uint32_t val;

	asm volatile(".fpu neon\n\tvmrs %0, fpexc" : "=r"(val));
	return val;
}

static void write_fpexc(uint32_t val)
{
	asm volatile(".fpu neon\n\tvmsr fpexc, %0" : : "r"(val));
}

/* FPEXC.EN is needed for the others, and is itself part of the state. */
static void save(struct hyp_vfp *vfp)
{
	vfp->fpexc = read_fpexc();
	write_fpexc(vfp->fpexc | FPEXC_EN);
	isb();
	asm volatile(".fpu neon\n\t"
		     "vmrs %0, fpscr\n\t"
		     "vstm %1, {d0-d15}\n\t"
		     "vstm %2, {d16-d31}"
		     : "=&r"(vfp->fpscr)
		     : "r"(vfp->d), "r"(vfp->d + 16)
		     : "memory");
}

static void load(const struct hyp_vfp *vfp)
{
	asm volatile(".fpu neon\n\t"
		     "vldm %1, {d0-d15}\n\t"
		     "vldm %2, {d16-d31}\n\t"
		     "vmsr fpscr, %0"
		     :
		     : "r"(vfp->fpscr), "r"(vfp->d), "r"(vfp->d + 16)
		     : "memory");
	write_fpexc(vfp->fpexc);
}

/* The guest's CPACR must not stop HYP: accesses at PL2 are HCPTR's (B1.11.1). */
void hyp_vfp_to_guest(struct hyp_vcpu *vcpu)
{
	write_hcptr(read_hcptr() & ~(HCPTR_TCP10 | HCPTR_TCP11 | HCPTR_TASE));
	isb();
	save(&vcpu->cpu->host_vfp);
	load(&vcpu->vfp);
	vcpu->vfp_loaded = true;
}

void hyp_vfp_to_host(struct hyp_vcpu *vcpu)
{
	save(&vcpu->vfp);
	load(&vcpu->cpu->host_vfp);
	vcpu->vfp_loaded = false;
}
