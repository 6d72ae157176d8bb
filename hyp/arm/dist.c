// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's distributor, while an access concerns this vCPU alone: HYP
 * neither reads another vCPU's list registers nor wakes another vCPU.
 */
#include "core/arm/hsr.h"
#include "core/gicd.h"
#include "hyp/arm/hyp_internal.h"

/*
 * TargetListFilter (IHI 0048B, GICD_SGIR): this CPU, or a list with only this
 * CPU.
 */
static bool dist_is_sgi_to_self(const struct hyp_vcpu *vcpu, uint32_t val)
{
	uint32_t filter = val >> 24 & 3;

	return filter == 2 ||
	       (!filter && (val >> 16 & 0xff) == 1u << vcpu->number);
}

static bool dist_sgi_to_self(struct hyp_vcpu *vcpu, uint32_t val)
{
	struct vgic *vgic = vcpu->vm->vgic;
	unsigned int sgi = val & 15;
	bool held = vcpu->gic->irqs.held >> sgi & 1;
	int i = vgic_sgi_to_self(vgic, vcpu->number, sgi,
				 held ? hyp_gich_empty() : 0);

	if (i < 0)
		return false;
	hyp_gich_write(vcpu, (unsigned int)i);
	return true;
}

/*
 * Whether a timer's interrupt is still pending depends on the timer's level,
 * which vmm reads after a full exit.
 */
static bool dist_asks_timer(const struct hyp_vcpu *vcpu, uint32_t off)
{
	off &= ~3u;
	return (off == GICD_ISPENDR(0) || off == GICD_ICPENDR(0)) &&
	       vcpu->gic->hw;
}

enum lrs {
	NOT_READ,
	READ_BACK, /* this vCPU's: hyp_gich_sync() has read them */
	IN_OTHERS, /* another vCPU's: only the host can have them read */
};

static enum lrs dist_look_at_lrs(struct hyp_vcpu *vcpu, uint32_t off,
				 bool write)
{
	uint32_t needs =
		vgic_dist_needs(vcpu->vm->vgic, vcpu->number, off, write);

	if ((needs & ~(1u << vcpu->number)) || dist_asks_timer(vcpu, off))
		return IN_OTHERS;
	if (!needs)
		return NOT_READ;
	hyp_gich_sync(vcpu);
	return READ_BACK;
}

/*
 * Which list registers the access depends on; most depend on none. This vCPU's
 * are read back here.
 */
static inline enum lrs dist_prepare(struct hyp_vcpu *vcpu, uint32_t off,
				    bool write)
{
	return vgic_dist_meets_lrs(off, write) ?
		       dist_look_at_lrs(vcpu, off, write) :
		       NOT_READ;
}

/*
 * An interrupt has changed: takes it into this vCPU's list registers, and finds
 * the vCPUs to kick.
 */
static uint32_t dist_settle(struct hyp_vcpu *vcpu, uint32_t kick, enum lrs lrs)
{
	if (vcpu->gic->work && lrs == NOT_READ)
		hyp_gich_sync(vcpu);
	return hyp_gich_settle(vcpu, kick);
}

/*
 * vgic->lock is held. HYP_EXIT_TRAP: nothing has been done. What the guest
 * stored before an SGI is seen by the vCPU that gets it:
 * tests/litmus/sgi.litmus.
 */
static uint32_t dist_write(struct hyp_vcpu *vcpu, struct vgic *vgic,
			   uint32_t off, unsigned int size, uint32_t val)
{
	enum lrs lrs = dist_prepare(vcpu, off, true);
	uint32_t kick;

	if (lrs == IN_OTHERS)
		return HYP_EXIT_TRAP;
	if (off == GICD_SGIR && size == 4 && dist_is_sgi_to_self(vcpu, val) &&
	    dist_sgi_to_self(vcpu, val))
		return HYP_RESUME;
	kick = vgic_dist_write(vgic, vcpu->number, off, size, val);
	if (kick | vgic->kick | vcpu->gic->work | lrs)
		return dist_settle(vcpu, kick, lrs);
	return HYP_RESUME;
}

static uint32_t dist_read(struct hyp_vcpu *vcpu, struct vgic *vgic,
			  uint32_t off, unsigned int size, uint32_t *val)
{
	enum lrs lrs = dist_prepare(vcpu, off, false);

	if (lrs == IN_OTHERS)
		return HYP_EXIT_TRAP;
	*val = vgic_dist_read(vgic, vcpu->number, off, size);
	return lrs == READ_BACK ? dist_settle(vcpu, 0, lrs) : HYP_RESUME;
}

static inline uint32_t dist_done(struct hyp_vcpu *vcpu, uint32_t hsr,
				 uint32_t ret)
{
	vcpu->fast[HYP_FAST_DIST]++;
	hyp_skip_insn(hsr);
	return ret;
}

__attribute__((noinline)) static uint32_t access(struct hyp_vcpu *vcpu,
						 uint32_t hsr, uint32_t off)
{
	uint32_t *reg = &vcpu->regs.r[HSR_DABT_SRT(hsr)];
	struct vgic *vgic = vcpu->vm->vgic;
	unsigned int size = HSR_DABT_SIZE(hsr);
	uint32_t ret;

	if (!hyp_trylock(&vgic->lock))
		return hyp_abort(vcpu, hsr);
	ret = hsr & HSR_DABT_WNR ? dist_write(vcpu, vgic, off, size, *reg) :
				   dist_read(vcpu, vgic, off, size, reg);
	hyp_unlock(&vgic->lock);
	return ret == HYP_EXIT_TRAP ? hyp_abort(vcpu, hsr) :
				      dist_done(vcpu, hsr, ret);
}

/*
 * Takes no lock: these registers are constant, except GICD_CTLR, which is one
 * word.
 */
__attribute__((noinline)) static uint32_t
read_constant(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t off)
{
	vcpu->regs.r[HSR_DABT_SRT(hsr)] = vgic_dist_read(
		vcpu->vm->vgic, vcpu->number, off, HSR_DABT_SIZE(hsr));
	return dist_done(vcpu, hsr, HYP_RESUME);
}

uint32_t hyp_dist(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t off)
{
	if (off < GICD_IGROUPR(0) && !(hsr & HSR_DABT_WNR))
		return read_constant(vcpu, hsr, off);
	return access(vcpu, hsr, off);
}
