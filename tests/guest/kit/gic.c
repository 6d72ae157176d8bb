/* SPDX-License-Identifier: BSD-2-Clause */
#include "gic.h"
#include "sysreg.h"
#include "timer.h"

void gic_init(void)
{
	uint32_t sgi;

	gicd_write(GICD_CTLR, 1);
	for (sgi = 0; sgi < 16; sgi += 4)
		gicd_write(GICD_CPENDSGIR + sgi, ~0u);
	gicd_write(GICD_ICENABLER, 0xffff0000);
	gicd_write(GICD_ICPENDR, 0xffff0000);
	gicd_write(GICD_ICACTIVER, 0xffffffff);
	gicc_write(GICC_BPR, 0);
	gicc_write(GICC_PMR, 0xff);
	gicc_write(GICC_CTLR, GICC_CTLR_ENABLE);
}

void gic_set_priority(uint32_t intid, uint8_t priority)
{
	write8(GICD_BASE + GICD_IPRIORITYR + intid, priority);
}

void gic_set_targets(uint32_t intid, uint8_t cpus)
{
	write8(GICD_BASE + GICD_ITARGETSR + intid, cpus);
}

void gic_enable(uint32_t intid, uint8_t priority)
{
	gic_set_priority(intid, priority);
	if (intid >= 32)
		gic_set_targets(intid, 1);
	gicd_set_bit(GICD_ISENABLER, intid);
}

void gic_disable(uint32_t intid)
{
	gicd_set_bit(GICD_ICENABLER, intid);
}

void gic_send_sgi(uint32_t intid, uint8_t cpus)
{
	/* What the SGI announces must be written first. */
	dsb();
	gicd_write(GICD_SGIR, (uint32_t)cpus << 16 | intid);
}

#define QUIET_US 200

static uint32_t ack_until(uint64_t end)
{
	uint32_t iar;

	do {
		iar = gic_ack();
	} while (iar == SPURIOUS && counter() < end);
	return iar;
}

uint32_t gic_wait(void)
{
	return ack_until(deadline());
}

uint32_t gic_quiet(void)
{
	return ack_until(counter() + timer_hz() / 1000000 * QUIET_US);
}
