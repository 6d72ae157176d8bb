/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What HYP's own files call of each other. All of it runs in HYP mode with
 * exceptions masked, on the CPU whose struct hyp_cpu is given.
 */
#ifndef HYP_ARM_HYP_INTERNAL_H
#define HYP_ARM_HYP_INTERNAL_H

#include "core/arm/cpu.h"
#include "core/arm/hsr.h"
#include "hyp/arm/sysreg.h"
#include "hyp/hyp.h"

/* A handler's answer: back into the guest. Anything else is a hyp_exit. */
#define HYP_RESUME 0xff

/* vectors.S */
extern char hyp_host_vectors[], hyp_guest_vectors[];

/* cpu.c: what a CPU needs once, at takeover. */
void hyp_cpu_init(struct hyp_cpu *cpu);

/* switch.c: from the host's world to the guest's, and back. */
void hyp_enter(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
void hyp_leave(struct hyp_vcpu *vcpu);
/*
 * The host's half of hyp_leave() alone: the guest's state is lost. With
 * cpu->vcpu set; else the host's registers are still its own, and only what
 * traps is put back.
 */
void hyp_restore_host(struct hyp_cpu *cpu);

/* swap.S: the registers of PL1&0. */
void hyp_swap_to_guest(struct hyp_vcpu *vcpu, struct hyp_host *host);
void hyp_swap_to_host(struct hyp_vcpu *vcpu, const struct hyp_host *host);
void hyp_load_host(const struct hyp_host *host);

/* Handlers, each in the file of its name. */
uint32_t hyp_smccc(struct hyp_vcpu *vcpu, uint32_t hsr);
uint32_t hyp_coproc(struct hyp_vcpu *vcpu, uint32_t hsr);      /* MCR, MRC */
uint32_t hyp_coproc_wide(struct hyp_vcpu *vcpu, uint32_t hsr); /* MCRR, MRRC */

uint32_t hyp_data_abort(struct hyp_vcpu *vcpu, uint32_t hsr); /* data_abort.c */

/*
 * dist.c: the guest's load or store at offset off of its distributor, by the
 * size and direction of hsr, whose register is in vcpu->regs.
 */
uint32_t hyp_dist(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t off);

uint32_t hyp_abort(struct hyp_vcpu *vcpu, uint32_t hsr); /* fault_info.c */

/*
 * IPA[39:12] of an address of the guest's, by its stage 1, for a read. False:
 * it leads nowhere, as the table has been changed since by another of its CPUs:
 * then the instruction is simply run again.
 */
static inline bool hyp_translate(uint32_t va, uint32_t *gfn)
{
	uint64_t par = read_par();
	uint64_t pa;

	write_ats1cpr(va);
	isb();
	pa = read_par();
	write_par(par);
	/* Both PAR formats: PA[31:12] in place (DDI 0406C, PAR). */
	*gfn = (uint32_t)(pa >> 12) & 0x0fffffff;
	return !((uint32_t)pa & 1);
}

/* irq.c: an interrupt while the guest ran. */
uint32_t hyp_irq(struct hyp_vcpu *vcpu);

void hyp_skip_thumb_insn(uint32_t hsr); /* trap.c */

/*
 * R0-R12, if the guest's mode has no copy of its own, which would be in the
 * CPU; else NULL.
 */
static inline uint32_t *hyp_reg(struct hyp_vcpu *vcpu, unsigned int n)
{
	if (n > 7 && (n > 12 || (read_spsr() & CPSR_M_MASK) == ARM_MODE_FIQ))
		return NULL;
	return &vcpu->regs.r[n];
}

/* Steps over the guest's instruction: PC and IT state. */
static inline void hyp_skip_insn(uint32_t hsr)
{
	if (read_spsr() & CPSR_T)
		hyp_skip_thumb_insn(hsr);
	else
		write_elr(read_elr() + 4);
}

/*
 * gich.c: list registers and what belongs to them, with the guest in the CPU.
 * moved: the vCPU's last time was not on this CPU.
 */
void hyp_gich_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu, bool moved);
void hyp_gich_save(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
/* List register i, as vgic_inject_hw_ppi() and kin have filled it. */
void hyp_gich_write(struct hyp_vcpu *vcpu, unsigned int i);
uint32_t hyp_gich_empty(void); /* GICH_ELRSR0 */
/*
 * With vgic->lock, the guest about to go on: vgic_sync(); and vgic_flush(), for
 * which it has been synced if gic->work is set. kick: who else has something to
 * take already. HYP_EXIT_KICK where the host has to know of something.
 */
void hyp_gich_sync(struct hyp_vcpu *vcpu);
uint32_t hyp_gich_settle(struct hyp_vcpu *vcpu, uint32_t kick);

/* timer.c: CNTHP stands in for the guest's CNTP. */
void hyp_timer_load(const struct hyp_vcpu *vcpu);
void hyp_timer_save(struct hyp_vcpu *vcpu);
void hyp_ptimer_arm(const struct hyp_vcpu *vcpu);

/*
 * vfp.c. hyp_vfp_enter() comes before the guest's HCPTR is written and
 * hyp_vfp_leave() after the host's is: between them FPEXC is not the host's.
 * hyp_vfp_to_guest() gives the guest its VFP and NEON registers, which HCPTR
 * lets through afterwards; false: this CPU has none.
 */
void hyp_vfp_init(struct hyp_cpu *cpu);
void hyp_vfp_enter(struct hyp_cpu *cpu);
bool hyp_vfp_to_guest(struct hyp_vcpu *vcpu);
void hyp_vfp_leave(struct hyp_vcpu *vcpu);

/*
 * debug.c: the CPU's debug registers become the vCPU's, and the host's again.
 * Whatever a vCPU's run ends with, the second one follows.
 */
void hyp_debug_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
void hyp_debug_restore(struct hyp_cpu *cpu);

/* clean.c: HYP_CALL_CLEAN. */
uint32_t hyp_clean(const struct hyp_cpu *cpu, uint32_t pfn, uint32_t pages);

/* host_call.c: r0 of the host's HVC is call, and returns. */
uint32_t hyp_host_call(uint32_t call, uint32_t a, uint32_t b);

/*
 * fault.c: completes cpu->fault. True if a guest was loaded, whose VM is to
 * stop; the host's registers are back then.
 */
bool hyp_fault(struct hyp_cpu *cpu);

#endif /* HYP_ARM_HYP_INTERNAL_H */
