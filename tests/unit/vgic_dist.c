/* SPDX-License-Identifier: BSD-2-Clause */
/* The distributor's registers, by the tables of IHI 0048B. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/gicd.h"
#include "core/vgic.h"

static struct vgic vgic;

static uint32_t rd(unsigned int vcpu, uint32_t off)
{
	return vgic_dist_read(&vgic, vcpu, off, 4);
}

static uint32_t wr(unsigned int vcpu, uint32_t off, uint32_t val)
{
	return vgic_dist_write(&vgic, vcpu, off, 4, val);
}

static uint32_t wrb(unsigned int vcpu, uint32_t off, uint32_t val)
{
	return vgic_dist_write(&vgic, vcpu, off, 1, val);
}

static int smp(void **state)
{
	(void)state;
	vgic_init(&vgic, 4, 288, 4);
	wr(0, GICD_CTLR, 1);
	return 0;
}

/* SPI 40 is enabled, edge-triggered, with these CPUs as targets. */
static void set_up_40(uint32_t targets)
{
	wr(0, GICD_ISENABLER(1), 1u << 8);
	wr(0, GICD_ICFGR(2), 2u << 16);
	wrb(0, GICD_ITARGETSR(40), targets);
}

static void reset_values(void **state)
{
	uint32_t off;

	(void)state;
	vgic_init(&vgic, 4, 288, 4);
	assert_int_equal(rd(0, GICD_CTLR), 0);
	assert_int_equal(rd(0, GICD_TYPER), 8 | 3 << 5);
	assert_int_equal(rd(0, GICD_IIDR), 0x0200143b);
	assert_int_equal(rd(1, GICD_ISENABLER(0)), 0xffff);
	assert_int_equal(rd(1, GICD_ICENABLER(0)), 0xffff);
	assert_int_equal(rd(1, GICD_ICFGR(0)), 0xaaaaaaaa);
	for (off = GICD_IGROUPR(0); off < GICD_PIDR4; off += 4) {
		if (off == GICD_ISENABLER(0) || off == GICD_ICENABLER(0) ||
		    off == GICD_ICFGR(0) ||
		    (off >= GICD_ITARGETSR(0) && off < GICD_ITARGETSR(32)))
			continue;
		assert_int_equal(rd(1, off), 0);
	}
}

static void id_registers(void **state)
{
	static const uint8_t ids[] = { 4,    0, 0,   0,	   0x90, 0xb4,
				       0x2b, 0, 0xd, 0xf0, 5,	 0xb1 };
	uint32_t n;

	(void)state;
	for (n = 0; n < 12; n++) {
		wr(0, GICD_PIDR4 + 4 * n, 0xffffffff);
		assert_int_equal(rd(0, GICD_PIDR4 + 4 * n), ids[n]);
	}
}

static void ctlr_has_two_groups(void **state)
{
	(void)state;
	wr(0, GICD_CTLR, 0xffffffff);
	assert_int_equal(rd(0, GICD_CTLR), 3);
	assert_int_equal(rd(3, GICD_CTLR), 3);
}

static uint32_t rdn(uint32_t off, unsigned int size)
{
	return vgic_dist_read(&vgic, 0, off, size);
}

static void wrn(uint32_t off, unsigned int size, uint32_t val)
{
	vgic_dist_write(&vgic, 0, off, size, val);
}

/* A narrow read returns that part of the word. */
static void parts_are_read(void **state)
{
	(void)state;
	wr(0, GICD_IPRIORITYR(32), 0x11223344);
	wr(0, GICD_ISENABLER(1), 0x87654321);
	assert_int_equal(rdn(GICD_IPRIORITYR(33), 1), 0x30);
	assert_int_equal(rdn(GICD_IPRIORITYR(32), 2), 0x3040);
	assert_int_equal(rdn(GICD_IPRIORITYR(34), 2), 0x1020);
	assert_int_equal(rdn(GICD_ISENABLER(1), 1), 0x21);
	assert_int_equal(rdn(GICD_ISENABLER(1) + 3, 1), 0x87);
	assert_int_equal(rdn(GICD_ISENABLER(1) + 2, 2), 0x8765);
	assert_int_equal(rdn(GICD_TYPER, 1), 8 | 3 << 5);
	assert_int_equal(rdn(GICD_TYPER + 1, 1), 0);
	assert_int_equal(rdn(0xfe8, 1), 0x2b);
	assert_int_equal(rdn(GICD_ICFGR(0), 2), 0xaaaa);
	assert_int_equal(rdn(GICD_IIDR + 3, 1), 0x02);
}

