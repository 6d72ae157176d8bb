/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A GICv2 written down as plainly as IHI 0048B 3.2 describes it, with no list
 * registers: what the interrupt controller under test has to look like to a
 * guest. SPIs have one target at most, so that there is one right answer.
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
	bool latch; /* SGIs: sources != 0 instead */
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
	uint32_t running; /* active priorities, a bit a level */
};

struct ref {
	uint8_t ctlr;
	struct ref_cpu cpu[REF_CPUS];
	struct ref_irq spi[REF_IRQS - 32];
};

struct ref_irq *ref_irq(struct ref *ref, unsigned int cpu, unsigned int intid);
bool ref_pending(const struct ref_irq *irq, unsigned int intid);
/* The highest-priority pending interrupt that would be signalled to cpu. */
unsigned int ref_signalled(struct ref *ref, unsigned int cpu);
void ref_line(struct ref_irq *irq, bool level);
/*
 * What GICC_IAR or AIAR returns for ref_signalled(). Of an SGI's sources any
 * may come first: the one named does, if it is pending.
 */
uint32_t ref_acknowledge(struct ref *ref, unsigned int cpu, uint32_t source);
void ref_eoi(struct ref *ref, unsigned int cpu, uint32_t val);
void ref_deactivate(struct ref *ref, unsigned int cpu, uint32_t val);

#endif /* TESTS_UNIT_VGIC_REF_H */
