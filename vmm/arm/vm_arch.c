// SPDX-License-Identifier: BSD-2-Clause
/*
 * ARMv7's part of a VM: the guest's ID registers are the host's, without
 * features that a guest does not get.
 */
#include <linux/preempt.h>
#include <linux/smp.h>
#include <asm/cp15.h>
#include <asm/cputype.h>

#include "core/arm/cp15.h"
#include "vmm/arm/branch_predictor.h"
#include "vmm/arm/fast.h"
#include "vmm/arm/host.h"
#include "vmm/arm/hyp.h"
#include "vmm/arm/hyp_map.h"
#include "vmm/vm.h"

#define READ_CP15(crn, op1, crm, op2)                                 \
	({                                                            \
		u32 val_;                                             \
		asm volatile("mrc p15, " #op1 ", %0, " #crn ", " #crm \
			     ", " #op2                                \
			     : "=r"(val_));                           \
		val_;                                                 \
	})

/* Each CPU has its own CSSELR, and no code owns it, so interrupts are off. */
static void vm_arch_read_ccsidr(struct arm_id *id)
{
	unsigned long flags;
	unsigned int level;
	u32 sel;

	local_irq_save(flags);
	for (sel = 0; sel < ARM_NR_CCSIDR; sel++) {
		level = sel >> 1;
		/* CLIDR.Ctype of the level: 0 none, 1 I, 2 D, 3 both, 4 one */
		if (!(id->clidr >> (3 * level) & 7))
			continue;
		asm volatile("mcr p15, 2, %0, c0, c0, 0" : : "r"(sel));
		isb();
		id->ccsidr[sel] = READ_CP15(c0, 1, c0, 0);
	}
	asm volatile("mcr p15, 2, %0, c0, c0, 0" : : "r"(0));
	local_irq_restore(flags);
}

/* Only these processors have L2CTLR (Cortex-A15 TRM DDI 0438, L2CTLR). */
static bool vm_arch_has_l2ctlr(u32 midr)
{
	switch (midr & 0xff00fff0) {
	case ARM_CPU_PART_CORTEX_A7:
	case ARM_CPU_PART_CORTEX_A15:
	case ARM_CPU_PART_CORTEX_A17:
	case ARM_CPU_PART_CORTEX_A12:
		return true;
	}
	return false;
}

static void vm_arch_read_features(struct arm_id *id)
{
	id->pfr0 = READ_CP15(c0, 0, c1, 0);
	id->pfr1 = READ_CP15(c0, 0, c1, 1);
	id->dfr0 = READ_CP15(c0, 0, c1, 2);
	id->afr0 = READ_CP15(c0, 0, c1, 3);
	id->mmfr0 = READ_CP15(c0, 0, c1, 4);
	id->mmfr1 = READ_CP15(c0, 0, c1, 5);
	id->mmfr2 = READ_CP15(c0, 0, c1, 6);
	id->mmfr3 = READ_CP15(c0, 0, c1, 7);
	id->isar0 = READ_CP15(c0, 0, c2, 0);
	id->isar1 = READ_CP15(c0, 0, c2, 1);
	id->isar2 = READ_CP15(c0, 0, c2, 2);
	id->isar3 = READ_CP15(c0, 0, c2, 3);
	id->isar4 = READ_CP15(c0, 0, c2, 4);
	id->isar5 = READ_CP15(c0, 0, c2, 5);
}

