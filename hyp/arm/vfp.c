// SPDX-License-Identifier: BSD-2-Clause
/*
 * Lazy switching of VFP and NEON. A guest's first use after an entry traps to
 * HYP, which swaps the registers; only a full exit after such a use swaps them
 * back.
 */
#include "core/arm/hcr.h"
#include "hyp/arm/hyp_internal.h"

#define FPEXC_EN (1u << 30)

static uint32_t vfp_read_fpexc(void)
{
	uint32_t val;

	asm volatile(".fpu neon\n\tvmrs %0, fpexc" : "=r"(val));
	return val;
}

static void vfp_write_fpexc(uint32_t val)
{
	asm volatile(".fpu neon\n\tvmsr fpexc, %0" : : "r"(val));
}

/* The number of D registers (DDI 0406C, MVFR0.A_SIMD). */
static uint32_t vfp_read_d_regs(void)
{
	uint32_t mvfr0;

	asm volatile(".fpu neon\n\tvmrs %0, mvfr0" : "=r"(mvfr0));
	switch (mvfr0 & 0xf) {
	case 1:
		return 16;
	case 2:
		return 32;
	default:
		return 0;
	}
}

/*
 * The HCPTR bit of an absent coprocessor always reads as 1 (DDI 0406C, HCPTR).
 */
void hyp_vfp_init(struct hyp_cpu *cpu)
{
	bool absent = cpu->host_hcptr & (HCPTR_TCP10 | HCPTR_TCP11);

	cpu->vfp_d_regs = absent ? 0 : vfp_read_d_regs();
}

/* FPEXC.EN is set. A core without NEON may have d0 to d15 alone. */
static void vfp_save(struct hyp_vfp *vfp, uint32_t d_regs)
{
	asm volatile(".fpu neon\n\t"
		     "vmrs %0, fpscr\n\t"
		     "vstm %1, {d0-d15}"
		     : "=&r"(vfp->fpscr)
		     : "r"(vfp->d)
		     : "memory");
	if (d_regs == 32)
		asm volatile(".fpu neon\n\tvstm %0, {d16-d31}"
			     :
			     : "r"(vfp->d + 16)
			     : "memory");
}

static void vfp_load(const struct hyp_vfp *vfp, uint32_t d_regs)
{
	if (d_regs == 32)
		asm volatile(".fpu neon\n\tvldm %0, {d16-d31}"
			     :
			     : "r"(vfp->d + 16)
			     : "memory");
	asm volatile(".fpu neon\n\t"
		     "vldm %1, {d0-d15}\n\t"
		     "vmsr fpscr, %0"
		     :
		     : "r"(vfp->fpscr), "r"(vfp->d)
		     : "memory");
	vfp_write_fpexc(vfp->fpexc);
}

/*
 * The CPU checks FPEXC.EN before HCPTR (DDI 0406C, CheckAdvSIMDOrVFPEnabled()).
 * While EN is clear, the guest's VFP instructions are undefined at PL1 and none
 * of them traps. Linux clears EN at each switch of threads, so HYP sets it for
 * as long as the guest runs.
 */
void hyp_vfp_enter(struct hyp_cpu *cpu)
{
	if (!cpu->vfp_d_regs)
		return;
	cpu->host_vfp.fpexc = vfp_read_fpexc();
	if (!(cpu->host_vfp.fpexc & FPEXC_EN))
		vfp_write_fpexc(cpu->host_vfp.fpexc | FPEXC_EN);
}

/* At PL2 only HCPTR restricts VFP, so the guest's CPACR cannot stop HYP. */
bool hyp_vfp_to_guest(struct hyp_vcpu *vcpu)
{
	struct hyp_cpu *cpu = vcpu->cpu;

	if (!cpu->vfp_d_regs)
		return false;
	write_hcptr(read_hcptr() & ~(HCPTR_TCP10 | HCPTR_TCP11 | HCPTR_TASE));
	isb();
	vfp_save(&cpu->host_vfp, cpu->vfp_d_regs);
	vfp_load(&vcpu->vfp, cpu->vfp_d_regs);
	vcpu->vfp_loaded = true;
	return true;
}

static void vfp_to_host(struct hyp_vcpu *vcpu)
{
	struct hyp_cpu *cpu = vcpu->cpu;

	vcpu->vfp.fpexc = vfp_read_fpexc();
	vfp_write_fpexc(vcpu->vfp.fpexc | FPEXC_EN);
	isb();
	vfp_save(&vcpu->vfp, cpu->vfp_d_regs);
	vfp_load(&cpu->host_vfp, cpu->vfp_d_regs);
	vcpu->vfp_loaded = false;
}

void hyp_vfp_leave(struct hyp_vcpu *vcpu)
{
	uint32_t fpexc = vcpu->cpu->host_vfp.fpexc;

	if (vcpu->vfp_loaded) {
		vfp_to_host(vcpu);
	} else if (vcpu->cpu->vfp_d_regs && !(fpexc & FPEXC_EN)) {
		/* HCPTR has the host's value only after this. */
		isb();
		vfp_write_fpexc(fpexc);
	}
}
