/* SPDX-License-Identifier: BSD-2-Clause */
/* The distributor's registers, after the tables of IHI 0048B 4.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
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
	wr(0, 0x000, 1);
	return 0;
}

/* SPI 40: enabled, edge-triggered, for these CPUs */
static void set_up_40(uint32_t targets)
{
	wr(0, 0x104, 1u << 8);
	wr(0, 0xc08, 2u << 16);
	wrb(0, 0x828, targets);
}

static void reset_values(void **state)
{
	uint32_t off;

	(void)state;
	vgic_init(&vgic, 4, 288, 4);
	assert_int_equal(rd(0, 0x000), 0);
	assert_int_equal(rd(0, 0x004), 8 | 3 << 5);
	assert_int_equal(rd(0, 0x008), 0x0200143b);
	assert_int_equal(rd(1, 0x100), 0xffff);
	assert_int_equal(rd(1, 0x180), 0xffff);
	assert_int_equal(rd(1, 0xc00), 0xaaaaaaaa);
	for (off = 0x080; off < 0xfd0; off += 4) {
		if (off == 0x100 || off == 0x180 || off == 0xc00 ||
		    (off >= 0x800 && off < 0x820))
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
		wr(0, 0xfd0 + 4 * n, 0xffffffff);
		assert_int_equal(rd(0, 0xfd0 + 4 * n), ids[n]);
	}
}

static void ctlr_has_two_groups(void **state)
{
	(void)state;
	wr(0, 0, 0xffffffff);
	assert_int_equal(rd(0, 0), 3);
	assert_int_equal(rd(3, 0), 3);
}

static uint32_t rdn(uint32_t off, unsigned int size)
{
	return vgic_dist_read(&vgic, 0, off, size);
}

static void wrn(uint32_t off, unsigned int size, uint32_t val)
{
	vgic_dist_write(&vgic, 0, off, size, val);
}

/* A part of a register reads as that part of its word. */
static void parts_are_read(void **state)
{
	(void)state;
	wr(0, 0x420, 0x11223344);
	wr(0, 0x104, 0x87654321);
	assert_int_equal(rdn(0x421, 1), 0x30);
	assert_int_equal(rdn(0x420, 2), 0x3040);
	assert_int_equal(rdn(0x422, 2), 0x1020);
	assert_int_equal(rdn(0x104, 1), 0x21);
	assert_int_equal(rdn(0x107, 1), 0x87);
	assert_int_equal(rdn(0x106, 2), 0x8765);
	assert_int_equal(rdn(0x004, 1), 8 | 3 << 5);
	assert_int_equal(rdn(0x005, 1), 0);
	assert_int_equal(rdn(0xfe8, 1), 0x2b);
	assert_int_equal(rdn(0xc00, 2), 0xaaaa);
	assert_int_equal(rdn(0x00b, 1), 0x02);
}

static void parts_are_written(void **state)
{
	(void)state;
	/* Those where a zero bit changes nothing. */
	wr(0, 0x104, 0xff);
	wrn(0x105, 1, 0xf0);
	wrn(0x106, 2, 0x8001);
	assert_int_equal(rd(0, 0x104), 0x8001f0ff);
	wrn(0x184, 1, 0x0f);
	wrn(0x187, 1, 0x80);
	assert_int_equal(rd(0, 0x104), 0x0001f0f0);
	wrn(0x207, 1, 0x80);
	assert_int_equal(rd(0, 0x204), 0x80000000);
	wrn(0x287, 1, 0x80);
	assert_int_equal(rd(0, 0x204), 0);
	wrn(0x306, 2, 0x0100);
	assert_int_equal(rd(0, 0x304), 0x01000000);
	/* Those where it does: the others stay. */
	wr(0, 0x084, 0x11223344);
	wrn(0x085, 1, 0xff);
	assert_int_equal(rd(0, 0x084), 0x1122ff44);
	wr(0, 0xc08, 0xaaaaaaaa);
	wrn(0xc0a, 2, 0);
	assert_int_equal(rd(0, 0xc08), 0x0000aaaa);
	wrn(0xc09, 1, 0);
	assert_int_equal(rd(0, 0xc08), 0x000000aa);
	wr(0, 0x000, 1);
	wrn(0x000, 1, 3);
	assert_int_equal(rd(0, 0x000), 3);
	wrn(0x001, 1, 0);
	assert_int_equal(rd(0, 0x000), 3);
	wrn(0x420, 2, 0x5060);
	assert_int_equal(rd(0, 0x420), 0x5060);
	wrn(0x822, 2, 0x0402);
	assert_int_equal(rd(0, 0x820), 0x04020000);
	wrn(0xf24, 2, 0x0201);
	assert_int_equal(rd(0, 0xf24), 0x0201);
}

