/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "tests/unit/vgic_gicv.h"

#define LR_STATE(lr) ((lr) >> 28 & 3)
#define LR_PRIO(lr)  (((lr) >> 23 & 31) << 3)
#define LR_GRP1(lr)  ((lr) >> 30 & 1)
#define LR_HW(lr)    ((lr) >> 31)
#define PENDING	     1u
#define ACTIVE	     2u
#define STORM	     8u

void gicv_init(struct gicv *gicv, struct vgic *vgic, unsigned int vcpu)
{
	memset(gicv, 0, sizeof(*gicv));
	gicv->vgic = vgic;
	gicv->vcpu = vcpu;
	gicv->vmcr = 31u << 27 | 2u << 21 | 3u << 18 | 1;
	gicv->hcr = 1;
	vgic->cpu[vcpu].vmcr = gicv->vmcr;
}

/*
 * GICV_DIR stops trapping when it need not any more, which vmm.ko does not do,
 * so that both ways are tested.
 */
static void trap_dir(struct vgic *vgic, unsigned int vcpu)
{
	uint32_t evicted = 0;

	for (unsigned int n = 0; n < vgic->nvcpus; n++)
		evicted |= vgic->cpu[n].evicted;
	if (vgic_dir_must_trap(vgic, vcpu))
		vgic->dir_traps = true;
	else if (!evicted)
		vgic->dir_traps = false;
}

void gicv_enter(struct gicv *gicv)
{
	struct vgic_cpu *cpu = &gicv->vgic->cpu[gicv->vcpu];
	unsigned int i;

	vgic_flush(gicv->vgic, gicv->vcpu);
	trap_dir(gicv->vgic, gicv->vcpu);
	assert_int_equal(cpu->lr_dirty >> gicv->vgic->nlrs, 0);
	for (i = 0; i < gicv->vgic->nlrs; i++) {
		if (cpu->lr_dirty >> i & 1)
			gicv->lr[i] = cpu->lr[i];
	}
	cpu->lr_dirty = 0;
	gicv->hcr = cpu->hcr;
}

void gicv_exit(struct gicv *gicv)
{
	struct vgic_cpu *cpu = &gicv->vgic->cpu[gicv->vcpu];
	unsigned int i;

	for (i = 0; i < gicv->vgic->nlrs; i++) {
		if (cpu->lr_used >> i & 1)
			cpu->lr[i] = gicv->lr[i];
		else
			assert_int_equal(LR_STATE(gicv->lr[i]), 0);
	}
	if (cpu->hcr != GICH_HCR_EN)
		cpu->hcr = gicv->hcr;
	cpu->vmcr = gicv->vmcr;
	cpu->apr = gicv->apr;
	vgic_sync(gicv->vgic, gicv->vcpu);
}

void gicv_kick(struct gicv *gicv)
{
	gicv_exit(gicv);
	gicv_enter(gicv);
}

static bool group_on(const struct gicv *gicv, uint32_t lr)
{
	return gicv->vmcr >> LR_GRP1(lr) & 1;
}

/* GICH_MISR, for the sources that GICH_HCR enables */
uint32_t gicv_misr(const struct gicv *gicv)
{
	unsigned int valid = 0, pending = 0, eoi = 0, i;
	uint32_t misr;

	for (i = 0; i < gicv->vgic->nlrs; i++) {
		uint32_t lr = gicv->lr[i];

		valid += LR_STATE(lr) != 0;
		pending += LR_STATE(lr) == PENDING;
		eoi += !LR_STATE(lr) && !LR_HW(lr) && (lr >> 19 & 1);
	}
	misr = eoi != 0;
	misr |= (gicv->hcr >> 1 & 1 && valid <= 1) << 1;
	misr |= (gicv->hcr >> 2 & 1 && gicv->hcr >> 27) << 2;
	misr |= (gicv->hcr >> 3 & 1 && !pending) << 3;
	misr |= (gicv->hcr >> 4 & gicv->vmcr & 1) << 4;
	misr |= (gicv->hcr >> 5 & ~gicv->vmcr & 1) << 5;
	misr |= (gicv->hcr >> 6 & gicv->vmcr >> 1 & 1) << 6;
	misr |= (gicv->hcr >> 7 & ~(gicv->vmcr >> 1) & 1) << 7;
	return misr;
}

static void maintain(struct gicv *gicv)
{
	unsigned int n;

	for (n = 0; gicv_misr(gicv); n++) {
		assert_true(n < STORM);
		gicv->exits++;
		gicv_kick(gicv);
	}
}

static unsigned int shift_of(const struct gicv *gicv, uint32_t lr)
{
	unsigned int bpr = gicv->vmcr >> 21 & 7;
	unsigned int abpr = gicv->vmcr >> 18 & 7;

	if (LR_GRP1(lr) && !(gicv->vmcr >> 4 & 1))
		return abpr < 3 ? 3 : abpr;
	return bpr < 2 ? 3 : bpr + 1;
}

