/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saves and loads the interrupt controller. What comes from user space is
 * checked field by field before any of it is used.
 */
#include "core/vgic_state.h"
#include "core/vgic_irq.h"

#define SGI_BITS 0xffffu

/* GICC_CTLR: both enables, AckCtl, FIQEn, CBPR; EOImode. GICH_VMCR has the same. */
#define CPU_CTLR_MASK 0x21fu

_Static_assert(VM_VGIC_MAX_CPUS == VGIC_MAX_VCPUS, "layout");
_Static_assert(VM_VGIC_MAX_WORDS == VGIC_NR_WORDS, "layout");
_Static_assert(VM_VGIC_SGIS == VGIC_NR_SGIS, "layout");
_Static_assert(sizeof(struct vm_vgic_irqs) == 120, "no holes");
_Static_assert(sizeof(struct vm_vgic_cpu) == 172, "no holes");
_Static_assert(sizeof(struct vm_vgic_state) == 4992, "no holes");

static void vgic_state_evict_all(struct vgic *vgic)
{
	unsigned int n, i;
	uint32_t rest;

	for (n = 0; n < vgic->nvcpus; n++)
		vgic_for_each_bit(i, rest, vgic->cpu[n].lr_used)
			vgic_evict(vgic, n, i);
}

static uint8_t vgic_state_active_on(uint8_t where)
{
	return where == VGIC_NOWHERE ? 0 :
				       (uint8_t)(vgic_where_vcpu(where) + 1);
}

static void vgic_state_save_irqs(const struct vgic_irqs *irqs,
				 struct vm_vgic_irqs *to)
{
	unsigned int n;

	to->enabled = irqs->enabled;
	to->group = irqs->group;
	to->edge = irqs->edge;
	to->latch = irqs->latch;
	to->line = irqs->line;
	for (n = 0; n < 32; n++) {
		to->prio[n] = irqs->prio[n];
		to->target[n] = irqs->target[n];
		to->active[n] = vgic_state_active_on(irqs->where[n]);
	}
}

static void vgic_state_save_sgis(const struct vgic_cpu *cpu,
				 struct vm_vgic_cpu *to)
{
	unsigned int n;

	for (n = 0; n < VGIC_NR_SGIS; n++) {
		to->sgi_pending[n] = cpu->sgi_source[n];
		if (to->irqs.active[n])
			to->sgi_active[n] = cpu->sgi_active[n];
	}
}

static void vgic_state_save_cpu(const struct vgic_cpu *cpu,
				struct vm_vgic_cpu *to)
{
	vgic_state_save_irqs(&cpu->irqs, &to->irqs);
	to->irqs.latch &= ~SGI_BITS;
	to->irqs.line &= ~cpu->hw;
	vgic_state_save_sgis(cpu, to);
	to->ctlr = cpu->vmcr & CPU_CTLR_MASK;
	to->pmr = cpu->vmcr >> GICH_VMCR_PMR_SHIFT << 3;
	to->bpr = cpu->vmcr >> GICH_VMCR_BPR_SHIFT & 7;
	to->abpr = cpu->vmcr >> GICH_VMCR_ABPR_SHIFT & 7;
	to->apr = cpu->apr;
}

void vgic_save(struct vgic *copy, struct vm_vgic_state *state)
{
	unsigned int n;

	vgic_state_evict_all(copy);
	__builtin_memset(state, 0, sizeof(*state));
	state->version = VM_VGIC_VERSION;
	state->nirqs = copy->nirqs;
	state->ncpus = copy->nvcpus;
	state->ctlr = copy->ctlr;
	for (n = 0; n < copy->nvcpus; n++)
		vgic_state_save_cpu(&copy->cpu[n], &state->cpu[n]);
	for (n = 1; n < copy->nirqs / 32u; n++)
		vgic_state_save_irqs(&copy->spi[n - 1], &state->spi[n - 1]);
}

static bool vgic_state_is_zero(const void *from, const void *end)
{
	const uint8_t *at;

	for (at = from; at < (const uint8_t *)end; at++)
		if (*at)
			return false;
	return true;
}

static bool vgic_state_prios_ok(const struct vm_vgic_irqs *irqs)
{
	uint8_t bits = 0;
	unsigned int n;

	for (n = 0; n < 32; n++)
		bits |= irqs->prio[n];
	return !(bits & 7);
}

static bool vgic_state_spis_ok(const struct vgic *vgic,
			       const struct vm_vgic_irqs *irqs)
{
	unsigned int n;

	for (n = 0; n < 32; n++) {
		if (irqs->target[n] >> vgic->nvcpus ||
		    irqs->active[n] > vgic->nvcpus ||
		    (vgic->nvcpus == 1 && irqs->target[n] != 1))
			return false;
	}
	return vgic_state_prios_ok(irqs);
}

static bool vgic_state_private_ok(const struct vm_vgic_irqs *irqs,
				  unsigned int vcpu)
{
	unsigned int n;

	for (n = 0; n < 32; n++) {
		if (irqs->active[n] && irqs->active[n] != vcpu + 1)
			return false;
	}
	return (irqs->enabled & SGI_BITS) == SGI_BITS &&
	       irqs->edge == SGI_BITS &&
	       !((irqs->latch | irqs->line) & SGI_BITS) && !irqs->irqfd &&
	       vgic_state_is_zero(irqs->target, irqs->target + 32) &&
	       vgic_state_prios_ok(irqs);
}