static void parts_are_written(void **state)
{
	(void)state;
	/* Registers in which a zero bit has no effect. */
	wr(0, GICD_ISENABLER(1), 0xff);
	wrn(GICD_ISENABLER(1) + 1, 1, 0xf0);
	wrn(GICD_ISENABLER(1) + 2, 2, 0x8001);
	assert_int_equal(rd(0, GICD_ISENABLER(1)), 0x8001f0ff);
	wrn(GICD_ICENABLER(1), 1, 0x0f);
	wrn(GICD_ICENABLER(1) + 3, 1, 0x80);
	assert_int_equal(rd(0, GICD_ISENABLER(1)), 0x0001f0f0);
	wrn(GICD_ISPENDR(1) + 3, 1, 0x80);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 0x80000000);
	wrn(GICD_ICPENDR(1) + 3, 1, 0x80);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 0);
	wrn(GICD_ISACTIVER(1) + 2, 2, 0x0100);
	assert_int_equal(rd(0, GICD_ISACTIVER(1)), 0x01000000);
	/* Registers in which it has: the other bits stay. */
	wr(0, GICD_IGROUPR(1), 0x11223344);
	wrn(GICD_IGROUPR(1) + 1, 1, 0xff);
	assert_int_equal(rd(0, GICD_IGROUPR(1)), 0x1122ff44);
	wr(0, GICD_ICFGR(2), 0xaaaaaaaa);
	wrn(GICD_ICFGR(2) + 2, 2, 0);
	assert_int_equal(rd(0, GICD_ICFGR(2)), 0x0000aaaa);
	wrn(GICD_ICFGR(2) + 1, 1, 0);
	assert_int_equal(rd(0, GICD_ICFGR(2)), 0x000000aa);
	wr(0, GICD_CTLR, 1);
	wrn(GICD_CTLR, 1, 3);
	assert_int_equal(rd(0, GICD_CTLR), 3);
	wrn(GICD_CTLR + 1, 1, 0);
	assert_int_equal(rd(0, GICD_CTLR), 3);
	wrn(GICD_IPRIORITYR(32), 2, 0x5060);
	assert_int_equal(rd(0, GICD_IPRIORITYR(32)), 0x5060);
	wrn(GICD_ITARGETSR(34), 2, 0x0402);
	assert_int_equal(rd(0, GICD_ITARGETSR(32)), 0x04020000);
	wrn(GICD_SPENDSGIR(4), 2, 0x0201);
	assert_int_equal(rd(0, GICD_SPENDSGIR(4)), 0x0201);
}

static void no_such_access(void **state)
{
	(void)state;
	wr(0, GICD_IPRIORITYR(32), 0x11223344);
	assert_int_equal(rdn(GICD_IPRIORITYR(34), 4), 0);
	assert_int_equal(rdn(GICD_IPRIORITYR(33), 2), 0);
	assert_int_equal(rdn(GICD_IPRIORITYR(32), 8), 0);
	assert_int_equal(rdn(GICD_IPRIORITYR(32), 3), 0);
	assert_int_equal(rdn(GICD_IPRIORITYR(32), 0), 0);
	wrn(GICD_IPRIORITYR(33), 2, 0xffff);
	wrn(GICD_IPRIORITYR(33), 4, 0xffffffff);
	wrn(GICD_IPRIORITYR(32), 3, 0);
	assert_int_equal(rd(0, GICD_IPRIORITYR(32)), 0x10203040);
	/* GICD_SGIR takes words only: a narrow write sends nothing. */
	wrn(GICD_SGIR, 2, 0x0001);
	wrn(GICD_SGIR + 2, 2, 0x0001);
	assert_int_equal(rd(0, GICD_ISPENDR(0)), 0);
	assert_int_equal(rdn(0x1000, 4), 0);
	assert_int_equal(rdn(0xfffffffc, 4), 0);
}

