/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A GICv2 written as plainly as IHI 0048B describes it, without list registers:
 * what the interrupt controller under test must look like to a guest. An SPI
 * has at most one target, so that there is only one right answer.
 */
#ifndef TESTS_UNIT_VGIC_REF_H
#define TESTS_UNIT_VGIC_REF_H

#include "core/types.h"

#define REF_CPUS     3
#define REF_IRQS     64
#define REF_SPURIOUS 1023u

struct ref_irq {
	bool enabled;
	bool group1;
	bool edge;
	bool latch; /* not for SGIs, which are pending if sources != 0 */
	bool line;
	bool active;
	uint8_t prio;
	uint8_t target;	 /* SPIs: mask */
	uint8_t sources; /* SGIs: mask */
};

struct ref_cpu {
	struct ref_irq priv[32];
	uint8_t pmr;
	uint8_t groups; /* GICC_CTLR enables */
	bool eoimode;
	uint32_t running; /* active priorities, a bit for each level */
};

struct ref {
	uint8_t ctlr;
	struct ref_cpu cpu[REF_CPUS];
	struct ref_irq spi[REF_IRQS - 32];
};

struct ref_irq *ref_irq(struct ref *ref, unsigned int cpu, unsigned int intid);
bool ref_pending(const struct ref_irq *irq, unsigned int intid);
/* The highest-priority pending interrupt that is signalled to cpu. */
unsigned int ref_signalled(struct ref *ref, unsigned int cpu);
void ref_line(struct ref_irq *irq, bool level);
/*
 * What GICC_IAR or AIAR returns for ref_signalled(). If several CPUs have sent
 * an SGI any may come first; the given source does, if it is pending.
 */
uint32_t ref_acknowledge(struct ref *ref, unsigned int cpu, uint32_t source);
void ref_eoi(struct ref *ref, unsigned int cpu, uint32_t val);
void ref_deactivate(struct ref *ref, unsigned int cpu, uint32_t val);

#endif /* TESTS_UNIT_VGIC_REF_H */
