/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts on their way through the list registers, as a guest sees them at
 * its CPU interface (IHI 0048B).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/gicd.h"
#include "tests/unit/vgic_gicv.h"

#define EOIMODE (1u << 9)

static struct vgic vgic;
static struct gicv cpu[3];

static uint32_t wr(unsigned int vcpu, uint32_t off, uint32_t val)
{
	return vgic_dist_write(&vgic, vcpu, off, 4, val);
}

static void guest_wr(unsigned int vcpu, uint32_t off, uint32_t val)
{
	gicv_write(cpu, vcpu, off, 4, val);
}

static uint32_t guest_rd(unsigned int vcpu, uint32_t off)
{
	return gicv_read(cpu, vcpu, off);
}

static void kick(uint32_t vcpus)
{
	gicv_kick_all(cpu, vcpus);
}

static void line(unsigned int intid, bool level)
{
	kick(vgic_assert_spi(&vgic, intid, level));
}

/*
 * SPIs 32 to 63 are enabled, target CPU 0, priority 0x80; odd ones are
 * edge-triggered.
 */
static int start(void **state)
{
	uint32_t n;

	(void)state;
	vgic_init(&vgic, 3, 64, 4);
	for (n = 0; n < 3; n++) {
		gicv_init(&cpu[n], &vgic, n);
		wr(n, GICD_ISENABLER(0), 0xffffffff);
	}
	wr(0, GICD_CTLR, 1);
	wr(0, GICD_ICFGR(2), 0x88888888);
	wr(0, GICD_ICFGR(3), 0x88888888);
	for (n = 32; n < 64; n += 4) {
		wr(0, GICD_IPRIORITYR(n), 0x80808080);
		wr(0, GICD_ITARGETSR(n), 0x01010101);
	}
	wr(0, GICD_ISENABLER(1), 0xffffffff);
	kick(7);
	return 0;
}

static void prio(unsigned int intid, uint8_t val)
{
	vgic_dist_write(&vgic, 0, GICD_IPRIORITYR(intid), 1, val);
}

static void edge_once(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	assert_true(gicv_signals(&cpu[0]));
	assert_int_equal(guest_rd(0, GICD_ISPENDR(1)), 2);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	assert_int_equal(guest_rd(0, GICD_ISPENDR(1)), 0);
	assert_int_equal(guest_rd(1, GICD_ISACTIVER(1)), 2);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 0);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	/* all of that without a maintenance interrupt */
	assert_int_equal(cpu[0].exits, 0);
}

static void edge_while_pending_is_one(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	kick(vgic_msi(&vgic, 33));
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
}

static void edge_while_active_is_another(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	kick(vgic_msi(&vgic, 33));
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	assert_int_equal(guest_rd(0, GICD_ISPENDR(1)), 2);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 2);
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	assert_int_equal(cpu[0].exits, 0);
}

static void level_until_the_line_drops(void **state)
{
	(void)state;
	line(34, true);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
	assert_int_equal(guest_rd(0, GICD_ISPENDR(1)), 4);
	gicv_eoir(&cpu[0], 34);
	assert_int_equal(cpu[0].exits, 1);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
	line(34, false);
	gicv_kick(&cpu[0]);
	gicv_eoir(&cpu[0], 34);
	/* the line is down, so there is no need for an exit */
	assert_int_equal(cpu[0].exits, 1);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
}

static void line_up_again_while_active(void **state)
{
	(void)state;
	line(34, true);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
	line(34, false);
	gicv_kick(&cpu[0]);
	assert_int_equal(vgic_assert_spi(&vgic, 34, true), 1);
	gicv_kick(&cpu[0]);
	/* down and up unseen: the list register still asks for an exit */
	line(34, false);
	assert_int_equal(vgic_assert_spi(&vgic, 34, true), 0);
	gicv_eoir(&cpu[0], 34);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
}