static void enable_set_and_clear(void **state)
{
	(void)state;
	wr(0, GICD_ISENABLER(1), 0xf0f0);
	wr(0, GICD_ISENABLER(1), 0x0f00);
	assert_int_equal(rd(1, GICD_ICENABLER(1)), 0xfff0);
	wr(1, GICD_ICENABLER(1), 0x00ff);
	assert_int_equal(rd(0, GICD_ISENABLER(1)), 0xff00);
}

static void sgis_stay_enabled(void **state)
{
	(void)state;
	wr(2, GICD_ISENABLER(0), 0x08000000);
	wr(2, GICD_ICENABLER(0), 0x0000ffff);
	assert_int_equal(rd(2, GICD_ISENABLER(0)), 0x0800ffff);
	wr(2, GICD_ICENABLER(0), 0xffffffff);
	assert_int_equal(rd(2, GICD_ISENABLER(0)), 0xffff);
}

static void private_registers_are_banked(void **state)
{
	(void)state;
	wr(1, GICD_ISENABLER(0), 0x08000000);
	wr(1, GICD_IGROUPR(0), 0x10000000);
	wr(1, GICD_ISPENDR(0), 0x20000000);
	wr(1, GICD_ISACTIVER(0), 0x40000000);
	wrb(1, GICD_IPRIORITYR(27), 0xa0);
	assert_int_equal(rd(0, GICD_ISENABLER(0)), 0xffff);
	assert_int_equal(rd(0, GICD_IGROUPR(0)), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(0)), 0);
	assert_int_equal(rd(0, GICD_ISACTIVER(0)), 0);
	assert_int_equal(rd(0, GICD_IPRIORITYR(24)), 0);
	assert_int_equal(rd(1, GICD_ISENABLER(0)), 0x0800ffff);
	assert_int_equal(rd(1, GICD_IGROUPR(0)), 0x10000000);
	assert_int_equal(rd(1, GICD_ICPENDR(0)), 0x20000000);
	assert_int_equal(rd(1, GICD_ICACTIVER(0)), 0x40000000);
	assert_int_equal(rd(1, GICD_IPRIORITYR(24)), 0xa0000000);
}

static void intids_end_at_nirqs(void **state)
{
	(void)state;
	wr(0, GICD_ISENABLER(8), 0xffffffff);
	wr(0, GICD_ISENABLER(9), 0xffffffff);
	assert_int_equal(rd(0, GICD_ISENABLER(8)), 0xffffffff);
	assert_int_equal(rd(0, GICD_ISENABLER(9)), 0);
	wr(0, GICD_IPRIORITYR(284), 0xffffffff);
	wr(0, GICD_IPRIORITYR(288), 0xffffffff);
	assert_int_equal(rd(0, GICD_IPRIORITYR(284)), 0xf8f8f8f8);
	assert_int_equal(rd(0, GICD_IPRIORITYR(288)), 0);
	assert_int_equal(wrb(0, GICD_IPRIORITYR(288), 0xff), 0);
	assert_int_equal(wrb(0, GICD_ITARGETSR(288), 0xff), 0);
	wr(0, GICD_ICFGR(17), 0xffffffff);
	wr(0, GICD_ICFGR(18), 0xffffffff);
	assert_int_equal(rd(0, GICD_ICFGR(17)), 0xaaaaaaaa);
	assert_int_equal(rd(0, GICD_ICFGR(18)), 0);
	assert_int_equal(vgic_assert_spi(&vgic, 288, true), 0);
	assert_int_equal(vgic_assert_spi(&vgic, 31, true), 0);
	assert_int_equal(vgic_assert_spi(&vgic, 0xffffffff, true), 0);
	assert_int_equal(vgic_msi(&vgic, 1023), 0);
	assert_int_equal(vgic_assert_ppi(&vgic, 0, 15, true), 0);
	assert_int_equal(vgic_assert_ppi(&vgic, 0, 32, true), 0);
	assert_int_equal(vgic_inject_hw_ppi(&vgic, 0, 15), -1);
}

