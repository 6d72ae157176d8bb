// SPDX-License-Identifier: BSD-2-Clause
/*
 * A vCPU's interrupts into the virtual interface control registers and out of
 * them. A GIC access costs as much as a hundred instructions: what the CPU's
 * registers hold already is not written, what cannot have changed not read.
 */
#include "hyp/arm/hyp_internal.h"
#include "hyp/arm/gic.h"
#include "hyp/arm/sysreg.h"

static uint32_t gich_read(uint32_t off)
{
	return mmio_read(hyp_config.gich + off);
}

static void gich_write(uint32_t off, uint32_t val)
{
	mmio_write(hyp_config.gich + off, val);
}

static void write_lrs(const struct vgic_cpu *gic, uint32_t which)
{
	while (which) {
		unsigned int n = __builtin_ctz(which);

		gich_write(GICH_LR(n), gic->lr[n]);
		which &= which - 1;
	}
}

/*
 * PPIs are active per CPU, and a list register with HW set deactivates the
 * physical one when the guest does: so the active state goes where the vCPU
 * goes, and what the vCPU before left active here does not stay.
 */
static void move_active_ppis(struct hyp_cpu *cpu, uint32_t want)
{
	uint32_t change = cpu->active_ppis ^ want;

	if (change & want)
		mmio_write(hyp_config.gicd + GICD_ISACTIVER0, change & want);
	if (change & ~want)
		mmio_write(hyp_config.gicd + GICD_ICACTIVER0, change & ~want);
	cpu->active_ppis = want;
}

void hyp_gich_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	struct vgic_cpu *gic = &vcpu->vgic->cpu[vcpu->number];

	if (cpu->active_ppis != gic->hw)
		move_active_ppis(cpu, gic->hw);
	/* Ours were left here, and nowhere else since. */
	if (cpu->gich_owner != gic || vcpu->gich_cpu != cpu) {
		gich_write(GICH_VMCR, gic->vmcr);
		gich_write(GICH_APR, gic->apr);
		write_lrs(gic, (1u << hyp_config.nr_lrs) - 1);
		cpu->gich_owner = gic;
		vcpu->gich_cpu = cpu;
	} else {
		write_lrs(gic, gic->lr_dirty);
	}
	gic->lr_dirty = 0;
	if (cpu->gich_hcr != gic->hcr) {
		gich_write(GICH_HCR, gic->hcr);
		cpu->gich_hcr = gic->hcr;
	}
}

void hyp_gich_save(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	struct vgic_cpu *gic = &vcpu->vgic->cpu[vcpu->number];
	uint32_t used = gic->lr_used;
	bool maint = gic->hcr != GICH_HCR_EN;

	gic->vmcr = gich_read(GICH_VMCR);
	gic->apr = gich_read(GICH_APR);
	while (used) {
		unsigned int n = __builtin_ctz(used);

		gic->lr[n] = gich_read(GICH_LR(n));
		maint |= gic->lr[n] & GICH_LR_EOI && !(gic->lr[n] & GICH_LR_HW);
		used &= used - 1;
	}
	if (gic->hcr & GICH_HCR_LRENPIE)
		gic->hcr = gich_read(GICH_HCR);
	/* The maintenance interrupt must not reach the host's own time. */
	if (maint) {
		gich_write(GICH_HCR, 0);
		cpu->gich_hcr = 0;
	}
}