/* Every end is reported once: by EOI or by register, for edges and levels. */
static void ends_are_told(void **state)
{
	(void)state;
	kick(vgic_set_resample(&vgic, 34, true));
	kick(vgic_set_resample(&vgic, 33, true));
	line(34, true);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
	line(34, false);
	gicv_kick(&cpu[0]);
	assert_int_equal(vgic_take_ended(&vgic), 0);
	gicv_eoir(&cpu[0], 34);
	assert_true(vgic_has_ended(&vgic));
	assert_int_equal(vgic_take_ended(&vgic), 34);
	assert_false(vgic_has_ended(&vgic));
	assert_int_equal(vgic_take_ended(&vgic), 0);

	kick(vgic_msi(&vgic, 33));
	line(34, true);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	guest_wr(0, GICD_ICACTIVER(1), 2); /* GICD_ICACTIVER */
	assert_int_equal(vgic_take_ended(&vgic), 33);
	line(34, false);
	gicv_kick(&cpu[0]);
	/* withdrawn before it was taken, so it has not ended */
	assert_int_equal(vgic_take_ended(&vgic), 0);
}

/* Reporting starts while the interrupt is active already, and stops again. */
static void ends_are_told_from_now_on(void **state)
{
	(void)state;
	line(34, true);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
	line(34, false);
	gicv_kick(&cpu[0]);
	kick(vgic_set_resample(&vgic, 34, true));
	gicv_eoir(&cpu[0], 34);
	kick(vgic_set_resample(&vgic, 34, false));
	assert_int_equal(vgic_take_ended(&vgic), 0);
	assert_false(vgic_has_ended(&vgic));
	line(34, true);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
	gicv_eoir(&cpu[0], 34);
	assert_int_equal(vgic_take_ended(&vgic), 0);
}

static void line_drop_while_pending(void **state)
{
	(void)state;
	line(34, true);
	line(34, false);
	gicv_kick(&cpu[0]);
	assert_false(gicv_signals(&cpu[0]));
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	/* what software has made pending stays */
	line(34, true);
	guest_wr(1, GICD_ISPENDR(1), 4);
	line(34, false);
	gicv_kick(&cpu[0]);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
	gicv_eoir(&cpu[0], 34);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
}

static void disabled_while_pending(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	guest_wr(1, GICD_ICENABLER(1), 2);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	assert_int_equal(guest_rd(0, GICD_ISPENDR(1)), 2);
	guest_wr(1, GICD_ISENABLER(1), 2);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	/*
	 * disabled while active: it can be deactivated, and comes again when
	 * enabled
	 */
	guest_wr(1, GICD_ICENABLER(1), 2);
	kick(vgic_msi(&vgic, 33));
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	guest_wr(1, GICD_ISENABLER(1), 2);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
}

static void distributor_off_while_pending(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	guest_wr(1, GICD_CTLR, 0);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	guest_wr(1, GICD_CTLR, 1);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
}

static void cleared_while_pending(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	guest_wr(1, GICD_ICPENDR(1), 2);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	line(34, true);
	guest_wr(1, GICD_ICPENDR(1), 4);
	assert_int_equal(gicv_iar(&cpu[0]), 34);
}

static void deactivated_by_register(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	kick(vgic_msi(&vgic, 33));
	guest_wr(1, GICD_ICACTIVER(1), 2);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 0);
	/* not above the running priority, before the priority drop */
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	gicv_eoir(&cpu[0], 1020);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
}

static void preemption(void **state)
{
	(void)state;
	prio(33, 0x80);
	prio(35, 0x40);
	prio(37, 0x60);
	kick(vgic_msi(&vgic, 33));
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	kick(vgic_msi(&vgic, 35));
	assert_int_equal(gicv_iar(&cpu[0]), 35);
	kick(vgic_msi(&vgic, 37));
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	gicv_eoir(&cpu[0], 35);
	assert_int_equal(gicv_iar(&cpu[0]), 37);
	gicv_eoir(&cpu[0], 37);
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 0);
}