static void vm_arch_read_id(struct arm_id *id)
{
	memset(id, 0, sizeof(*id));
	id->midr = READ_CP15(c0, 0, c0, 0);
	id->ctr = READ_CP15(c0, 0, c0, 1);
	id->tcmtr = READ_CP15(c0, 0, c0, 2);
	id->tlbtr = READ_CP15(c0, 0, c0, 3);
	id->revidr = READ_CP15(c0, 0, c0, 6);
	id->actlr = READ_CP15(c1, 0, c0, 1);
	vm_arch_read_features(id);
	id->clidr = READ_CP15(c0, 1, c0, 1);
	id->aidr = READ_CP15(c0, 1, c0, 7);
	vm_arch_read_ccsidr(id);
	if (vm_arch_has_l2ctlr(id->midr))
		id->l2ctlr = READ_CP15(c9, 1, c0, 2);
	id->pmcr = READ_CP15(c9, 0, c12, 0);
	/*
	 * Firmware may not have written CNTFRQ; the guest reads the rate that
	 * is right.
	 */
	id->cntfrq = host_timer_hz;
	/* VFP's ID registers can be read without enabling VFP. */
	asm volatile(".fpu neon\n\tvmrs %0, fpsid" : "=r"(id->fpsid));
	asm volatile(".fpu neon\n\tvmrs %0, mvfr0" : "=r"(id->mvfr0));
	asm volatile(".fpu neon\n\tvmrs %0, mvfr1" : "=r"(id->mvfr1));
}

int vm_arch_init(struct vm *vm)
{
	vm->arch.hyp = hyp_alloc(sizeof(*vm->arch.hyp));
	return vm->arch.hyp ? 0 : -ENOMEM;
}

void vm_arch_free(struct vm *vm)
{
	hyp_free(vm->arch.hyp, sizeof(*vm->arch.hyp));
}

void vm_arch_publish_posted(struct vm *vm, unsigned int i, struct posted *p)
{
	if (fast_posted)
		smp_store_release(&vm->arch.hyp->posted[i], p);
}

/*
 * SMCCC_ARCH_WORKAROUND_1 asks for the branch predictor to be invalidated.
 * Guests are told that the call exists only if each exit into HYP does that.
 */
static enum psci_workaround vm_arch_workaround_1(void)
{
	enum bp_state state = branch_predictor_state();

	if (state == BP_UNAFFECTED)
		return PSCI_WORKAROUND_UNNEEDED;
	return bp_flushes(state) ? PSCI_WORKAROUND_NEEDED :
				   PSCI_WORKAROUND_UNKNOWN;
}

/*
 * CBAR is the base of the CPUs' private peripherals; QEMU's "virt" has GICD
 * there.
 */
void vm_arch_attach_vgic(struct vm *vm)
{
	struct hyp_vm *hyp = vm->arch.hyp;
	struct arm_id host;

	/*
	 * All ID registers are read from one CPU, because two CPUs may be of
	 * different revisions.
	 */
	preempt_disable();
	vm_arch_read_id(&host);
	preempt_enable();
	arm_id_guest(&hyp->id, &host, vm->vgic->nvcpus);
	hyp->id.cbar = vm->dist_gpa;
	hyp->psci.nvcpus = vm->vgic->nvcpus;
	hyp->psci.entropy = true;
	hyp->psci.workaround[0] = vm_arch_workaround_1();
	vgic_link_ppi(vm->vgic, HYP_VTIMER_PPI, hyp_config.vtimer_intid);
	vgic_link_ppi(vm->vgic, HYP_PTIMER_PPI, hyp_config.htimer_intid);
	hyp->vgic = vm->vgic;
	hyp->dist_page = fast_dist_page(vm->dist_gpa);
}

/*
 * A later VM's vGIC may get this address: no CPU may think that GICH holds its
 * state (tests/litmus/gich-owner.litmus).
 */
void vm_arch_detach_vgic(struct vm *vm)
{
	const struct vgic *vgic = vm->vgic;
	int cpu;

	for_each_possible_cpu (cpu) {
		struct vgic_cpu *owner = READ_ONCE(hyp_cpu(cpu)->gich_owner);

		if (owner >= vgic->cpu && owner < vgic->cpu + VGIC_MAX_VCPUS)
			WRITE_ONCE(hyp_cpu(cpu)->gich_owner, NULL);
	}
}
