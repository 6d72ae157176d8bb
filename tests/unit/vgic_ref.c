/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/vgic_ref.h"

struct ref_irq *ref_irq(struct ref *ref, unsigned int cpu, unsigned int intid)
{
	return intid < 32 ? &ref->cpu[cpu].priv[intid] : &ref->spi[intid - 32];
}

bool ref_pending(const struct ref_irq *irq, unsigned int intid)
{
	if (intid < 16)
		return irq->sources != 0;
	return irq->latch || (irq->line && !irq->edge);
}

static bool forwarded(struct ref *ref, unsigned int cpu, unsigned int intid)
{
	const struct ref_irq *irq = ref_irq(ref, cpu, intid);
	uint8_t groups = ref->ctlr & ref->cpu[cpu].groups;

	return ref_pending(irq, intid) && irq->enabled && !irq->active &&
	       (groups >> irq->group1 & 1) &&
	       (intid < 32 || (irq->target >> cpu & 1));
}

unsigned int ref_signalled(struct ref *ref, unsigned int cpu)
{
	unsigned int best = REF_SPURIOUS;
	unsigned int prio = 0x100;
	unsigned int intid;

	for (intid = 0; intid < REF_IRQS; intid++) {
		if (!forwarded(ref, cpu, intid) ||
		    ref_irq(ref, cpu, intid)->prio >= prio)
			continue;
		best = intid;
		prio = ref_irq(ref, cpu, intid)->prio;
	}
	if (prio >= ref->cpu[cpu].pmr)
		return REF_SPURIOUS;
	if (ref->cpu[cpu].running &&
	    prio >> 3 >= (unsigned int)__builtin_ctz(ref->cpu[cpu].running))
		return REF_SPURIOUS;
	return best;
}

void ref_line(struct ref_irq *irq, bool level)
{
	if (irq->edge && level && !irq->line)
		irq->latch = true;
	irq->line = level;
}

uint32_t ref_acknowledge(struct ref *ref, unsigned int cpu, uint32_t source)
{
	unsigned int intid = ref_signalled(ref, cpu);
	struct ref_irq *irq;

	if (intid == REF_SPURIOUS)
		return REF_SPURIOUS;
	irq = ref_irq(ref, cpu, intid);
	irq->active = true;
	irq->latch = false;
	ref->cpu[cpu].running |= 1u << (irq->prio >> 3);
	if (intid >= 16)
		return intid;
	if (!(irq->sources >> source & 1))
		source = (uint32_t)__builtin_ctz(irq->sources);
	irq->sources &= (uint8_t) ~(1u << source);
	return source << 10 | intid;
}

void ref_deactivate(struct ref *ref, unsigned int cpu, uint32_t val)
{
	ref_irq(ref, cpu, val & 0x3ff)->active = false;
}

void ref_eoi(struct ref *ref, unsigned int cpu, uint32_t val)
{
	ref->cpu[cpu].running &= ref->cpu[cpu].running - 1;
	if (!ref->cpu[cpu].eoimode)
		ref_deactivate(ref, cpu, val);
}