static void the_most_intids(void **state)
{
	(void)state;
	vgic_init(&vgic, 8, 992, 16);
	assert_int_equal(rd(0, GICD_TYPER), 30 | 7 << 5);
	wr(0, GICD_ISENABLER(30), 0xffffffff);
	wr(0, GICD_ISENABLER(31), 0xffffffff);
	assert_int_equal(rd(0, GICD_ISENABLER(30)), 0xffffffff);
	assert_int_equal(rd(0, GICD_ISENABLER(31)), 0);
	wr(0, GICD_CTLR, 1);
	wrb(0, GICD_ITARGETSR(991), 0x80);
	assert_int_equal(vgic_assert_spi(&vgic, 991, true), 0x80);
	assert_int_equal(vgic_dist_needs(&vgic, 7, GICD_ISPENDR(30), false), 0);
	assert_int_equal(rd(7, GICD_ISPENDR(30)), 0x80000000);
	assert_true(sizeof(vgic) < 32768);
}

static void targets(void **state)
{
	(void)state;
	assert_int_equal(rd(2, GICD_ITARGETSR(0)), 0x04040404);
	assert_int_equal(rd(3, GICD_ITARGETSR(28)), 0x08080808);
	wr(2, GICD_ITARGETSR(0), 0);
	assert_int_equal(rd(2, GICD_ITARGETSR(0)), 0x04040404);
	wr(0, GICD_ITARGETSR(40), 0xff120301);
	assert_int_equal(rd(0, GICD_ITARGETSR(40)), 0x0f020301);
	assert_int_equal(wrb(0, GICD_ITARGETSR(41), 0x02), 0);
	wrb(0, GICD_ITARGETSR(59), 0x04);
	assert_int_equal(rd(0, GICD_ITARGETSR(56)), 0x04000000);
	wrb(0, GICD_ITARGETSR(41), 0x04);
	assert_int_equal(rd(0, GICD_ITARGETSR(40)), 0x0f020401);
}

static void one_cpu_has_no_targets(void **state)
{
	(void)state;
	vgic_init(&vgic, 1, 64, 4);
	wr(0, GICD_CTLR, 1);
	wr(0, GICD_ITARGETSR(40), 0xffffffff);
	assert_int_equal(rd(0, GICD_ITARGETSR(40)), 0);
	assert_int_equal(rd(0, GICD_ITARGETSR(0)), 0);
	wr(0, GICD_ISENABLER(1), 1u << 8);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 1);
}

static void configuration(void **state)
{
	(void)state;
	wr(0, GICD_ICFGR(0), 0);
	wr(0, GICD_ICFGR(1), 0xffffffff);
	wr(0, GICD_ICFGR(2), 0xffffffff);
	wr(0, GICD_ICFGR(3), 0x00000008);
	assert_int_equal(rd(0, GICD_ICFGR(0)), 0xaaaaaaaa);
	assert_int_equal(rd(0, GICD_ICFGR(1)), 0);
	assert_int_equal(rd(0, GICD_ICFGR(2)), 0xaaaaaaaa);
	assert_int_equal(rd(0, GICD_ICFGR(3)), 8);
	wr(0, GICD_ICFGR(2), 0x80000000);
	assert_int_equal(rd(0, GICD_ICFGR(2)), 0x80000000);
	assert_int_equal(rd(0, GICD_ICFGR(3)), 8);
}

static void reserved_is_razwi(void **state)
{
	static const uint32_t offs[] = { 0x00c, 0x01c, 0x040, 0x07c, 0xd00,
					 0xd04, 0xdfc, 0xe00, 0xe7c, 0xf00,
					 0xf04, 0xf30, 0xfcc };
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(offs) / sizeof(offs[0]); n++) {
		if (offs[n] != GICD_SGIR)
			assert_int_equal(wr(0, offs[n], 0xffffffff), 0);
		assert_int_equal(rd(0, offs[n]), 0);
	}
	wr(0, GICD_TYPER, 0);
	wr(0, GICD_IIDR, 0);
	assert_int_equal(rd(0, GICD_TYPER), 8 | 3 << 5);
	assert_int_equal(rd(0, GICD_IIDR), 0x0200143b);
}

static void priorities_have_five_bits(void **state)
{
	(void)state;
	wr(0, GICD_IPRIORITYR(0), 0xffffffff);
	wr(0, GICD_IPRIORITYR(40), 0x07f0a0ff);
	assert_int_equal(rd(0, GICD_IPRIORITYR(0)), 0xf8f8f8f8);
	assert_int_equal(rd(0, GICD_IPRIORITYR(40)), 0x00f0a0f8);
	assert_int_equal(rd(1, GICD_IPRIORITYR(40)), 0x00f0a0f8);
}

