// SPDX-License-Identifier: BSD-2-Clause
/*
 * The world switch: everything of PL1&0 that both the host and a guest have
 * in the same registers is exchanged. The host's copy is taken anew each time,
 * for the host does change its own (6.12 switches TTBCR at run time).
 *
 * HYP runs under its own translation regime, which none of these registers
 * governs, so their order among each other is free; the ERET at the end is the
 * context synchronization event for all of them (Arm ARM DDI 0406C B3.15.5).
 */
#include "core/arm/hcr.h"
#include "hyp/arm/hyp_internal.h"
#include "hyp/arm/sysreg.h"

static void save_banked(struct arm_regs *regs)
{
	regs->sp_usr = read_sp_usr();
	regs->sp_svc = read_sp_svc();
	regs->lr_svc = read_lr_svc();
	regs->spsr_svc = read_spsr_svc();
	regs->sp_abt = read_sp_abt();
	regs->lr_abt = read_lr_abt();
	regs->spsr_abt = read_spsr_abt();
	regs->sp_und = read_sp_und();
	regs->lr_und = read_lr_und();
	regs->spsr_und = read_spsr_und();
	regs->sp_irq = read_sp_irq();
	regs->lr_irq = read_lr_irq();
	regs->spsr_irq = read_spsr_irq();
	regs->r8_fiq = read_r8_fiq();
	regs->r9_fiq = read_r9_fiq();
	regs->r10_fiq = read_r10_fiq();
	regs->r11_fiq = read_r11_fiq();
	regs->r12_fiq = read_r12_fiq();
	regs->sp_fiq = read_sp_fiq();
	regs->lr_fiq = read_lr_fiq();
	regs->spsr_fiq = read_spsr_fiq();
}

static void load_banked(const struct arm_regs *regs)
{
	write_sp_usr(regs->sp_usr);
	write_sp_svc(regs->sp_svc);
	write_lr_svc(regs->lr_svc);
	write_spsr_svc(regs->spsr_svc);
	write_sp_abt(regs->sp_abt);
	write_lr_abt(regs->lr_abt);
	write_spsr_abt(regs->spsr_abt);
	write_sp_und(regs->sp_und);
	write_lr_und(regs->lr_und);
	write_spsr_und(regs->spsr_und);
	write_sp_irq(regs->sp_irq);
	write_lr_irq(regs->lr_irq);
	write_spsr_irq(regs->spsr_irq);
	write_r8_fiq(regs->r8_fiq);
	write_r9_fiq(regs->r9_fiq);
	write_r10_fiq(regs->r10_fiq);
	write_r11_fiq(regs->r11_fiq);
	write_r12_fiq(regs->r12_fiq);
	write_sp_fiq(regs->sp_fiq);
	write_lr_fiq(regs->lr_fiq);
	write_spsr_fiq(regs->spsr_fiq);
}

static void save_cp15(struct arm_cp15 *cp15)
{
	cp15->ttbr0 = read_ttbr0();
	cp15->ttbr1 = read_ttbr1();
	cp15->par = read_par();
	cp15->sctlr = read_sctlr();
	cp15->cpacr = read_cpacr();
	cp15->ttbcr = read_ttbcr();
	cp15->dacr = read_dacr();
	cp15->dfsr = read_dfsr();
	cp15->ifsr = read_ifsr();
	cp15->adfsr = read_adfsr();
	cp15->aifsr = read_aifsr();
	cp15->dfar = read_dfar();
	cp15->ifar = read_ifar();
	cp15->mair0 = read_prrr();
	cp15->mair1 = read_nmrr();
	cp15->amair0 = read_amair0();
	cp15->amair1 = read_amair1();
	cp15->vbar = read_vbar();
	cp15->contextidr = read_contextidr();
	cp15->tpidrurw = read_tpidrurw();
	cp15->tpidruro = read_tpidruro();
	cp15->tpidrprw = read_tpidrprw();
	cp15->cntkctl = read_cntkctl();
	cp15->csselr = read_csselr();
}

