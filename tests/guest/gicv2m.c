/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv2m frame: storing an INTID makes that SPI pending (DEN 0029, appendix
 * E).
 */
#include "gic.h"
#include "io.h"
#include "test.h"

#define V2M	   0x08020000u
#define V2M_TYPER  0x008
#define V2M_SETSPI 0x040
#define FIRST	   80
#define COUNT	   64
#define LAST	   (FIRST + COUNT - 1)

static void edge(uint32_t intid)
{
	uint32_t reg = GICD_ICFGR + intid / 16 * 4;

	gicd_write(reg, gicd_read(reg) | 2u << intid % 16 * 2);
	gic_enable(intid, 0x80);
}

static void message(const char *name, uint32_t intid)
{
	write32(V2M + V2M_SETSPI, intid);
	check_eq(name, gic_wait(), intid);
	gic_eoi(intid);
	check_eq("gicv2m/once", gic_quiet(), SPURIOUS);
}

int main(void)
{
	gic_init();
	check_eq("gicv2m/typer", read32(V2M + V2M_TYPER), FIRST << 16 | COUNT);
	edge(FIRST - 1);
	edge(FIRST);
	edge(LAST);
	edge(LAST + 1);
	message("gicv2m/first", FIRST);
	message("gicv2m/last", LAST);
	write32(V2M + V2M_SETSPI, FIRST - 1);
	write32(V2M + V2M_SETSPI, LAST + 1);
	write32(V2M + V2M_SETSPI, ~0u);
	check_eq("gicv2m/no-others", gic_quiet(), SPURIOUS);
	return 0;
}