static void new_priority_while_pending(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	kick(vgic_msi(&vgic, 35));
	guest_wr(0, GICD_IPRIORITYR(32), 0x80801080);
	guest_wr(0, GICD_IPRIORITYR(32), 0x08801080);
	assert_int_equal(gicv_iar(&cpu[0]), 35);
	gicv_eoir(&cpu[0], 35);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
}

static void eoimode_1(void **state)
{
	(void)state;
	cpu[0].vmcr |= EOIMODE;
	kick(vgic_msi(&vgic, 33));
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 2);
	kick(vgic_msi(&vgic, 33));
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	kick(vgic_msi(&vgic, 35));
	assert_int_equal(gicv_iar(&cpu[0]), 35);
	gicv_eoir(&cpu[0], 35);
	gicv_dir(&cpu[0], 33);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 8);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
}

/* More interrupts are dropped but active than there are list registers. */
static void eoimode_1_out_of_order(void **state)
{
	static const uint32_t order[] = { 41, 35, 45, 33, 43, 37, 39 };
	uint32_t n;

	(void)state;
	cpu[0].vmcr |= EOIMODE;
	for (n = 0; n < 7; n++) {
		kick(vgic_msi(&vgic, 33 + 2 * n));
		assert_int_equal(gicv_iar(&cpu[0]), 33 + 2 * n);
		gicv_eoir(&cpu[0], 33 + 2 * n);
	}
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 0x2aaa);
	for (n = 0; n < 7; n++) {
		gicv_dir(&cpu[0], order[n]);
		assert_int_equal(
			guest_rd(0, GICD_ISACTIVER(1)) >> (order[n] - 32) & 1,
			0);
		assert_int_equal(
			__builtin_popcount(guest_rd(0, GICD_ISACTIVER(1))),
			6 - n);
	}
}

/*
 * A guest needs no exit to set EOImode, and may do so when it has more active
 * interrupts than list registers already.
 */
static void eoimode_1_set_late(void **state)
{
	uint32_t n, left = 0xaaa;

	(void)state;
	for (n = 0; n < 6; n++) {
		prio(33 + 2 * n, (uint8_t)(0x80 - 8 * n));
		kick(vgic_msi(&vgic, 33 + 2 * n));
		assert_int_equal(gicv_iar(&cpu[0]), 33 + 2 * n);
	}
	cpu[0].vmcr |= EOIMODE;
	while (n-- > 0)
		gicv_eoir(&cpu[0], 33 + 2 * n);
	for (n = 0; n < 6; n++) {
		gicv_dir(&cpu[0], 33 + 2 * n);
		left &= left - 1;
		assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), left);
	}
}

static void sgi_carries_its_source(void **state)
{
	(void)state;
	guest_wr(1, GICD_SGIR, 0x00010005);
	guest_wr(2, GICD_SGIR, 0x00010005);
	assert_int_equal(guest_rd(0, GICD_SPENDSGIR(4)), 0x0600);
	assert_int_equal(gicv_iar(&cpu[0]), 1 << 10 | 5);
	assert_int_equal(guest_rd(0, GICD_SPENDSGIR(4)), 0x0400);
	gicv_eoir(&cpu[0], 1 << 10 | 5);
	assert_int_equal(gicv_iar(&cpu[0]), 2 << 10 | 5);
	gicv_eoir(&cpu[0], 2 << 10 | 5);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
}

static void sgi_again_while_active(void **state)
{
	(void)state;
	guest_wr(1, GICD_SGIR, 0x00010005);
	assert_int_equal(gicv_iar(&cpu[0]), 1 << 10 | 5);
	guest_wr(1, GICD_SGIR, 0x00010005);
	gicv_eoir(&cpu[0], 1 << 10 | 5);
	assert_int_equal(cpu[0].exits, 0);
	assert_int_equal(gicv_iar(&cpu[0]), 1 << 10 | 5);
	guest_wr(2, GICD_SGIR, 0x00010005);
	gicv_eoir(&cpu[0], 1 << 10 | 5);
	assert_int_equal(gicv_iar(&cpu[0]), 2 << 10 | 5);
}

