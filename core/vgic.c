/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt controller's inputs: lines of SPIs and PPIs, messages, and the
 * two short ways into a list register.
 */
#include "core/vgic.h"
#include "core/vgic_irq.h"

static unsigned int vgic_clamp(unsigned int n, unsigned int min,
			       unsigned int max)
{
	return n < min ? min : n > max ? max : n;
}

static void vgic_init_cpu(struct vgic_cpu *cpu)
{
	cpu->hcr = GICH_HCR_EN;
	cpu->vmcr = VGIC_VMCR_RESET;
	cpu->target[0] = ~0u;
	cpu->irqs.enabled = (1u << VGIC_NR_SGIS) - 1;
	cpu->irqs.edge = (1u << VGIC_NR_SGIS) - 1;
}

/* With one CPU, GICD_ITARGETSR is RAZ/WI and every SPI's target is that CPU. */
static void vgic_target_only_cpu(struct vgic *vgic)
{
	unsigned int n;

	for (n = 1; n < VGIC_NR_WORDS; n++) {
		__builtin_memset(vgic->spi[n - 1].target, 1, 32);
		vgic->cpu[0].target[n] = ~0u;
	}
}

/*
 * The level of a line, and whether its device resamples, survive a reset: they
 * are not state of the GIC.
 */
static void vgic_reset_spis(struct vgic_irqs *irqs)
{
	uint32_t line = irqs->line;
	uint32_t resample = irqs->resample;

	__builtin_memset(irqs, 0, sizeof(*irqs));
	irqs->line = line;
	irqs->resample = resample;
}

void vgic_reset(struct vgic *vgic)
{
	unsigned int n;

	vgic->ctlr = 0;
	vgic->kick = 0;
	vgic->ended = 0;
	for (n = 0; n < VGIC_NR_WORDS - 1; n++)
		vgic_reset_spis(&vgic->spi[n]);
	__builtin_memset(vgic->cpu, 0, sizeof(vgic->cpu));
	for (n = 0; n < VGIC_MAX_VCPUS; n++)
		vgic_init_cpu(&vgic->cpu[n]);
	if (vgic->nvcpus == 1)
		vgic_target_only_cpu(vgic);
}

void vgic_init(struct vgic *vgic, unsigned int nvcpus, unsigned int nirqs,
	       unsigned int nlrs)
{
	unsigned int n;

	__builtin_memset(vgic, 0, sizeof(*vgic));
	vgic->nvcpus = (uint8_t)vgic_clamp(nvcpus, 1, VGIC_MAX_VCPUS);
	vgic->nirqs = (uint16_t)vgic_clamp(nirqs & ~31u, VGIC_MIN_IRQS,
					   VGIC_MAX_IRQS);
	vgic->nlrs = (uint8_t)vgic_clamp(nlrs, 2, VGIC_MAX_LRS);
	for (n = 0; n < VGIC_NR_PRIVATE; n++)
		vgic->physid[n] = (uint8_t)n;
	vgic_reset(vgic);
}

/*
 * Whether the interrupt is in a list register with its EOI bit set. Then a change
 * of its level needs no kick: the guest's EOI raises a maintenance interrupt, and
 * the list register is made anew after it.
 */
static bool vgic_lr_asks_eoi(const struct vgic *vgic, uint8_t where)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vgic_where_vcpu(where)];

	return vgic_where_is_lr(where) &&
	       (cpu->seen[vgic_where_lr(where)] & (GICH_LR_HW | GICH_LR_EOI)) ==
		       GICH_LR_EOI;
}

