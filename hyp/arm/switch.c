// SPDX-License-Identifier: BSD-2-Clause
/*
 * The world switch: what traps while a guest runs, and the order of the steps.
 * swap.S exchanges the registers that both worlds use.
 */
#include "core/arm/hcr.h"
#include "hyp/arm/hyp_internal.h"

/*
 * HCR.TIDCP traps most registers of these three CRn, but not on QEMU's ARMv7
 * CPUs. CRn 0 does not trap: it has CTR, which cache maintenance reads all the
 * time.
 */
#define HSTR_GUEST \
	(HSTR_T(9) | HSTR_T(11) | HSTR_T(15) | HSTR_TTEE | HSTR_TJDBX)

static void switch_load_traps(const struct hyp_vcpu *vcpu,
			      const struct hyp_cpu *cpu)
{
	write_vttbr(vcpu->vm->vttbr);
	write_vpidr(vcpu->cp15.vpidr);
	write_vmpidr(vcpu->cp15.vmpidr);
	write_hstr(HSTR_GUEST);
	write_hcptr(cpu->host_hcptr | HCPTR_TTA | HCPTR_TCP10 | HCPTR_TCP11 |
		    HCPTR_TASE);
	write_hdcr(cpu->guest_hdcr);
	write_hcr(vcpu->hcr);
}

static void switch_restore_traps(const struct hyp_cpu *cpu)
{
	write_hcr(0);
	write_hdcr(cpu->host_hdcr);
	write_hcptr(cpu->host_hcptr);
	write_hstr(0);
	write_vpidr(cpu->midr);
	write_vmpidr(cpu->mpidr);
	/*
	 * The host runs with VMID 0, so that its TLB entries match no guest's.
	 */
	write_vttbr(0);
}

/*
 * TLB entries are tagged with a VMID but not with a vCPU, and a guest maintains
 * the entries of each of its CPUs separately. So the entries that a sibling
 * vCPU has left on this CPU must go before this vCPU runs (DDI 0406C, TLB
 * maintenance). TLBIALL works on the current VMID. The instruction cache goes
 * with them, because a vCPU whose MMU is off fetches past the data caches.
 */
static void switch_forget_sibling(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	uint8_t vmid = (uint8_t)(vcpu->vm->vttbr >> 48);

	if (!tlb_owner_change(&cpu->tlb_owners, vmid, vcpu->number))
		return;
	isb();
	write_tlbiall(0);
	write_iciallu(0);
	dsb();
}

/*
 * Whether this CPU was the last to run the vCPU, and the vCPU the last to run
 * here. vm_arch_detach_vgic() clears gich_owner without a lock:
 * tests/litmus/gich-owner.litmus.
 */
static bool switch_has_stayed(const struct hyp_vcpu *vcpu,
			      const struct hyp_cpu *cpu)
{
	return cpu->gich_owner == vcpu->gic && vcpu->cpu == cpu;
}

void hyp_pmu_load(const struct hyp_vcpu *vcpu)
{
	write_pmuserenr(vcpu->virt.pmu.userenr ? 1 : vcpu->cpu->host_pmuserenr);
}

void hyp_enter(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	bool stayed = switch_has_stayed(vcpu, cpu);

	hyp_vfp_enter(cpu);
	write_hvbar(cpu->guest_hvbar);
	switch_load_traps(vcpu, cpu);
	if (!stayed)
		switch_forget_sibling(vcpu, cpu);
	vcpu->cpu = cpu;
	/* A fault in HYP from here on restores the host's registers. */
	cpu->vcpu = vcpu;
	if (vcpu->virt.pmu.userenr)
		hyp_pmu_load(vcpu);
	hyp_swap_to_guest(vcpu, &cpu->host);
	/*
	 * The PPI's active state is restored before the timer is, so that the
	 * timer does not signal it again.
	 */
	hyp_gich_load(vcpu, cpu, stayed);
	hyp_timer_load(vcpu);
}

void hyp_restore_host(struct hyp_cpu *cpu)
{
	switch_restore_traps(cpu);
	if (!cpu->vcpu)
		return;
	write_pmuserenr(cpu->host_pmuserenr);
	hyp_vfp_leave(cpu->vcpu);
	hyp_load_host(&cpu->host);
}

void hyp_leave(struct hyp_vcpu *vcpu)
{
	struct hyp_cpu *cpu = vcpu->cpu;

	/* The CPU clears HCR.VA when the guest takes the asynchronous abort. */
	if (vcpu->hcr & HCR_VA)
		vcpu->hcr = read_hcr();
	hyp_gich_save(vcpu, cpu);
	hyp_timer_save(vcpu);
	if (vcpu->virt.pmu.userenr)
		write_pmuserenr(cpu->host_pmuserenr);
	switch_restore_traps(cpu);
	hyp_vfp_leave(vcpu);
	hyp_swap_to_host(vcpu, &cpu->host);
}