static void sgi_to_self(void **state)
{
	(void)state;
	assert_int_equal(vgic_sgi_to_self(&vgic, 1, 5, 0), 0);
	assert_int_equal(vgic.cpu[1].lr[0], 0x10000405);
	assert_int_equal(vgic.cpu[1].lr_dirty, 1);
	gicv_enter(&cpu[1]);
	/* pending in a list register that is not known to be empty */
	assert_int_equal(vgic_sgi_to_self(&vgic, 1, 5, 0xe), -1);
	assert_int_equal(gicv_iar(&cpu[1]), 1 << 10 | 5);
	gicv_eoir(&cpu[1], 1 << 10 | 5);
	assert_int_equal(vgic_sgi_to_self(&vgic, 1, 5, 0xf), 0);
	gicv_enter(&cpu[1]);
	assert_int_equal(gicv_iar(&cpu[1]), 1 << 10 | 5);
	gicv_eoir(&cpu[1], 1 << 10 | 5);
	/* GICD_CTLR is off, so the distributor keeps it */
	guest_wr(0, GICD_CTLR, 0);
	assert_int_equal(vgic_sgi_to_self(&vgic, 1, 6, 0xf), -1);
	assert_int_equal(vgic.cpu[1].lr_used, 0);
}

static void sgi_cleared_per_source(void **state)
{
	(void)state;
	guest_wr(1, GICD_SGIR, 0x00010005);
	guest_wr(2, GICD_SGIR, 0x00010005);
	guest_wr(0, GICD_CPENDSGIR(4), 0x0200);
	assert_int_equal(gicv_iar(&cpu[0]), 2 << 10 | 5);
	gicv_eoir(&cpu[0], 2 << 10 | 5);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
}

static void more_pending_than_list_registers(void **state)
{
	uint32_t n;

	(void)state;
	for (n = 33; n < 64; n += 2) {
		prio(n, (uint8_t)((63 - n) * 4));
		vgic_msi(&vgic, n);
	}
	gicv_kick(&cpu[0]);
	for (n = 63; n > 32; n -= 2) {
		assert_true(gicv_signals(&cpu[0]));
		assert_int_equal(gicv_iar(&cpu[0]), n);
		gicv_eoir(&cpu[0], n);
	}
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	assert_true(cpu[0].exits <= 6);
	assert_int_equal(cpu[0].hcr, 1);
}

static void more_active_than_list_registers(void **state)
{
	uint32_t n;

	(void)state;
	for (n = 33; n < 64; n += 2) {
		prio(n, (uint8_t)((63 - n) * 8));
		kick(vgic_msi(&vgic, n));
		assert_int_equal(gicv_iar(&cpu[0]), n);
	}
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 0xaaaaaaaa);
	for (n = 63; n > 32; n -= 2) {
		gicv_eoir(&cpu[0], n);
		assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)),
				 0xaaaaaaaa & ((1u << (n - 32)) - 1));
	}
	assert_int_equal(cpu[0].hcr, 1);
}