static uint32_t vgic_set_line(struct vgic *vgic, unsigned int vcpu,
			      unsigned int intid, bool level)
{
	unsigned int word = vgic_word_of(intid);
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t bit = vgic_bit_of(intid);
	uint32_t before = vgic_candidates(vgic, vcpu, word, vgic->ctlr);

	if (!(irqs->line & bit) == !level)
		return 0;
	irqs->line ^= bit;
	if (!level) {
		vgic_touch(vgic, vcpu, word, bit);
		return 0;
	}
	if (irqs->edge & bit)
		irqs->latch |= bit;
	else if (vgic_lr_asks_eoi(vgic, irqs->where[vgic_nr_of(intid)]))
		return 0;
	return vgic_wake_new(vgic, vcpu, word, before) |
	       vgic_touch(vgic, vcpu, word, bit & irqs->enabled);
}

static bool vgic_is_spi(const struct vgic *vgic, unsigned int intid)
{
	return intid >= VGIC_NR_PRIVATE && intid < vgic->nirqs;
}

static bool vgic_is_ppi(unsigned int intid)
{
	return intid >= VGIC_NR_SGIS && intid < VGIC_NR_PRIVATE;
}

uint32_t vgic_assert_spi(struct vgic *vgic, unsigned int intid, bool level)
{
	return vgic_is_spi(vgic, intid) ? vgic_set_line(vgic, 0, intid, level) :
					  0;
}

uint32_t vgic_assert_ppi(struct vgic *vgic, unsigned int vcpu,
			 unsigned int intid, bool level)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];

	if (!vgic_is_ppi(intid))
		return 0;
	if (!level)
		vgic_hw_drop(cpu, cpu->hw_pend & 1u << intid);
	return vgic_set_line(vgic, vcpu, intid, level);
}

uint32_t vgic_msi(struct vgic *vgic, unsigned int intid)
{
	unsigned int word = vgic_word_of(intid);
	uint32_t bit = vgic_bit_of(intid);
	struct vgic_irqs *irqs;
	uint32_t before;

	/*
	 * A message is a pulse. It sets the latch of an edge-triggered input, and
	 * changes nothing in a level-sensitive one, which has no latch.
	 */
	if (!vgic_is_spi(vgic, intid) ||
	    !(vgic_word(vgic, 0, word)->edge & bit))
		return 0;
	irqs = vgic_word(vgic, 0, word);
	before = vgic_candidates(vgic, 0, word, vgic->ctlr);
	irqs->latch |= bit;
	return vgic_wake_new(vgic, 0, word, before) |
	       vgic_touch(vgic, 0, word, bit & irqs->enabled);
}

uint32_t vgic_set_resample(struct vgic *vgic, unsigned int intid, bool on)
{
	unsigned int word = vgic_word_of(intid);
	uint32_t bit = vgic_bit_of(intid);
	struct vgic_irqs *irqs;

	if (!vgic_is_spi(vgic, intid))
		return 0;
	irqs = vgic_word(vgic, 0, word);
	if (on) {
		irqs->resample |= bit;
	} else {
		irqs->resample &= ~bit;
		irqs->ended &= ~bit;
	}
	return vgic_touch(vgic, 0, word, bit);
}

unsigned int vgic_take_ended(struct vgic *vgic)
{
	while (vgic->ended) {
		unsigned int word = (unsigned int)__builtin_ctz(vgic->ended);
		struct vgic_irqs *irqs = vgic_word(vgic, 0, word);
		uint32_t first = irqs->ended & -irqs->ended;

		irqs->ended &= ~first;
		if (!irqs->ended)
			vgic->ended &= ~(1u << word);
		if (first)
			return word * 32 + (unsigned int)__builtin_ctz(first);
	}
	return 0;
}

/* Puts intid, which has just arrived, into list register i directly. */
static void vgic_fill_lr(struct vgic *vgic, unsigned int vcpu, unsigned int i,
			 unsigned int intid, uint32_t extra)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];

	vgic_set_where(&cpu->irqs, intid, VGIC_IN_LR(vcpu, i));
	cpu->lr_used |= 1u << i;
	cpu->lr_dirty |= 1u << i;
	cpu->lr[i] = vgic_lr_attributes(&cpu->irqs, intid) | GICH_LR_PENDING |
		     extra;
	cpu->seen[i] = cpu->lr[i];
}