static void pending_by_software(void **state)
{
	(void)state;
	set_up_40(2);
	assert_int_equal(wr(0, GICD_ISPENDR(1), 1u << 8), 2);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 1u << 8);
	assert_int_equal(rd(0, GICD_ICPENDR(1)), 1u << 8);
	assert_int_equal(wr(0, GICD_ISPENDR(1), 1u << 8), 0);
	assert_int_equal(wr(0, GICD_ICPENDR(1), 1u << 8), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 0);
	/* GICD_ISPENDR does not make SGIs pending */
	assert_int_equal(wr(0, GICD_ISPENDR(0), 0xffff), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(0)), 0);
}

/* ICPENDR clears the latch, but not the line's level. */
static void level_and_latch(void **state)
{
	(void)state;
	wr(0, GICD_ISENABLER(1), 1u << 8);
	wrb(0, GICD_ITARGETSR(40), 1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 0);
	wr(0, GICD_ICPENDR(1), 1u << 8);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 1u << 8);
	assert_int_equal(vgic_assert_spi(&vgic, 40, false), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 0);
	vgic_assert_spi(&vgic, 40, true);
	wr(0, GICD_ISPENDR(1), 1u << 8);
	vgic_assert_spi(&vgic, 40, false);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 1u << 8);
	wr(0, GICD_ICPENDR(1), 1u << 8);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 0);
}

static void edges_are_latched(void **state)
{
	(void)state;
	set_up_40(1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, false), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 1u << 8);
	wr(0, GICD_ICPENDR(1), 1u << 8);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 0);
	assert_int_equal(vgic_msi(&vgic, 40), 1);
	assert_int_equal(vgic_msi(&vgic, 40), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 1u << 8);
	/* a pulse on a level-sensitive input has no effect */
	assert_int_equal(vgic_msi(&vgic, 41), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 1u << 8);
}

static void kicks_only_who_can_take_it(void **state)
{
	(void)state;
	wr(0, GICD_ICFGR(2), 2u << 16);
	wrb(0, GICD_ITARGETSR(40), 0);
	assert_int_equal(vgic_msi(&vgic, 40), 0);
	assert_int_equal(wr(0, GICD_ISENABLER(1), 1u << 8), 0);
	assert_int_equal(wrb(0, GICD_ITARGETSR(40), 0x4), 4);
	assert_int_equal(wr(0, GICD_ICENABLER(1), 1u << 8), 0);
	assert_int_equal(wr(0, GICD_ISENABLER(1), 1u << 8), 4);
	assert_int_equal(wr(0, GICD_CTLR, 0), 0);
	assert_int_equal(wr(0, GICD_ISENABLER(1), 1u << 8), 0);
	assert_int_equal(wr(0, GICD_CTLR, 2), 0);
	assert_int_equal(wr(0, GICD_CTLR, 3), 4);
	assert_int_equal(wr(0, GICD_CTLR, 2), 0);
	assert_int_equal(wr(0, GICD_IGROUPR(1), 1u << 8), 4);
}

static void active_set_and_clear(void **state)
{
	(void)state;
	set_up_40(1);
	assert_int_equal(wr(0, GICD_ISACTIVER(1), 1u << 8), 0);
	assert_int_equal(rd(0, GICD_ISACTIVER(1)), 1u << 8);
	assert_int_equal(rd(3, GICD_ICACTIVER(1)), 1u << 8);
	/* active and pending: not signalled before it is inactive */
	assert_int_equal(vgic_msi(&vgic, 40), 0);
	assert_int_equal(rd(0, GICD_ISPENDR(1)), 1u << 8);
	assert_int_equal(wr(2, GICD_ICACTIVER(1), 1u << 8), 1);
	assert_int_equal(rd(0, GICD_ISACTIVER(1)), 0);
	assert_int_equal(wr(2, GICD_ICACTIVER(1), 0xffffffff), 0);
	wr(1, GICD_ISACTIVER(0), 0x0000ffff);
	assert_int_equal(rd(1, GICD_ISACTIVER(0)), 0x0000ffff);
	wr(1, GICD_ICACTIVER(0), 0x000000ff);
	assert_int_equal(rd(1, GICD_ISACTIVER(0)), 0x0000ff00);
}

