/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GICC_CTLR.EOImode: priority drop and deactivation are separate (IHI 0048B).
 */
#include "gic.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define SPI	   40
#define SPI_URGENT 41

static void pend(uint32_t intid)
{
	gicd_set_bit(GICD_ISPENDR, intid);
}

static void split(void)
{
	gicc_write(GICC_CTLR, GICC_CTLR_ENABLE | GICC_CTLR_EOIMODE);
	check_eq("eoimode/set", gicc_read(GICC_CTLR) & (GICC_CTLR_EOIMODE | 1),
		 GICC_CTLR_EOIMODE | 1);
	pend(SPI);
	check_eq("eoimode/taken", gic_wait(), SPI);
	check_eq("eoimode/running", gicc_read(GICC_RPR), 0x80);
	gic_eoi(SPI);
	check_eq("eoimode/dropped", gicc_read(GICC_RPR), 0xff);
	check_eq("eoimode/still-active", gicd_bit(GICD_ISACTIVER, SPI), 1);
	pend(SPI);
	check_eq("eoimode/active-waits", gic_quiet(), SPURIOUS);
	gicc_write(GICC_DIR, SPI);
	check_eq("eoimode/deactivated", gic_wait(), SPI);
	gic_eoi(SPI);
	gicc_write(GICC_DIR, SPI);
	check_eq("eoimode/inactive", gicd_bit(GICD_ISACTIVER, SPI), 0);
}

/* Deactivation in another order than acknowledgement. */
static void any_order(void)
{
	pend(SPI);
	check_eq("eoimode/first", gic_wait(), SPI);
	gic_eoi(SPI);
	pend(SPI_URGENT);
	check_eq("eoimode/second", gic_wait(), SPI_URGENT);
	gic_eoi(SPI_URGENT);
	gicc_write(GICC_DIR, SPI);
	check_eq("eoimode/first-inactive", gicd_bit(GICD_ISACTIVER, SPI), 0);
	check_eq("eoimode/second-active", gicd_bit(GICD_ISACTIVER, SPI_URGENT),
		 1);
	gicc_write(GICC_DIR, SPI_URGENT);
	check_eq("eoimode/second-inactive",
		 gicd_bit(GICD_ISACTIVER, SPI_URGENT), 0);
}

/* A timer's level does not interrupt again while its interrupt is active. */
static void timer(void)
{
	gic_enable(VTIMER_INTID, 0x80);
	vtimer_set(counter());
	check_eq("eoimode/timer", gic_wait(), VTIMER_INTID);
	gic_eoi(VTIMER_INTID);
	check_eq("eoimode/timer-waits", gic_quiet(), SPURIOUS);
	gicc_write(GICC_DIR, VTIMER_INTID);
	check_eq("eoimode/timer-again", gic_wait(), VTIMER_INTID);
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
	gicc_write(GICC_DIR, VTIMER_INTID);
	check_eq("eoimode/timer-gone", gic_quiet(), SPURIOUS);
}

/*
 * More interrupts than list registers, with the priority dropped but not
 * deactivated.
 */
static void many(void)
{
	uint32_t intid, left, bad = 0;

	for (intid = 48; intid < 64; intid++) {
		gic_enable(intid, 0x80);
		pend(intid);
	}
	for (intid = 48; intid < 64; intid++) {
		uint32_t iar = gic_wait();

		bad += iar < 48 || iar >= 64;
		gic_eoi(iar);
	}
	check_eq("eoimode/sixteen-dropped", bad, 0);
	check_eq("eoimode/sixteen-active", gicd_read(GICD_ISACTIVER + 4),
		 0xffff0000);
	/* Each by itself, and not in the order in which they were taken. */
	for (intid = 63, left = 0xffff0000; intid >= 48; intid--) {
		gicc_write(GICC_DIR, intid);
		left &= ~(1u << intid % 32);
		bad += gicd_read(GICD_ISACTIVER + 4) != left;
	}
	check_eq("eoimode/sixteen-each", bad, 0);
	check_eq("eoimode/sixteen-inactive", gicd_read(GICD_ISACTIVER + 4), 0);
	check_eq("eoimode/sixteen-once", gic_quiet(), SPURIOUS);
}

int main(void)
{
	gic_init();
	gic_enable(SPI, 0x80);
	gic_enable(SPI_URGENT, 0x40);
	split();
	any_order();
	timer();
	many();
	return 0;
}