/* The list register with the highest-priority pending interrupt; -1: none. */
static int hppi(const struct gicv *gicv)
{
	int best = -1;
	unsigned int i;

	for (i = 0; i < gicv->vgic->nlrs; i++) {
		if (LR_STATE(gicv->lr[i]) != PENDING ||
		    !group_on(gicv, gicv->lr[i]))
			continue;
		if (best < 0 || LR_PRIO(gicv->lr[i]) < LR_PRIO(gicv->lr[best]))
			best = (int)i;
	}
	return best;
}

static uint32_t group_prio(const struct gicv *gicv, uint32_t lr)
{
	unsigned int shift = shift_of(gicv, lr);

	return LR_PRIO(lr) >> shift << shift;
}

static bool takes(const struct gicv *gicv, uint32_t lr)
{
	uint32_t running = gicv->apr ? (uint32_t)__builtin_ctz(gicv->apr) << 3 :
				       0x100;

	return LR_PRIO(lr) < gicv->vmcr >> 27 << 3 &&
	       group_prio(gicv, lr) < running;
}

bool gicv_signals(const struct gicv *gicv)
{
	int i = hppi(gicv);

	return i >= 0 && takes(gicv, gicv->lr[i]);
}

static uint32_t acknowledge(struct gicv *gicv, uint32_t group)
{
	int i = hppi(gicv);
	uint32_t lr;

	if (i < 0 || !takes(gicv, gicv->lr[i]))
		return SPURIOUS;
	lr = gicv->lr[i];
	if (LR_GRP1(lr) != group)
		return LR_GRP1(lr) ? 1022 : SPURIOUS;
	gicv->lr[i] = (lr & ~(3u << 28)) | ACTIVE << 28;
	gicv->apr |= 1u << (group_prio(gicv, lr) >> 3);
	maintain(gicv);
	return (lr & 0x3ff) < 16 ? lr & 0x1fff : lr & 0x3ff;
}

uint32_t gicv_iar(struct gicv *gicv)
{
	return acknowledge(gicv, 0);
}

uint32_t gicv_aiar(struct gicv *gicv)
{
	return acknowledge(gicv, 1);
}

static bool matches(uint32_t lr, uint32_t val)
{
	uint32_t mask = (val & 0x3ff) < 16 ? 0x1fff : 0x3ff;

	return (LR_STATE(lr) & ACTIVE) && (lr & mask) == (val & mask);
}

static void deactivate(struct gicv *gicv, uint32_t val)
{
	unsigned int i;

	for (i = 0; i < gicv->vgic->nlrs; i++) {
		if (!matches(gicv->lr[i], val))
			continue;
		gicv->lr[i] &= ~(ACTIVE << 28);
		if (LR_HW(gicv->lr[i]))
			gicv->deactivated |= 1u << (gicv->lr[i] >> 10 & 31);
		return;
	}
	gicv->hcr += 1u << 27;
}

void gicv_eoir(struct gicv *gicv, uint32_t val)
{
	if (!gicv->apr)
		return;
	gicv->apr &= gicv->apr - 1;
	if (!(gicv->vmcr >> 9 & 1))
		deactivate(gicv, val);
	maintain(gicv);
}

void gicv_dir(struct gicv *gicv, uint32_t val)
{
	if (!gicv->vgic->dir_traps) {
		deactivate(gicv, val);
		maintain(gicv);
		return;
	}
	gicv_exit(gicv);
	gicv->vgic->kick |= vgic_dir(gicv->vgic, gicv->vcpu, val);
	gicv_enter(gicv);
	maintain(gicv);
}

void gicv_set_vmcr(struct gicv *gicv, uint32_t vmcr)
{
	gicv->vmcr = vmcr;
	maintain(gicv);
}

void gicv_kick_all(struct gicv *cpus, uint32_t vcpus)
{
	unsigned int n;

	for (n = 0; n < cpus->vgic->nvcpus; n++) {
		if (vcpus >> n & 1)
			gicv_kick(&cpus[n]);
	}
}

void gicv_settle(struct gicv *cpus)
{
	uint32_t vcpus;

	while ((vcpus = vgic_take_kick(cpus->vgic)))
		gicv_kick_all(cpus, vcpus);
}

uint32_t gicv_read(struct gicv *cpus, unsigned int vcpu, uint32_t off)
{
	gicv_kick_all(cpus, vgic_dist_needs(cpus->vgic, vcpu, off, false));
	gicv_settle(cpus);
	return vgic_dist_read(cpus->vgic, vcpu, off, 4);
}

void gicv_write(struct gicv *cpus, unsigned int vcpu, uint32_t off,
		unsigned int size, uint32_t val)
{
	uint32_t out = vgic_dist_needs(cpus->vgic, vcpu, off, true);
	uint32_t kicked;
	unsigned int n;

	out |= 1u << vcpu;
	for (n = 0; n < cpus->vgic->nvcpus; n++) {
		if (out >> n & 1)
			gicv_exit(&cpus[n]);
	}
	kicked = vgic_dist_write(cpus->vgic, vcpu, off, size, val);
	for (n = 0; n < cpus->vgic->nvcpus; n++) {
		if (out >> n & 1)
			gicv_enter(&cpus[n]);
	}
	gicv_kick_all(cpus, kicked & ~out);
	gicv_settle(cpus);
}
