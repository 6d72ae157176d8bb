// SPDX-License-Identifier: BSD-2-Clause
/*
 * The world switch. swap.S has the registers that both worlds have; here is
 * what says what a guest may do, and in which order.
 */
#include "core/arm/hcr.h"
#include "hyp/arm/hyp_internal.h"

/*
 * HCR.TIDCP traps most of these three by itself, but QEMU's ARMv7 CPUs do
 * without. CRn 0 is left alone: who maintains caches reads CTR all the time.
 */
#define HSTR_GUEST \
	(HSTR_T(9) | HSTR_T(11) | HSTR_T(15) | HSTR_TTEE | HSTR_TJDBX)

static void load_traps(const struct hyp_vcpu *vcpu, const struct hyp_cpu *cpu)
{
	write_vttbr(vcpu->vm->vttbr);
	write_vmpidr(vcpu->cp15.vmpidr);
	write_hstr(HSTR_GUEST);
	write_hcptr(cpu->host_hcptr | HCPTR_TTA | HCPTR_TCP10 | HCPTR_TCP11 |
		    HCPTR_TASE);
	write_hdcr(cpu->guest_hdcr | vcpu->hdcr);
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

/*
 * A CPU's TLB entries have a VMID and no vCPU, and a guest maintains those of
 * each of its CPUs for itself: what another vCPU of the VM has left here is not
 * this one's (DDI 0406C B3.9, B3.10). TLBIALL works on the current VMID
 * (B4.2.2). A vCPU whose MMU is off fetches past the data caches, so the
 * instruction cache goes with the TLB.
 */
static void forget_sibling(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	uint8_t vmid = (uint8_t)(vcpu->vm->vttbr >> 48);

	if (!tlb_owner_change(&cpu->tlb_owners, vmid, vcpu->number))
		return;
	isb();
	write_tlbiall(0);
	write_iciallu(0);
	dsb();
}

void hyp_enter(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	bool moved = vcpu->cpu != cpu;

	vcpu->cpu = cpu;
	hyp_vfp_enter(cpu);
	write_hvbar((uint32_t)hyp_guest_vectors);
	load_traps(vcpu, cpu);
	forget_sibling(vcpu, cpu);
	/* From here on a fault of HYP's has the host's registers to load. */
	cpu->vcpu = vcpu;
	hyp_swap_to_guest(vcpu, &cpu->host);
	/* A timer whose PPI is active already is not to signal it again. */
	hyp_gich_load(vcpu, cpu, moved);
	hyp_timer_load(vcpu);
}

void hyp_restore_host(struct hyp_cpu *cpu)
{
	restore_traps(cpu);
	if (!cpu->vcpu)
		return;
	hyp_vfp_leave(cpu->vcpu);
	hyp_load_host(&cpu->host);
}

void hyp_leave(struct hyp_vcpu *vcpu)
{
	struct hyp_cpu *cpu = vcpu->cpu;

	/* VA is gone once the guest has taken that abort (B1.8.11). */
	if (vcpu->hcr & HCR_VA)
		vcpu->hcr = read_hcr();
	hyp_gich_save(vcpu, cpu);
	hyp_timer_save(vcpu);
	restore_traps(cpu);
	hyp_vfp_leave(vcpu);
	hyp_swap_to_host(vcpu, &cpu->host);
}