static bool vgic_state_sgis_ok(const struct vgic *vgic,
			       const struct vm_vgic_cpu *cpu)
{
	unsigned int n;

	for (n = 0; n < VGIC_NR_SGIS; n++) {
		if (cpu->sgi_pending[n] >> vgic->nvcpus ||
		    cpu->sgi_active[n] >= vgic->nvcpus ||
		    (cpu->sgi_active[n] && !cpu->irqs.active[n]))
			return false;
	}
	return true;
}

static bool vgic_state_cpu_ok(const struct vgic *vgic,
			      const struct vm_vgic_cpu *cpu, unsigned int vcpu)
{
	return vgic_state_private_ok(&cpu->irqs, vcpu) &&
	       vgic_state_sgis_ok(vgic, cpu) && !(cpu->ctlr & ~CPU_CTLR_MASK) &&
	       !(cpu->pmr & ~0xf8u) && cpu->bpr <= 7 && cpu->abpr <= 7;
}

static bool vgic_state_is_ok(const struct vgic *vgic,
			     const struct vm_vgic_state *state)
{
	unsigned int words = vgic->nirqs / 32u;
	unsigned int n;

	if (state->version != VM_VGIC_VERSION || state->nirqs != vgic->nirqs ||
	    state->ncpus != vgic->nvcpus || state->ctlr & ~VGIC_CTLR_MASK)
		return false;
	for (n = 0; n < vgic->nvcpus; n++)
		if (!vgic_state_cpu_ok(vgic, &state->cpu[n], n))
			return false;
	for (n = 1; n < words; n++)
		if (!vgic_state_spis_ok(vgic, &state->spi[n - 1]))
			return false;
	return vgic_state_is_zero(&state->cpu[vgic->nvcpus],
				  &state->cpu[VM_VGIC_MAX_CPUS]) &&
	       vgic_state_is_zero(&state->spi[words - 1],
				  &state->spi[VM_VGIC_MAX_WORDS - 1]);
}

static void vgic_state_load_active(struct vgic *vgic, struct vgic_irqs *irqs,
				   unsigned int word, unsigned int n,
				   unsigned int vcpu)
{
	vgic_set_where(irqs, n, VGIC_ACTIVE_ON(vcpu));
	vgic->cpu[vcpu].active[word] |= 1u << n;
	vgic->cpu[vcpu].evicted |= 1u << word;
}

static void vgic_state_load_irqs(struct vgic *vgic, struct vgic_irqs *irqs,
				 unsigned int word,
				 const struct vm_vgic_irqs *from)
{
	unsigned int n;

	irqs->enabled = from->enabled;
	irqs->group = from->group;
	irqs->edge = from->edge;
	irqs->latch = from->latch;
	irqs->line = from->line | from->irqfd;
	for (n = 0; n < 32; n++) {
		irqs->prio[n] = from->prio[n];
		if (from->active[n])
			vgic_state_load_active(vgic, irqs, word, n,
					       from->active[n] - 1u);
	}
}

static void vgic_state_load_targets(struct vgic *vgic, unsigned int word,
				    const uint8_t target[32])
{
	unsigned int n, vcpu;
	uint32_t rest;

	for (n = 0; n < 32; n++) {
		vgic->spi[word - 1].target[n] = target[n];
		vgic_for_each_bit(vcpu, rest, target[n]) vgic->cpu[vcpu]
			.target[word] |= 1u << n;
	}
}

static void vgic_state_load_cpu(struct vgic *vgic, unsigned int vcpu,
				const struct vm_vgic_cpu *from)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int n;

	vgic_state_load_irqs(vgic, &cpu->irqs, 0, &from->irqs);
	for (n = 0; n < VGIC_NR_SGIS; n++) {
		cpu->sgi_source[n] = from->sgi_pending[n];
		cpu->sgi_active[n] = from->sgi_active[n];
		if (from->sgi_pending[n])
			cpu->irqs.latch |= 1u << n;
	}
	cpu->vmcr = from->ctlr | from->pmr >> 3 << GICH_VMCR_PMR_SHIFT |
		    from->bpr << GICH_VMCR_BPR_SHIFT |
		    from->abpr << GICH_VMCR_ABPR_SHIFT;
	cpu->apr = from->apr;
	cpu->ready = (1u << vgic->nirqs / 32u) - 1;
	cpu->work = true;
}

bool vgic_load(struct vgic *vgic, const struct vm_vgic_state *state)
{
	unsigned int n;

	if (!vgic_state_is_ok(vgic, state))
		return false;
	vgic->ctlr = state->ctlr;
	for (n = 0; n < vgic->nvcpus; n++)
		vgic_state_load_cpu(vgic, n, &state->cpu[n]);
	for (n = 1; n < vgic->nirqs / 32u; n++) {
		vgic_state_load_irqs(vgic, &vgic->spi[n - 1], n,
				     &state->spi[n - 1]);
		vgic_state_load_targets(vgic, n, state->spi[n - 1].target);
	}
	return true;
}