static void load_cp15(const struct arm_cp15 *cp15)
{
	/* CSSELR: what it selects must exist; vmm sees to it. */
	write_csselr(cp15->csselr);
	write_ttbr0(cp15->ttbr0);
	write_ttbr1(cp15->ttbr1);
	write_par(cp15->par);
	write_sctlr(cp15->sctlr);
	write_cpacr(cp15->cpacr);
	write_ttbcr(cp15->ttbcr);
	write_dacr(cp15->dacr);
	write_dfsr(cp15->dfsr);
	write_ifsr(cp15->ifsr);
	write_adfsr(cp15->adfsr);
	write_aifsr(cp15->aifsr);
	write_dfar(cp15->dfar);
	write_ifar(cp15->ifar);
	write_prrr(cp15->mair0);
	write_nmrr(cp15->mair1);
	write_amair0(cp15->amair0);
	write_amair1(cp15->amair1);
	write_vbar(cp15->vbar);
	write_contextidr(cp15->contextidr);
	write_tpidrurw(cp15->tpidrurw);
	write_tpidruro(cp15->tpidruro);
	write_tpidrprw(cp15->tpidrprw);
	write_cntkctl(cp15->cntkctl);
}

static void load_timers(const struct hyp_vcpu *vcpu)
{
	const struct arm_timer *cntp = &vcpu->virt.cntp;

	write_cntvoff(vcpu->cntvoff);
	/* CNTPCT reads true only while the VM's time is the host's. */
	write_cnthctl(vcpu->cntvoff ? 0 : CNTHCTL_PL1PCTEN);
	write_cntv_cval(vcpu->cp15.cntv_cval);
	write_cntv_ctl(vcpu->cp15.cntv_ctl);
	if (vcpu->cntp_armed) {
		write_cnthp_cval(cntp->cval + vcpu->cntvoff);
		write_cnthp_ctl(ARM_TIMER_ENABLE);
	}
}

/* A timer left running would interrupt the host for nothing. */
static void save_timers(struct hyp_vcpu *vcpu, const struct hyp_cpu *cpu)
{
	vcpu->cp15.cntv_ctl = read_cntv_ctl();
	vcpu->cp15.cntv_cval = read_cntv_cval();
	write_cntv_ctl(0);
	if (vcpu->cntp_armed)
		write_cnthp_ctl(0);
	if (vcpu->cntvoff)
		write_cntvoff(0);
	write_cnthctl(cpu->host_cnthctl);
}

/*
 * HCR.TIDCP traps most of these three by itself, but QEMU's ARMv7 CPUs do
 * without. CRn 0 is left alone: who maintains caches reads CTR all the time.
 */
#define HSTR_GUEST                                                           \
	(HSTR_T(9) | HSTR_T(11) | HSTR_T(15) | HSTR_TTEE | HSTR_TJDBX)

static void load_traps(const struct hyp_vcpu *vcpu, const struct hyp_cpu *cpu)
{
	write_vttbr(vcpu->vttbr);
	write_vmpidr(vcpu->cp15.vmpidr);
	write_hstr(HSTR_GUEST);
	write_hcptr(cpu->host_hcptr | HCPTR_TTA | HCPTR_TCP10 | HCPTR_TCP11 |
		    HCPTR_TASE);
	/* HPMN stays: it says how many counters are the host's. */
	write_hdcr((cpu->host_hdcr & HDCR_HPMN) | HDCR_TPM | HDCR_TPMCR |
		   HDCR_TDRA | HDCR_TDOSA | HDCR_TDA);
	write_hcr(vcpu->hcr);
}

static void restore_traps(const struct hyp_cpu *cpu)
{
	write_hcr(0);
	write_hdcr(cpu->host_hdcr);
	write_hcptr(cpu->host_hcptr);
	write_hstr(0);
	write_vmpidr(cpu->mpidr);
	/* VMID 0: the host's own entries have none of a guest's. */
	write_vttbr(0);
}

void hyp_enter(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	asm volatile("mcr p15, 4, %0, c12, c0, 0" /* HVBAR */
		     :
		     : "r"(hyp_guest_vectors));
	save_banked(&vcpu->host_regs);
	save_cp15(&vcpu->host_cp15);
	load_traps(vcpu, cpu);
	load_banked(&vcpu->regs);
	load_cp15(&vcpu->cp15);
	load_timers(vcpu);
	hyp_gich_load(vcpu, cpu);
}

void hyp_restore_host(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	restore_traps(cpu);
	load_banked(&vcpu->host_regs);
	load_cp15(&vcpu->host_cp15);
}

void hyp_leave(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	/* VA is gone once the guest has taken that abort (B1.8.11). */
	if (vcpu->hcr & HCR_VA)
		vcpu->hcr = read_hcr();
	hyp_gich_save(vcpu, cpu);
	save_timers(vcpu, cpu);
	save_banked(&vcpu->regs);
	save_cp15(&vcpu->cp15);
	if (vcpu->vfp_loaded)
		hyp_vfp_to_host(vcpu);
	hyp_restore_host(vcpu, cpu);
}