static void no_such_access(void **state)
{
	(void)state;
	wr(0, 0x420, 0x11223344);
	assert_int_equal(rdn(0x422, 4), 0);
	assert_int_equal(rdn(0x421, 2), 0);
	assert_int_equal(rdn(0x420, 8), 0);
	assert_int_equal(rdn(0x420, 3), 0);
	assert_int_equal(rdn(0x420, 0), 0);
	wrn(0x421, 2, 0xffff);
	wrn(0x421, 4, 0xffffffff);
	wrn(0x420, 3, 0);
	assert_int_equal(rd(0, 0x420), 0x10203040);
	/* GICD_SGIR is a word: a part of it sends nothing. */
	wrn(0xf00, 2, 0x0001);
	wrn(0xf02, 2, 0x0001);
	assert_int_equal(rd(0, 0x200), 0);
	assert_int_equal(rdn(0x1000, 4), 0);
	assert_int_equal(rdn(0xfffffffc, 4), 0);
}

static void enable_set_and_clear(void **state)
{
	(void)state;
	wr(0, 0x104, 0xf0f0);
	wr(0, 0x104, 0x0f00);
	assert_int_equal(rd(1, 0x184), 0xfff0);
	wr(1, 0x184, 0x00ff);
	assert_int_equal(rd(0, 0x104), 0xff00);
}

static void sgis_stay_enabled(void **state)
{
	(void)state;
	wr(2, 0x100, 0x08000000);
	wr(2, 0x180, 0x0000ffff);
	assert_int_equal(rd(2, 0x100), 0x0800ffff);
	wr(2, 0x180, 0xffffffff);
	assert_int_equal(rd(2, 0x100), 0xffff);
}

static void private_registers_are_banked(void **state)
{
	(void)state;
	wr(1, 0x100, 0x08000000);
	wr(1, 0x080, 0x10000000);
	wr(1, 0x200, 0x20000000);
	wr(1, 0x300, 0x40000000);
	wrb(1, 0x41b, 0xa0);
	assert_int_equal(rd(0, 0x100), 0xffff);
	assert_int_equal(rd(0, 0x080), 0);
	assert_int_equal(rd(0, 0x200), 0);
	assert_int_equal(rd(0, 0x300), 0);
	assert_int_equal(rd(0, 0x418), 0);
	assert_int_equal(rd(1, 0x100), 0x0800ffff);
	assert_int_equal(rd(1, 0x080), 0x10000000);
	assert_int_equal(rd(1, 0x280), 0x20000000);
	assert_int_equal(rd(1, 0x380), 0x40000000);
	assert_int_equal(rd(1, 0x418), 0xa0000000);
}

static void intids_end_at_nirqs(void **state)
{
	(void)state;
	wr(0, 0x120, 0xffffffff);
	wr(0, 0x124, 0xffffffff);
	assert_int_equal(rd(0, 0x120), 0xffffffff);
	assert_int_equal(rd(0, 0x124), 0);
	wr(0, 0x51c, 0xffffffff);
	wr(0, 0x520, 0xffffffff);
	assert_int_equal(rd(0, 0x51c), 0xf8f8f8f8);
	assert_int_equal(rd(0, 0x520), 0);
	assert_int_equal(wrb(0, 0x520, 0xff), 0);
	assert_int_equal(wrb(0, 0x920, 0xff), 0);
	wr(0, 0xc44, 0xffffffff);
	wr(0, 0xc48, 0xffffffff);
	assert_int_equal(rd(0, 0xc44), 0xaaaaaaaa);
	assert_int_equal(rd(0, 0xc48), 0);
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
	assert_int_equal(rd(0, 0x004), 30 | 7 << 5);
	wr(0, 0x178, 0xffffffff);
	wr(0, 0x17c, 0xffffffff);
	assert_int_equal(rd(0, 0x178), 0xffffffff);
	assert_int_equal(rd(0, 0x17c), 0);
	wr(0, 0, 1);
	wrb(0, 0xbdf, 0x80);
	assert_int_equal(vgic_assert_spi(&vgic, 991, true), 0x80);
	assert_int_equal(vgic_dist_needs(&vgic, 7, 0x278, false), 0);
	assert_int_equal(rd(7, 0x278), 0x80000000);
	assert_true(sizeof(vgic) < 32768);
}

