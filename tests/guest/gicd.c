/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The distributor's registers: fields, reserved bits, access sizes (IHI 0048B,
 * distributor registers).
 */
#include "gic.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

static void set_clear(const char *name, uint32_t set, uint32_t clear)
{
	gicd_write(clear, ~0u);
	gicd_write(set, 0x00f00f00);
	check_eq(name, gicd_read(set), 0x00f00f00);
	gicd_write(set, 0);
	check_eq("gicd/zeros-ignored", gicd_read(clear), 0x00f00f00);
	gicd_write(clear, 0x00000f00);
	check_eq("gicd/clears", gicd_read(set), 0x00f00000);
	gicd_write(clear, ~0u);
	check_eq("gicd/cleared", gicd_read(clear), 0);
}

/* Byte accesses to registers with a byte for each INTID. */
static void bytes(void)
{
	gicd_write(GICD_IPRIORITYR + 40, 0);
	write8(GICD_BASE + GICD_IPRIORITYR + 41, 0xa0);
	write8(GICD_BASE + GICD_IPRIORITYR + 43, 0x40);
	check_eq("gicd/priority-bytes", gicd_read(GICD_IPRIORITYR + 40),
		 0x4000a000);
	gicd_write(GICD_IPRIORITYR + 40, 0x10203040);
	check_eq("gicd/priority-byte-0",
		 read8(GICD_BASE + GICD_IPRIORITYR + 40), 0x40);
	check_eq("gicd/priority-byte-3",
		 read8(GICD_BASE + GICD_IPRIORITYR + 43), 0x10);
	write8(GICD_BASE + GICD_ITARGETSR + 42, 1);
	check_eq("gicd/target-byte", read8(GICD_BASE + GICD_ITARGETSR + 42), 1);
	write8(GICD_BASE + GICD_ITARGETSR + 42, 0);
	check_eq("gicd/target-byte-0", read8(GICD_BASE + GICD_ITARGETSR + 42),
		 0);
}

/*
 * Narrow accesses to other registers, which IHI 0048B does not demand, but QEMU
 * has.
 */
static void parts(void)
{
	write8(GICD_BASE + GICD_ISENABLER + 5, 0x81);
	check_eq("gicd/enable-byte", gicd_read(GICD_ISENABLER + 4), 0x8100);
	check_eq("gicd/enable-byte-read", read8(GICD_BASE + GICD_ISENABLER + 5),
		 0x81);
	write8(GICD_BASE + GICD_ICENABLER + 5, 0xff);
	check_eq("gicd/disable-byte", gicd_read(GICD_ISENABLER + 4), 0);
	gicd_write(GICD_ICFGR + 8, 0xaaaaaaaa);
	write8(GICD_BASE + GICD_ICFGR + 9, 0);
	check_eq("gicd/config-byte", gicd_read(GICD_ICFGR + 8), 0xaaaa00aa);
	gicd_write(GICD_ICFGR + 8, 0);
	check_eq("gicd/typer-byte", read8(GICD_BASE + GICD_TYPER),
		 gicd_read(GICD_TYPER) & 0xff);
	check_eq("gicd/pidr2-byte", read8(GICD_BASE + 0xfe8) >> 4, 2);
}

static void identification(void)
{
	uint32_t typer = gicd_read(GICD_TYPER);

	check_eq("gicd/typer-cpus", typer >> 5 & 7, 1);
	check_eq("gicd/typer-no-security", typer >> 10 & 1, 0);
	check("gicd/typer-lines", (typer & 31) >= 3);
	/* Bits 7:4 of ICPIDR2 are 2 for a GICv2. */
	check_eq("gicd/architecture", gicd_read(0xfe8) >> 4 & 15, 2);
	check_eq("gicd/writes-ignored",
		 (gicd_write(GICD_TYPER, ~0u), gicd_read(GICD_TYPER)), typer);
}

static void banked(void)
{
	/* The target of a PPI or SGI reads as this CPU, and ignores writes. */
	gicd_write(GICD_ITARGETSR + 28, 0);
	check_eq("gicd/ppi-targets", gicd_read(GICD_ITARGETSR + 28),
		 0x01010101);
	/* SGIs are always edge-triggered. */
	gicd_write(GICD_ICFGR, 0);
	check_eq("gicd/sgi-edge", gicd_read(GICD_ICFGR), 0xaaaaaaaa);
}

static void configuration(void)
{
	gicd_write(GICD_ICFGR + 12, 0xffffffff);
	check_eq("gicd/icfgr-odd-bits", gicd_read(GICD_ICFGR + 12) & 0xaaaaaaaa,
		 0xaaaaaaaa);
	gicd_write(GICD_ICFGR + 12, 0);
	check_eq("gicd/icfgr-level", gicd_read(GICD_ICFGR + 12) & 0xaaaaaaaa,
		 0);
}

static void control(void)
{
	gic_enable(40, 0x80);
	gicd_write(GICD_CTLR, 0);
	check_eq("gicd/ctlr-off", gicd_read(GICD_CTLR) & 1, 0);
	gicd_set_bit(GICD_ISPENDR, 40);
	check_eq("gicd/off-forwards-nothing", gic_quiet(), SPURIOUS);
	gicd_write(GICD_CTLR, 1);
	check_eq("gicd/on-forwards", gic_wait(), 40);
	gic_eoi(40);
	gicc_write(GICC_CTLR, 0);
	gicd_set_bit(GICD_ISPENDR, 40);
	check_eq("gicd/interface-off", gic_quiet(), SPURIOUS);
	gicc_write(GICC_CTLR, 1);
	check_eq("gicd/interface-on", gic_wait(), 40);
	gic_eoi(40);
}

/* Reserved addresses are RAZ/WI. */
static void reserved(void)
{
	gicd_write(0x00c, ~0u);
	check_eq("gicd/reserved-00c", gicd_read(0x00c), 0);
	gicd_write(0xf40, ~0u);
	check_eq("gicd/reserved-f40", gicd_read(0xf40), 0);
	check_eq("gicd/sgir-reads-0", gicd_read(GICD_SGIR), 0);
}

int main(void)
{
	gic_init();
	/* Sets pending and active bits of interrupts that are not enabled. */
	set_clear("gicd/enable", GICD_ISENABLER + 8, GICD_ICENABLER + 8);
	gicd_write(GICD_ITARGETSR + 72, 0x01010101);
	gicd_write(GICD_ITARGETSR + 84, 0x01010101);
	set_clear("gicd/pending", GICD_ISPENDR + 8, GICD_ICPENDR + 8);
	set_clear("gicd/active", GICD_ISACTIVER + 8, GICD_ICACTIVER + 8);
	bytes();
	parts();
	identification();
	banked();
	configuration();
	control();
	reserved();
	return 0;
}