/* The best four are in a group that the guest has turned off. */
static void a_closed_group_blocks_nobody(void **state)
{
	uint32_t n;

	(void)state;
	guest_wr(0, GICD_CTLR, 3);
	guest_wr(0, GICD_IGROUPR(1), 0x0000ffff);
	for (n = 33; n < 64; n += 2) {
		prio(n, (uint8_t)((n - 33) * 4));
		vgic_msi(&vgic, n);
	}
	gicv_kick(&cpu[0]);
	for (n = 49; n < 64; n += 2) {
		assert_int_equal(gicv_iar(&cpu[0]), n);
		gicv_eoir(&cpu[0], n);
	}
	assert_false(gicv_signals(&cpu[0]));
	gicv_set_vmcr(&cpu[0], cpu[0].vmcr | 2);
	assert_int_equal(gicv_iar(&cpu[0]), 1022);
	for (n = 33; n < 48; n += 2) {
		assert_int_equal(gicv_aiar(&cpu[0]), n);
		gicv_eoir(&cpu[0], n);
	}
	assert_false(gicv_signals(&cpu[0]));
}

static void new_target_while_pending(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	guest_wr(0, GICD_ITARGETSR(32), 0x01010201);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	assert_int_equal(gicv_iar(&cpu[1]), 33);
	/* the active one stays; the next one goes to the new target */
	guest_wr(0, GICD_ITARGETSR(32), 0x01010401);
	kick(vgic_msi(&vgic, 33));
	gicv_eoir(&cpu[1], 33);
	gicv_settle(cpu);
	assert_int_equal(gicv_iar(&cpu[1]), SPURIOUS);
	assert_int_equal(gicv_iar(&cpu[2]), 33);
}

/* 33 is in a list register of CPU 0, SGI 5 in one of CPU 1. */
static void who_has_to_be_synced(void **state)
{
	static const struct {
		uint32_t off;
		uint32_t read;
		uint32_t write;
	} of_cpu_1[] = {
		{ GICD_CTLR, 0, 3 },
		{ GICD_TYPER, 0, 0 },
		{ GICD_IGROUPR(1), 0, 0 },
		{ GICD_ISENABLER(1), 0, 0 },
		{ GICD_ICENABLER(1), 0, 1 },
		{ GICD_ISPENDR(1), 1, 0 },
		{ GICD_ICPENDR(1), 1, 1 },
		{ GICD_ISACTIVER(1), 1, 1 },
		{ GICD_ICACTIVER(1), 1, 1 },
		{ GICD_ISACTIVER(0), 2, 2 },
		{ GICD_IPRIORITYR(32), 0, 0 },
		{ GICD_ITARGETSR(32), 0, 1 },
		{ GICD_ITARGETSR(60), 0, 1 },
		{ GICD_ITARGETSR(64), 0, 0 },
		{ GICD_ICFGR(2), 0, 0 },
		{ GICD_SGIR, 0, 0 },
		{ GICD_CPENDSGIR(4), 2, 2 },
		{ GICD_SPENDSGIR(4), 2, 2 },
		{ 0xfe8, 0, 0 },
		{ GICD_IPRIORITYR(0), 0, 0 },
		{ GICD_ICACTIVER(2), 0, 0 },
	};
	size_t n;

	(void)state;
	kick(vgic_msi(&vgic, 33));
	guest_wr(1, GICD_SGIR, 0x00020005);
	for (n = 0; n < sizeof(of_cpu_1) / sizeof(of_cpu_1[0]); n++) {
		uint32_t off = of_cpu_1[n].off;

		assert_int_equal(vgic_dist_needs(&vgic, 1, off, false),
				 of_cpu_1[n].read);
		assert_int_equal(vgic_dist_needs(&vgic, 1, off, true),
				 of_cpu_1[n].write);
	}
	assert_int_equal(vgic_dir_needs(&vgic, 1, 33), 1);
	assert_int_equal(vgic_dir_needs(&vgic, 1, 34), 0);
	assert_int_equal(vgic_dir_needs(&vgic, 1, 1023), 0);
}