/* The list register for a hardware-linked PPI; nlrs: there is none. */
static unsigned int vgic_hw_ppi_lr(const struct vgic *vgic,
				   const struct vgic_cpu *cpu,
				   unsigned int intid)
{
	uint8_t where = cpu->irqs.where[intid];
	uint32_t free = vgic_free_lrs(vgic, cpu);

	/*
	 * The physical interrupt has come again, so the guest has deactivated
	 * the last one in this list register, whether that was read back or
	 * not.
	 */
	if (vgic_where_is_lr(where) &&
	    (cpu->seen[vgic_where_lr(where)] & GICH_LR_HW))
		return vgic_where_lr(where);
	if (where != VGIC_NOWHERE || !free)
		return vgic->nlrs;
	return (unsigned int)__builtin_ctz(free);
}

/*
 * Keeps the PPI pending in software: no list register is free, or the PPI is not
 * enabled, still active, or pending already.
 */
static void vgic_defer_hw_ppi(struct vgic *vgic, unsigned int vcpu,
			      unsigned int intid)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t bit = 1u << intid;
	uint8_t where = cpu->irqs.where[intid];
	unsigned int i = vgic_where_lr(where);

	if (vgic_where_is_lr(where) && (cpu->seen[i] & GICH_LR_HW))
		vgic_lr_ended(vgic, vcpu, i, cpu->seen[i]);
	if (cpu->hw & bit)
		return;
	cpu->hw |= bit;
	cpu->hw_pend |= bit;
	cpu->irqs.line |= bit;
	vgic_wake_new(vgic, vcpu, 0, ~bit);
	vgic_touch(vgic, vcpu, 0, bit);
}

int vgic_inject_hw_ppi(struct vgic *vgic, unsigned int vcpu, unsigned int intid)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t bit = vgic_bit_of(intid);
	unsigned int i;

	if (!vgic_is_ppi(intid))
		return -1;
	i = vgic_hw_ppi_lr(vgic, cpu, intid);
	if (i == vgic->nlrs || !vgic_is_forwarded(vgic, &cpu->irqs, bit) ||
	    ((cpu->irqs.latch | cpu->hw_pend) & bit)) {
		vgic_defer_hw_ppi(vgic, vcpu, intid);
		return -1;
	}
	cpu->hw |= bit;
	cpu->irqs.line |= bit;
	cpu->lr_latch &= ~(1u << i);
	vgic_fill_lr(vgic, vcpu, i, intid, vgic_lr_link(vgic, intid));
	return (int)i;
}

/* The list register for an SGI that is not pending yet; nlrs: there is none. */
static unsigned int vgic_sgi_lr(const struct vgic *vgic,
				const struct vgic_cpu *cpu, unsigned int sgi,
				uint32_t empty)
{
	uint8_t where = cpu->irqs.where[sgi];
	uint32_t free = vgic_free_lrs(vgic, cpu);

	if (vgic_where_is_lr(where) && empty >> vgic_where_lr(where) & 1)
		return vgic_where_lr(where);
	if (where != VGIC_NOWHERE || !free)
		return vgic->nlrs;
	return (unsigned int)__builtin_ctz(free);
}

int vgic_sgi_to_self(struct vgic *vgic, unsigned int vcpu, unsigned int sgi,
		     uint32_t empty)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t bit = 1u << sgi;
	unsigned int i = vgic_sgi_lr(vgic, cpu, sgi, empty);

	if (i == vgic->nlrs || (cpu->irqs.latch & bit) ||
	    !vgic_is_forwarded(vgic, &cpu->irqs, bit))
		return -1;
	cpu->lr_latch |= 1u << i;
	vgic_fill_lr(vgic, vcpu, i, sgi, vcpu << GICH_LR_CPUID_SHIFT);
	return (int)i;
}
