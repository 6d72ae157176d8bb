/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions that HYP's files call of each other. All of them run in HYP
 * mode, with exceptions masked, on the CPU whose struct hyp_cpu is given.
 */
#ifndef HYP_ARM_HYP_INTERNAL_H
#define HYP_ARM_HYP_INTERNAL_H

#include "core/arm/cpu.h"
#include "core/arm/hsr.h"
#include "hyp/arm/sysreg.h"
#include "hyp/arm/state.h"

/* A handler returns HYP_RESUME to resume the guest, or an enum hyp_exit. */
#define HYP_RESUME 0xff

/* vectors.S */
extern char hyp_host_vectors[];

/* cpu.c: sets this CPU's HYP registers, once, at takeover. */
void hyp_cpu_init(struct hyp_cpu *cpu);

/*
 * switch.c: the world switch. hyp_enter() loads the guest's state, hyp_leave()
 * saves it and loads the host's. hyp_full_exit() is in trap.c.
 */
void hyp_enter(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
void hyp_leave(struct hyp_vcpu *vcpu);
/*
 * Loads only the host's state, after a fault in HYP; the guest's is lost. If
 * cpu->vcpu is NULL, no guest was loaded, and only the trap settings are
 * restored.
 */
void hyp_restore_host(struct hyp_cpu *cpu);

/* swap.S: exchanges the PL1&0 registers of host and guest. */
void hyp_swap_to_guest(struct hyp_vcpu *vcpu, struct hyp_host *host);
void hyp_swap_to_host(struct hyp_vcpu *vcpu, const struct hyp_host *host);
void hyp_load_host(const struct hyp_host *host);

/* Handlers (hyp_handler_t). */
uint32_t hyp_smccc(struct hyp_vcpu *vcpu, uint32_t hsr);
uint32_t hyp_coproc(struct hyp_vcpu *vcpu, uint32_t hsr);      /* MCR, MRC */
uint32_t hyp_coproc_wide(struct hyp_vcpu *vcpu, uint32_t hsr); /* MCRR, MRRC */

uint32_t hyp_data_abort(struct hyp_vcpu *vcpu, uint32_t hsr); /* data_abort.c */

/*
 * dist.c: the guest's load or store at offset off of its distributor. hsr is a
 * valid syndrome whose register is in vcpu->regs.
 */
uint32_t hyp_dist(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t off);

uint32_t hyp_abort(struct hyp_vcpu *vcpu, uint32_t hsr); /* fault_info.c */

/*
 * Translates va for a read by the guest's stage 1: *gfn is IPA[39:12]. False:
 * it is not mapped, because another vCPU has changed the table meanwhile. Then
 * the guest executes the instruction again.
 */
static inline bool hyp_translate(uint32_t va, uint32_t *gfn)
{
	uint64_t par = read_par();
	uint64_t pa;

	write_ats1cpr(va);
	isb();
	pa = read_par();
	write_par(par);
	/* Both PAR formats have PA[31:12] in place (DDI 0406C, PAR). */
	*gfn = (uint32_t)(pa >> 12) & 0x0fffffff;
	return !((uint32_t)pa & 1);
}

/* irq.c: an interrupt came while the guest ran. */
uint32_t hyp_irq(struct hyp_vcpu *vcpu);

/* trap.c. Returns HYP_RESUME, so that a handler can call it last. */
uint32_t hyp_skip_thumb_insn(uint32_t hsr);

/*
 * Whether vcpu->regs.r[n] is the guest's register: R0 to R12, unless its mode
 * has a banked copy, which is in the CPU.
 */
static inline bool hyp_has_reg(unsigned int n)
{
	return n <= 7 ||
	       (n <= 12 && (read_spsr() & CPSR_M_MASK) != ARM_MODE_FIQ);
}

/* Steps over the guest's instruction: advances PC and the IT state. */
static inline void hyp_skip_insn(uint32_t hsr)
{
	if (read_spsr() & CPSR_T)
		hyp_skip_thumb_insn(hsr);
	else
		write_elr(read_elr() + 4);
}

/* The same, for a handler that ends with it: returns HYP_RESUME. */
static inline uint32_t hyp_resume_behind(uint32_t hsr)
{
	if (read_spsr() & CPSR_T)
		return hyp_skip_thumb_insn(hsr);
	write_elr(read_elr() + 4);
	return HYP_RESUME;
}

/*
 * gich.c: writes the vCPU's list registers and GICH_HCR, VMCR and APR before it
 * runs, and reads them back after. stayed: they still hold this vCPU's values
 * from its last run.
 */
void hyp_gich_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu, bool stayed);
void hyp_gich_save(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
/*
 * Writes list register i from lr[], which vgic_inject_hw_ppi() or
 * vgic_sgi_to_self() has filled.
 */
void hyp_gich_write(struct hyp_vcpu *vcpu, unsigned int i);
uint32_t hyp_gich_empty(void); /* reads GICH_ELRSR0: the empty list registers */
/*
 * vgic->lock is held and the guest is about to resume. hyp_gich_sync() reads
 * the list registers back and calls vgic_sync(). hyp_gich_settle() calls
 * vgic_flush() if gic->work is set, for which the vCPU must have been synced.
 * kick: vCPUs that the caller has to kick as well. It returns HYP_RESUME, or
 * HYP_EXIT_KICK if the host has to act.
 */
void hyp_gich_sync(struct hyp_vcpu *vcpu);
uint32_t hyp_gich_settle(struct hyp_vcpu *vcpu, uint32_t kick);

/*
 * switch.c: writes the guest's PMUSERENR.EN to the CPU. While EN is 0, an
 * access from User mode is UNDEFINED in the guest and does not trap by HSTR or
 * HDCR (DDI 0406C, PMUSERENR), so EN must be 1 in the CPU if the guest has set
 * it.
 */
void hyp_pmu_load(const struct hyp_vcpu *vcpu);

/*
 * timer.c: loads, saves and arms the guest's timers; CNTHP stands in for its
 * CNTP.
 */
void hyp_timer_load(const struct hyp_vcpu *vcpu);
void hyp_timer_save(struct hyp_vcpu *vcpu);
void hyp_ptimer_arm(const struct hyp_vcpu *vcpu);

/*
 * vfp.c. hyp_vfp_enter() comes before the guest's HCPTR is written, and
 * hyp_vfp_leave() after the host's is written; in between FPEXC is not the
 * host's. hyp_vfp_to_guest() loads the guest's VFP and NEON registers and lets
 * HCPTR pass them; false: this CPU has no VFP.
 */
void hyp_vfp_init(struct hyp_cpu *cpu);
void hyp_vfp_enter(struct hyp_cpu *cpu);
bool hyp_vfp_to_guest(struct hyp_vcpu *vcpu);
void hyp_vfp_leave(struct hyp_vcpu *vcpu);

/*
 * debug.c: loads the vCPU's debug registers, and restores the host's. The
 * second must follow the first, whatever ends the run.
 */
void hyp_debug_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
void hyp_debug_restore(struct hyp_cpu *cpu);

/* clean.c: HYP_CALL_CLEAN. */
uint32_t hyp_clean(const struct hyp_cpu *cpu, uint32_t pfn, uint32_t pages);

/* host_call.c: the host's HVC with r0 = call, r1 = a, r2 = b; returns r0. */
uint32_t hyp_host_call(uint32_t call, uint32_t a, uint32_t b);

/*
 * fault.c: completes the record before cpu->fault, and loads the host's state.
 * True: a guest was loaded, and its VM has to end. False: the host has to panic.
 */
bool hyp_fault(struct hyp_cpu *cpu);

#endif /* HYP_ARM_HYP_INTERNAL_H */