/* 1-N model: only one of the targets takes it. */
static void one_of_many_takes_it(void **state)
{
	(void)state;
	guest_wr(0, GICD_ITARGETSR(32), 0x01010701);
	assert_int_equal(vgic_msi(&vgic, 33), 7);
	kick(7);
	assert_true(gicv_signals(&cpu[0]));
	assert_false(gicv_signals(&cpu[1]));
	/* CPU 0 blocks with it in a list register */
	gicv_exit(&cpu[0]);
	assert_int_equal(vgic_release(&vgic, 0), 6);
	gicv_exit(&cpu[2]);
	assert_true(vgic_pending(&vgic, 2));
	gicv_enter(&cpu[2]);
	gicv_enter(&cpu[0]);
	assert_int_equal(gicv_iar(&cpu[2]), 33);
	assert_int_equal(gicv_iar(&cpu[0]), SPURIOUS);
	guest_wr(0, GICD_ITARGETSR(48), 0x01010301);
	assert_int_equal(vgic_msi(&vgic, 49), 3);
	gicv_kick(&cpu[0]);
	gicv_exit(&cpu[0]);
	assert_int_equal(vgic_release(&vgic, 0), 2);
	gicv_enter(&cpu[0]);
}

/* Each released interrupt may have other targets. */
static void all_are_released(void **state)
{
	(void)state;
	guest_wr(0, GICD_ITARGETSR(32), 0x05010301);
	assert_int_equal(vgic_msi(&vgic, 33), 3);
	assert_int_equal(vgic_msi(&vgic, 35), 5);
	gicv_kick(&cpu[0]);
	gicv_exit(&cpu[0]);
	assert_int_equal(vgic_release(&vgic, 0), 6);
	gicv_enter(&cpu[0]);
}

static void the_first_spi_is_released_too(void **state)
{
	(void)state;
	guest_wr(0, GICD_ITARGETSR(32), 0x01010103);
	assert_int_equal(vgic_assert_spi(&vgic, 32, true), 3);
	gicv_kick(&cpu[0]);
	gicv_exit(&cpu[0]);
	assert_int_equal(vgic_release(&vgic, 0), 2);
	gicv_enter(&cpu[0]);
}

/* By GICD_ISACTIVER, in two words; the guest's EOIs end both. */
static void made_active_here_and_there(void **state)
{
	(void)state;
	wr(0, GICD_ISACTIVER(1), 2);
	wr(0, GICD_ISACTIVER(0), 1 << 20);
	gicv_kick(&cpu[0]);
	cpu[0].apr = 3u << 16;
	gicv_eoir(&cpu[0], 33);
	gicv_eoir(&cpu[0], 20);
	gicv_kick(&cpu[0]);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(1)), 0);
	assert_int_equal(guest_rd(0, GICD_ISACTIVER(0)), 0);
}

static void reset_loses_nothing(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	kick(vgic_msi(&vgic, 35));
	guest_wr(1, GICD_SGIR, 0x00010005);
	gicv_exit(&cpu[0]);
	assert_int_equal(vgic_reset_cpu(&vgic, 0), 0);
	assert_int_equal(vgic.cpu[0].vmcr, 2u << 21 | 3u << 18);
	assert_false(vgic_pending(&vgic, 0));
	gicv_enter(&cpu[0]);
	assert_int_equal(gicv_iar(&cpu[0]), 1 << 10 | 5);
	gicv_eoir(&cpu[0], 1 << 10 | 5);
	assert_int_equal(gicv_iar(&cpu[0]), 33);
	gicv_eoir(&cpu[0], 33);
	assert_int_equal(gicv_iar(&cpu[0]), 35);
}

static void nothing_to_do_writes_nothing(void **state)
{
	(void)state;
	kick(vgic_msi(&vgic, 33));
	gicv_exit(&cpu[0]);
	assert_false(vgic_flush(&vgic, 0));
	assert_int_equal(vgic.cpu[0].lr_dirty, 0);
	gicv_enter(&cpu[0]);
	gicv_iar(&cpu[0]);
	gicv_eoir(&cpu[0], 33);
	gicv_exit(&cpu[0]);
	assert_int_equal(vgic.cpu[0].lr_used, 0);
	assert_false(vgic_flush(&vgic, 0));
	assert_int_equal(vgic.cpu[0].lr_dirty, 0);
}