static void sgi_filters(void **state)
{
	(void)state;
	assert_int_equal(wr(1, GICD_SGIR, 0x00fd0003), 0xd);
	assert_int_equal(rd(0, GICD_SPENDSGIR(0)), 0x02000000);
	assert_int_equal(rd(1, GICD_SPENDSGIR(0)), 0);
	assert_int_equal(rd(2, GICD_CPENDSGIR(0)), 0x02000000);
	assert_int_equal(wr(1, GICD_SGIR, 0x01000004), 0xd);
	assert_int_equal(rd(1, GICD_SPENDSGIR(4)), 0);
	assert_int_equal(rd(3, GICD_SPENDSGIR(4)), 0x02);
	assert_int_equal(wr(1, GICD_SGIR, 0x02ff000f), 0x2);
	assert_int_equal(rd(1, GICD_SPENDSGIR(12)), 0x02000000);
	assert_int_equal(wr(1, GICD_SGIR, 0x03ff0005), 0);
	assert_int_equal(rd(1, GICD_SPENDSGIR(4)), 0);
	assert_int_equal(rd(3, GICD_ISPENDR(0)), 0x18);
	/* NSATT is ignored */
	assert_int_equal(wr(0, GICD_SGIR, 0x02008009), 0x1);
}

static void sgi_sources_are_apart(void **state)
{
	(void)state;
	assert_int_equal(wr(0, GICD_SGIR, 0x00040006), 4);
	assert_int_equal(wr(0, GICD_SGIR, 0x00040006), 0);
	wr(3, GICD_SGIR, 0x00040006);
	assert_int_equal(vgic_dist_read(&vgic, 2, GICD_SPENDSGIR(6), 1), 0x9);
	assert_int_equal(wrb(2, GICD_CPENDSGIR(6), 0x1), 0);
	assert_int_equal(vgic_dist_read(&vgic, 2, GICD_SPENDSGIR(6), 1), 0x8);
	assert_int_equal(rd(2, GICD_ISPENDR(0)), 0x40);
	wrb(2, GICD_CPENDSGIR(6), 0x8);
	assert_int_equal(rd(2, GICD_ISPENDR(0)), 0);
	/* a CPU that does not exist is no source */
	assert_int_equal(wr(2, GICD_SPENDSGIR(0), 0xf0300100), 4);
	assert_int_equal(rd(2, GICD_SPENDSGIR(0)), 0x00000100);
}

/*
 * After every register was written, with interrupts in every state, a reset
 * restores everything.
 */
static void reset_forgets_all(void **state)
{
	static struct vgic fresh;
	unsigned int vcpu;
	uint32_t off;

	(void)state;
	for (vcpu = 0; vcpu < 4; vcpu++)
		for (off = 0; off < 0x1000; off += 4)
			wr(vcpu, off, 0x5a5a5a5b + off);
	vgic_set_resample(&vgic, 50, true);
	vgic_assert_spi(&vgic, 40, true);
	vgic_assert_ppi(&vgic, 1, 30, true);
	vgic_inject_hw_ppi(&vgic, 2, 27);
	for (vcpu = 0; vcpu < 4; vcpu++)
		vgic_flush(&vgic, vcpu);
	vgic_reset(&vgic);
	vgic_init(&fresh, 4, 288, 4);
	/* Resampling and the levels of SPI lines are not its own state. */
	vgic_set_resample(&fresh, 50, true);
	fresh.spi[0].line = 1u << 8;
	assert_memory_equal(&vgic, &fresh, sizeof(vgic));
}

#define t(name) cmocka_unit_test_setup(name, smp)

int main(void)
{
	const struct CMUnitTest tests[] = {
		t(reset_values),
		t(id_registers),
		t(ctlr_has_two_groups),
		t(parts_are_read),
		t(parts_are_written),
		t(no_such_access),
		t(enable_set_and_clear),
		t(sgis_stay_enabled),
		t(private_registers_are_banked),
		t(intids_end_at_nirqs),
		t(the_most_intids),
		t(targets),
		t(one_cpu_has_no_targets),
		t(configuration),
		t(reserved_is_razwi),
		t(priorities_have_five_bits),
		t(pending_by_software),
		t(level_and_latch),
		t(edges_are_latched),
		t(kicks_only_who_can_take_it),
		t(active_set_and_clear),
		t(sgi_filters),
		t(sgi_sources_are_apart),
		t(reset_forgets_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
