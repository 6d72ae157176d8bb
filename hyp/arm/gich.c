// SPDX-License-Identifier: BSD-2-Clause
/*
 * Moves a vCPU's interrupts between struct vgic_cpu and the GIC's virtual
 * interface control registers (GICH). A GIC access costs as much as a hundred
 * instructions, so a register is not written if it has the value already, and
 * not read if it cannot have changed.
 */
#include "core/gicd.h"
#include "hyp/arm/hyp_internal.h"
#include "hyp/arm/gic.h"

static uint32_t gich_read(uint32_t off)
{
	return mmio_read(hyp_config.gich + off);
}

static void gich_write(uint32_t off, uint32_t val)
{
	mmio_write(hyp_config.gich + off, val);
}

static void gich_write_lrs(const struct vgic_cpu *gic, uint32_t which)
{
	while (which) {
		unsigned int n = __builtin_ctz(which);

		gich_write(GICH_LR(n), gic->lr[n]);
		which &= which - 1;
	}
}

/*
 * The active state of a PPI belongs to a physical CPU, and a list register with
 * HW set deactivates the physical PPI when the guest deactivates the virtual
 * one. So the active states move along with the vCPU, and those of the vCPU
 * that ran here before are cleared.
 */
static void gich_move_active_ppis(struct hyp_cpu *cpu, uint32_t want)
{
	uint32_t change = cpu->active_ppis ^ want;

	if (change & want)
		mmio_write(hyp_config.gicd + GICD_ISACTIVER(0), change & want);
	if (change & ~want)
		mmio_write(hyp_config.gicd + GICD_ICACTIVER(0), change & ~want);
	cpu->active_ppis = want;
}

static uint32_t gich_active_ppis(const struct hyp_vcpu *vcpu)
{
	return vgic_physical(vcpu->vm->vgic, vcpu->gic->hw);
}

static void gich_write_gich_hcr(struct hyp_cpu *cpu, uint32_t hcr)
{
	if (cpu->gich_hcr == hcr)
		return;
	gich_write(GICH_HCR, hcr);
	cpu->gich_hcr = hcr;
}

static void gich_write_changes(struct vgic_cpu *gic, struct hyp_cpu *cpu)
{
	gich_write_lrs(gic, gic->lr_dirty);
	gic->lr_dirty = 0;
	gich_write_gich_hcr(cpu, gic->hcr);
}

void hyp_gich_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu, bool stayed)
{
	struct vgic_cpu *gic = vcpu->gic;
	uint32_t active = gich_active_ppis(vcpu);

	if (cpu->active_ppis != active)
		gich_move_active_ppis(cpu, active);
	/* If no other vCPU ran here since, GICH still holds this one's values. */
	if (!stayed) {
		gich_write(GICH_VMCR, gic->vmcr);
		gich_write(GICH_APR, gic->apr);
		gic->lr_dirty = (1u << hyp_config.nr_lrs) - 1;
		cpu->gich_owner = gic;
	}
	gich_write_changes(gic, cpu);
}

/*
 * Reads the list registers in use, and GICH_HCR if an end without list register
 * can have been counted: EOICount is accumulated once, and must then be written
 * as zero (IHI 0048B, GICH_HCR).
 */
static void gich_read_lrs(struct vgic_cpu *gic, struct hyp_cpu *cpu)
{
	uint32_t used = gic->lr_used;

	for (; used; used &= used - 1) {
		unsigned int n = __builtin_ctz(used);

		gic->lr[n] = gich_read(GICH_LR(n));
	}
	if (gic->hcr & GICH_HCR_LRENPIE)
		cpu->gich_hcr = gic->hcr = gich_read(GICH_HCR);
}

/*
 * Whether the end of an interrupt in a list register raises a maintenance
 * interrupt.
 */
static bool gich_some_lr_asks(const struct vgic_cpu *gic)
{
	uint32_t used = gic->lr_used;

	for (; used; used &= used - 1) {
		uint32_t lr = gic->lr[__builtin_ctz(used)];

		if ((lr & (GICH_LR_EOI | GICH_LR_HW)) == GICH_LR_EOI)
			return true;
	}
	return false;
}

void hyp_gich_save(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	struct vgic_cpu *gic = vcpu->gic;
	bool maint = gic->hcr != GICH_HCR_EN;

	gic->vmcr = gich_read(GICH_VMCR);
	gic->apr = gich_read(GICH_APR);
	gich_read_lrs(gic, cpu);
	/* A maintenance interrupt must not be raised while the host runs. */
	if (maint || gich_some_lr_asks(gic))
		gich_write_gich_hcr(cpu, 0);
}

void hyp_gich_write(struct hyp_vcpu *vcpu, unsigned int i)
{
	struct vgic_cpu *gic = vcpu->gic;

	gich_write(GICH_LR(i), gic->lr[i]);
	gic->lr_dirty &= ~(1u << i);
}

uint32_t hyp_gich_empty(void)
{
	return gich_read(GICH_ELRSR0);
}

void hyp_gich_sync(struct hyp_vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	struct vgic_cpu *gic = vcpu->gic;

	gic->vmcr = gich_read(GICH_VMCR);
	gich_read_lrs(gic, vcpu->cpu);
	vgic_sync(vgic, vcpu->number);
}

/* True: the guest may not resume before GICV_DIR traps, which the host does. */
static bool gich_flush(struct hyp_vcpu *vcpu)
{
	struct vgic *vgic = vcpu->vm->vgic;
	uint32_t gone;

	vgic_flush(vgic, vcpu->number);
	gich_write_changes(vcpu->gic, vcpu->cpu);
	gone = vgic_take_deactivate(vgic, vcpu->number);
	vcpu->cpu->active_ppis = gich_active_ppis(vcpu) |
				 vgic_physical(vgic, gone);
	if (gone)
		gich_move_active_ppis(vcpu->cpu, gich_active_ppis(vcpu));
	return vgic_dir_must_trap(vgic, vcpu->number);
}

uint32_t hyp_gich_settle(struct hyp_vcpu *vcpu, uint32_t kick)
{
	struct vgic *vgic = vcpu->vm->vgic;
	bool leave = vcpu->gic->work && gich_flush(vcpu);

	kick |= vgic_take_kick(vgic);
	vcpu->kick = kick & vgic->kickable & ~(1u << vcpu->number);
	return vcpu->kick || vgic_has_ended(vgic) || leave ? HYP_EXIT_KICK :
							     HYP_RESUME;
}