/* An interrupt masked by CPSR ends WFI, one masked in GICV does not. */
static void pending_is_what_signals(void **state)
{
	(void)state;
	gicv_exit(&cpu[0]);
	assert_false(vgic_pending(&vgic, 0));
	vgic_msi(&vgic, 33);
	assert_true(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr = cpu[0].vmcr & ~(31u << 27);
	assert_false(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr |= 16u << 27;
	assert_false(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr |= 17u << 27;
	assert_true(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr &= ~1u;
	assert_false(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr |= 1u;
	vgic.cpu[0].apr = 1u << 16;
	assert_false(vgic_pending(&vgic, 0));
	vgic.cpu[0].apr = 1u << 17;
	assert_true(vgic_pending(&vgic, 0));
	/* GICV_ABPR splits group 1's priorities, or with CBPR GICV_BPR */
	wr(0, GICD_CTLR, 2);
	wr(0, GICD_IGROUPR(1), 2);
	vgic.cpu[0].vmcr |= 2u;
	prio(33, 0x80);
	assert_true(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr = (cpu[0].vmcr & ~(7u << 18)) | 5u << 18 | 2;
	prio(33, 0x70);
	vgic.cpu[0].apr = 1u << 12;
	assert_false(vgic_pending(&vgic, 0));
	vgic.cpu[0].apr = 1u << 15;
	assert_true(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr |= 1u << 4 | 6u << 21;
	assert_true(vgic_pending(&vgic, 0));
	vgic.cpu[0].apr = 1;
	assert_false(vgic_pending(&vgic, 0));
	/*
	 * 0x98 does not preempt 0x90, but with ABPR 6 its group priority is
	 * 0x80, which does
	 */
	vgic.cpu[0].vmcr = (cpu[0].vmcr & ~(7u << 18 | 7u << 21)) | 6u << 18 |
			   2u << 21 | 2;
	vgic.cpu[0].apr = 1u << 18;
	prio(33, 0x98);
	assert_true(vgic_pending(&vgic, 0));
	vgic.cpu[0].vmcr = cpu[0].vmcr;
	wr(0, GICD_IGROUPR(1), 0);
	wr(0, GICD_CTLR, 1);
	/* GICV_BPR 4: 0x80 and 0x88 have the same group priority */
	vgic.cpu[0].vmcr |= 4u << 21;
	vgic.cpu[0].apr = 1u << 16;
	prio(33, 0x70);
	assert_true(vgic_pending(&vgic, 0));
	wr(0, GICD_CTLR, 0);
	assert_false(vgic_pending(&vgic, 0));
}

#define t(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		t(edge_once),
		t(edge_while_pending_is_one),
		t(edge_while_active_is_another),
		t(level_until_the_line_drops),
		t(line_up_again_while_active),
		t(ends_are_told),
		t(ends_are_told_from_now_on),
		t(line_drop_while_pending),
		t(disabled_while_pending),
		t(distributor_off_while_pending),
		t(cleared_while_pending),
		t(deactivated_by_register),
		t(preemption),
		t(new_priority_while_pending),
		t(eoimode_1),
		t(eoimode_1_out_of_order),
		t(eoimode_1_set_late),
		t(sgi_carries_its_source),
		t(sgi_again_while_active),
		t(sgi_to_self),
		t(sgi_cleared_per_source),
		t(more_pending_than_list_registers),
		t(more_active_than_list_registers),
		t(a_closed_group_blocks_nobody),
		t(new_target_while_pending),
		t(who_has_to_be_synced),
		t(one_of_many_takes_it),
		t(all_are_released),
		t(the_first_spi_is_released_too),
		t(made_active_here_and_there),
		t(reset_loses_nothing),
		t(nothing_to_do_writes_nothing),
		t(pending_is_what_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
