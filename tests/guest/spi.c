/* SPDX-License-Identifier: BSD-2-Clause */
/* SPIs: edges and levels, and the line of a real device (the PL011). */
#include "gic.h"
#include "pl011.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define SPI	 42
#define UARTCR	 0x30
#define UARTIMSC 0x38
#define UARTRIS	 0x3c
#define UARTICR	 0x44
#define INT_TX	 (1u << 5)

static void configure_edge(uint32_t intid, bool edge)
{
	uint32_t reg = GICD_ICFGR + intid / 16 * 4;
	uint32_t bit = 2u << intid % 16 * 2;

	gicd_write(reg, edge ? gicd_read(reg) | bit : gicd_read(reg) & ~bit);
}

static void pended_by_software(const char *name, bool edge)
{
	configure_edge(SPI, edge);
	gic_enable(SPI, 0x80);
	gicd_set_bit(GICD_ISPENDR, SPI);
	check_eq(name, gic_wait(), SPI);
	/* Acknowledging clears the pending state. */
	check_eq("spi/pending-gone", gicd_bit(GICD_ISPENDR, SPI), 0);
	check_eq("spi/active", gicd_bit(GICD_ISACTIVER, SPI), 1);
	gicd_set_bit(GICD_ISPENDR, SPI);
	check_eq("spi/active-and-pending", gicd_bit(GICD_ISPENDR, SPI), 1);
	check_eq("spi/not-while-active", gic_quiet(), SPURIOUS);
	gic_eoi(SPI);
	check_eq("spi/again-after-eoi", gic_wait(), SPI);
	gic_eoi(SPI);
	check_eq("spi/no-third", gic_quiet(), SPURIOUS);
}

static void cleared(void)
{
	gic_disable(SPI);
	gicd_set_bit(GICD_ISPENDR, SPI);
	check_eq("spi/disabled-pends", gicd_bit(GICD_ISPENDR, SPI), 1);
	check_eq("spi/disabled-not-taken", gic_quiet(), SPURIOUS);
	gicd_set_bit(GICD_ICPENDR, SPI);
	gicd_set_bit(GICD_ISENABLER, SPI);
	check_eq("spi/cleared", gic_quiet(), SPURIOUS);
}

static void set_active(void)
{
	gicd_set_bit(GICD_ISACTIVER, SPI);
	gicd_set_bit(GICD_ISPENDR, SPI);
	check_eq("spi/isactiver-blocks", gic_quiet(), SPURIOUS);
	gicd_set_bit(GICD_ICACTIVER, SPI);
	check_eq("spi/icactiver-frees", gic_wait(), SPI);
	gic_eoi(SPI);
}

/* The transmit interrupt is a level, which stays until it is masked. */
static void level(void)
{
	uint32_t i, n = 0;

	configure_edge(PL011_INTID, false);
	gic_enable(PL011_INTID, 0x80);
	write32(PL011_BASE + UARTCR, 0x301); /* UARTEN, TXE, RXE */
	pl011_put('\n');
	write32(PL011_BASE + UARTIMSC, INT_TX);
	for (i = 0; i < 3; i++) {
		n += gic_wait() == PL011_INTID;
		gic_eoi(PL011_INTID);
	}
	check_eq("spi/level-comes-again", n, 3);
	check_eq("spi/level-pending", gicd_bit(GICD_ISPENDR, PL011_INTID), 1);
	gicd_set_bit(GICD_ICPENDR, PL011_INTID);
	check_eq("spi/level-not-cleared", gicd_bit(GICD_ISPENDR, PL011_INTID),
		 1);
	write32(PL011_BASE + UARTIMSC, 0);
	check_eq("spi/level-gone", gicd_bit(GICD_ISPENDR, PL011_INTID), 0);
	check_eq("spi/level-not-taken", gic_quiet(), SPURIOUS);
}

/* A level that drops before it is taken does not interrupt. */
static void level_lowered(void)
{
	gicc_write(GICC_PMR, 0);
	write32(PL011_BASE + UARTIMSC, INT_TX);
	check_eq("spi/masked-by-priority", gic_quiet(), SPURIOUS);
	write32(PL011_BASE + UARTIMSC, 0);
	gicc_write(GICC_PMR, 0xff);
	check_eq("spi/lowered-not-taken", gic_quiet(), SPURIOUS);
}

int main(void)
{
	gic_init();
	pended_by_software("spi/edge", true);
	pended_by_software("spi/level-by-software", false);
	cleared();
	set_active();
	level();
	level_lowered();
	return 0;
}