static void targets(void **state)
{
	(void)state;
	assert_int_equal(rd(2, 0x800), 0x04040404);
	assert_int_equal(rd(3, 0x81c), 0x08080808);
	wr(2, 0x800, 0);
	assert_int_equal(rd(2, 0x800), 0x04040404);
	wr(0, 0x828, 0xff120301);
	assert_int_equal(rd(0, 0x828), 0x0f020301);
	assert_int_equal(wrb(0, 0x829, 0x02), 0);
	wrb(0, 0x83b, 0x04);
	assert_int_equal(rd(0, 0x838), 0x04000000);
	wrb(0, 0x829, 0x04);
	assert_int_equal(rd(0, 0x828), 0x0f020401);
}

static void one_cpu_has_no_targets(void **state)
{
	(void)state;
	vgic_init(&vgic, 1, 64, 4);
	wr(0, 0, 1);
	wr(0, 0x828, 0xffffffff);
	assert_int_equal(rd(0, 0x828), 0);
	assert_int_equal(rd(0, 0x800), 0);
	wr(0, 0x104, 1u << 8);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 1);
}

static void configuration(void **state)
{
	(void)state;
	wr(0, 0xc00, 0);
	wr(0, 0xc04, 0xffffffff);
	wr(0, 0xc08, 0xffffffff);
	wr(0, 0xc0c, 0x00000008);
	assert_int_equal(rd(0, 0xc00), 0xaaaaaaaa);
	assert_int_equal(rd(0, 0xc04), 0);
	assert_int_equal(rd(0, 0xc08), 0xaaaaaaaa);
	assert_int_equal(rd(0, 0xc0c), 8);
	wr(0, 0xc08, 0x80000000);
	assert_int_equal(rd(0, 0xc08), 0x80000000);
	assert_int_equal(rd(0, 0xc0c), 8);
}

static void reserved_is_razwi(void **state)
{
	static const uint32_t offs[] = { 0x00c, 0x01c, 0x040, 0x07c, 0xd00,
					 0xd04, 0xdfc, 0xe00, 0xe7c, 0xf00,
					 0xf04, 0xf30, 0xfcc };
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(offs) / sizeof(offs[0]); n++) {
		if (offs[n] != 0xf00)
			assert_int_equal(wr(0, offs[n], 0xffffffff), 0);
		assert_int_equal(rd(0, offs[n]), 0);
	}
	wr(0, 0x004, 0);
	wr(0, 0x008, 0);
	assert_int_equal(rd(0, 0x004), 8 | 3 << 5);
	assert_int_equal(rd(0, 0x008), 0x0200143b);
}

static void priorities_have_five_bits(void **state)
{
	(void)state;
	wr(0, 0x400, 0xffffffff);
	wr(0, 0x428, 0x07f0a0ff);
	assert_int_equal(rd(0, 0x400), 0xf8f8f8f8);
	assert_int_equal(rd(0, 0x428), 0x00f0a0f8);
	assert_int_equal(rd(1, 0x428), 0x00f0a0f8);
}

static void pending_by_software(void **state)
{
	(void)state;
	set_up_40(2);
	assert_int_equal(wr(0, 0x204, 1u << 8), 2);
	assert_int_equal(rd(0, 0x204), 1u << 8);
	assert_int_equal(rd(0, 0x284), 1u << 8);
	assert_int_equal(wr(0, 0x204, 1u << 8), 0);
	assert_int_equal(wr(0, 0x284, 1u << 8), 0);
	assert_int_equal(rd(0, 0x204), 0);
	/* SGIs are not made pending here (4.3.7) */
	assert_int_equal(wr(0, 0x200, 0xffff), 0);
	assert_int_equal(rd(0, 0x200), 0);
}

/* Figure 4-10: a latch that ICPENDR clears, and the input beside it. */
static void level_and_latch(void **state)
{
	(void)state;
	wr(0, 0x104, 1u << 8);
	wrb(0, 0x828, 1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 0);
	wr(0, 0x284, 1u << 8);
	assert_int_equal(rd(0, 0x204), 1u << 8);
	assert_int_equal(vgic_assert_spi(&vgic, 40, false), 0);
	assert_int_equal(rd(0, 0x204), 0);
	vgic_assert_spi(&vgic, 40, true);
	wr(0, 0x204, 1u << 8);
	vgic_assert_spi(&vgic, 40, false);
	assert_int_equal(rd(0, 0x204), 1u << 8);
	wr(0, 0x284, 1u << 8);
	assert_int_equal(rd(0, 0x204), 0);
}

