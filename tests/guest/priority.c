/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Priorities: order, preemption, grouping, masking (IHI 0048B, interrupt
 * prioritization).
 */
#include "exception.h"
#include "gic.h"
#include "sysreg.h"
#include "test.h"

#define FIRST 40
#define LAST  47 /* 8 SPIs, more than four list registers hold */

static void pend(uint32_t intid)
{
	gicd_set_bit(GICD_ISPENDR, intid);
}

/* The higher the INTID, the higher the priority. */
static void enable_all(void)
{
	uint32_t intid;

	for (intid = FIRST; intid <= LAST; intid++)
		gic_enable(intid, (uint8_t)(0x90 - (intid - FIRST) * 0x10));
}

static void order(void)
{
	uint32_t intid, iar, bad = 0;

	gicc_write(GICC_CTLR, 0);
	for (intid = FIRST; intid <= LAST; intid++)
		pend(intid);
	gicc_write(GICC_CTLR, GICC_CTLR_ENABLE);
	for (intid = LAST; intid >= FIRST; intid--) {
		iar = gic_wait();
		bad += iar != intid;
		gic_eoi(iar);
	}
	check_eq("priority/eight-in-order", bad, 0);
	check_eq("priority/no-ninth", gic_ack(), SPURIOUS);
}

/* Among equal priorities the lowest INTID comes first, as on all cores. */
static void equals(void)
{
	uint32_t intid, bad = 0;

	for (intid = FIRST; intid <= LAST; intid++)
		gic_set_priority(intid, 0x80);
	gicc_write(GICC_CTLR, 0);
	for (intid = LAST; intid >= FIRST; intid--)
		pend(intid);
	gicc_write(GICC_CTLR, GICC_CTLR_ENABLE);
	for (intid = FIRST; intid <= LAST; intid++) {
		uint32_t iar = gic_wait();

		bad += iar < FIRST || iar > LAST;
		gic_eoi(iar);
	}
	check_eq("priority/eight-equals", bad, 0);
	check_eq("priority/equals-all-came", gic_ack(), SPURIOUS);
}

/* Eight active interrupts, each having preempted the one before it. */
static void nested(void)
{
	uint32_t intid, bad = 0;

	enable_all();
	for (intid = FIRST; intid <= LAST; intid++) {
		pend(intid);
		bad += gic_wait() != intid;
	}
	check_eq("priority/eight-nested", bad, 0);
	check_eq("priority/running", gicc_read(GICC_RPR), 0x20);
	check_eq("priority/all-active",
		 gicd_read(GICD_ISACTIVER + FIRST / 32 * 4), 0xff00);
	pend(FIRST);
	check_eq("priority/lower-waits", gic_quiet(), SPURIOUS);
	for (intid = LAST; intid >= FIRST; intid--)
		gic_eoi(intid);
	check_eq("priority/idle", gicc_read(GICC_RPR), 0xff);
	check_eq("priority/lower-comes", gic_wait(), FIRST);
	gic_eoi(FIRST);
	check_eq("priority/none-active",
		 gicd_read(GICD_ISACTIVER + FIRST / 32 * 4), 0);
}

/*
 * BPR 4: bits 7:5 are the group priority, and within a group there is no
 * preemption.
 */
static void grouped(void)
{
	gicc_write(GICC_BPR, 4);
	gic_set_priority(FIRST, 0x50);
	gic_set_priority(FIRST + 1, 0x40);
	gic_set_priority(FIRST + 2, 0x38);
	pend(FIRST);
	check_eq("priority/group-first", gic_wait(), FIRST);
	pend(FIRST + 1);
	check_eq("priority/same-group-waits", gic_quiet(), SPURIOUS);
	pend(FIRST + 2);
	check_eq("priority/other-group-preempts", gic_wait(), FIRST + 2);
	gic_eoi(FIRST + 2);
	gic_eoi(FIRST);
	check_eq("priority/same-group-after", gic_wait(), FIRST + 1);
	gic_eoi(FIRST + 1);
	gicc_write(GICC_BPR, 0);
}

static void masked(void)
{
	gic_set_priority(FIRST, 0x80);
	gicc_write(GICC_PMR, 0x80);
	pend(FIRST);
	check_eq("priority/pmr-equal-waits", gic_quiet(), SPURIOUS);
	gicc_write(GICC_PMR, 0x88);
	check_eq("priority/pmr-above-passes", gic_wait(), FIRST);
	gic_eoi(FIRST);
	gicc_write(GICC_PMR, 0xff);
}

static void highest_pending(void)
{
	gicc_write(GICC_PMR, 0xff);
	pend(FIRST + 1);
	pend(FIRST + 2);
	check_eq("priority/hppir", gicc_read(GICC_HPPIR), FIRST + 2);
	check_eq("priority/hppir-leaves-it", gic_wait(), FIRST + 2);
	gic_eoi(FIRST + 2);
	check_eq("priority/hppir-next", gic_wait(), FIRST + 1);
	gic_eoi(FIRST + 1);
	check_eq("priority/hppir-none", gicc_read(GICC_HPPIR), SPURIOUS);
}

int main(void)
{
	gic_init();
	enable_all();
	order();
	equals();
	nested();
	grouped();
	masked();
	highest_pending();
	return 0;
}