static void edges_are_latched(void **state)
{
	(void)state;
	set_up_40(1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, true), 1);
	assert_int_equal(vgic_assert_spi(&vgic, 40, false), 0);
	assert_int_equal(rd(0, 0x204), 1u << 8);
	wr(0, 0x284, 1u << 8);
	assert_int_equal(rd(0, 0x204), 0);
	assert_int_equal(vgic_msi(&vgic, 40), 1);
	assert_int_equal(vgic_msi(&vgic, 40), 0);
	assert_int_equal(rd(0, 0x204), 1u << 8);
	/* a pulse on a level-sensitive input leaves nothing */
	assert_int_equal(vgic_msi(&vgic, 41), 0);
	assert_int_equal(rd(0, 0x204), 1u << 8);
}

static void kicks_only_who_can_take_it(void **state)
{
	(void)state;
	wr(0, 0xc08, 2u << 16);
	wrb(0, 0x828, 0);
	assert_int_equal(vgic_msi(&vgic, 40), 0);
	assert_int_equal(wr(0, 0x104, 1u << 8), 0);
	assert_int_equal(wrb(0, 0x828, 0x4), 4);
	assert_int_equal(wr(0, 0x184, 1u << 8), 0);
	assert_int_equal(wr(0, 0x104, 1u << 8), 4);
	assert_int_equal(wr(0, 0x000, 0), 0);
	assert_int_equal(wr(0, 0x104, 1u << 8), 0);
	assert_int_equal(wr(0, 0x000, 2), 0);
	assert_int_equal(wr(0, 0x000, 3), 4);
	assert_int_equal(wr(0, 0x000, 2), 0);
	assert_int_equal(wr(0, 0x084, 1u << 8), 4);
}

static void active_set_and_clear(void **state)
{
	(void)state;
	set_up_40(1);
	assert_int_equal(wr(0, 0x304, 1u << 8), 0);
	assert_int_equal(rd(0, 0x304), 1u << 8);
	assert_int_equal(rd(3, 0x384), 1u << 8);
	/* active and pending: not to be taken before it is inactive */
	assert_int_equal(vgic_msi(&vgic, 40), 0);
	assert_int_equal(rd(0, 0x204), 1u << 8);
	assert_int_equal(wr(2, 0x384, 1u << 8), 1);
	assert_int_equal(rd(0, 0x304), 0);
	assert_int_equal(wr(2, 0x384, 0xffffffff), 0);
	wr(1, 0x300, 0x0000ffff);
	assert_int_equal(rd(1, 0x300), 0x0000ffff);
	wr(1, 0x380, 0x000000ff);
	assert_int_equal(rd(1, 0x300), 0x0000ff00);
}

static void sgi_filters(void **state)
{
	(void)state;
	assert_int_equal(wr(1, 0xf00, 0x00fd0003), 0xd);
	assert_int_equal(rd(0, 0xf20), 0x02000000);
	assert_int_equal(rd(1, 0xf20), 0);
	assert_int_equal(rd(2, 0xf10), 0x02000000);
	assert_int_equal(wr(1, 0xf00, 0x01000004), 0xd);
	assert_int_equal(rd(1, 0xf24), 0);
	assert_int_equal(rd(3, 0xf24), 0x02);
	assert_int_equal(wr(1, 0xf00, 0x02ff000f), 0x2);
	assert_int_equal(rd(1, 0xf2c), 0x02000000);
	assert_int_equal(wr(1, 0xf00, 0x03ff0005), 0);
	assert_int_equal(rd(1, 0xf24), 0);
	assert_int_equal(rd(3, 0x200), 0x18);
	/* NSATT means nothing here */
	assert_int_equal(wr(0, 0xf00, 0x02008009), 0x1);
}

static void sgi_sources_are_apart(void **state)
{
	(void)state;
	assert_int_equal(wr(0, 0xf00, 0x00040006), 4);
	assert_int_equal(wr(0, 0xf00, 0x00040006), 0);
	wr(3, 0xf00, 0x00040006);
	assert_int_equal(vgic_dist_read(&vgic, 2, 0xf26, 1), 0x9);
	assert_int_equal(wrb(2, 0xf16, 0x1), 0);
	assert_int_equal(vgic_dist_read(&vgic, 2, 0xf26, 1), 0x8);
	assert_int_equal(rd(2, 0x200), 0x40);
	wrb(2, 0xf16, 0x8);
	assert_int_equal(rd(2, 0x200), 0);
	/* CPUs that do not exist are no sources */
	assert_int_equal(wr(2, 0xf20, 0xf0300100), 4);
	assert_int_equal(rd(2, 0xf20), 0x00000100);
}

/* Every register written, interrupts in every state: then as before. */
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
	/* The wiring of SPIs and what is on their lines are not its own. */
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
