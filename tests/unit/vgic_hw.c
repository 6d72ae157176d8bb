/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PPIs linked to a physical interrupt, and the layout of GICH_LR and GICH_VMCR
 * (IHI 0048B).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/gicd.h"
#include "tests/unit/vgic_gicv.h"

#define TIMER 27u
#define BIT27 (1u << TIMER)

static struct vgic vgic;
static struct gicv cpu;

static int start(void **state)
{
	(void)state;
	vgic_init(&vgic, 1, 64, 4);
	gicv_init(&cpu, &vgic, 0);
	gicv_write(&cpu, 0, GICD_ISENABLER(0), 4, BIT27);
	gicv_write(&cpu, 0, GICD_CTLR, 4, 1);
	return 0;
}

/* Injects as HYP does while the guest runs. */
static int inject(void)
{
	int i = vgic_inject_hw_ppi(&vgic, 0, TIMER);

	if (i >= 0) {
		assert_true(vgic.cpu[0].lr_dirty >> i & 1);
		cpu.lr[i] = vgic.cpu[0].lr[i];
		vgic.cpu[0].lr_dirty &= ~(1u << i);
	}
	return i;
}

static void the_guests_eoi_reaches_the_physical_gic(void **state)
{
	(void)state;
	assert_int_equal(inject(), 0);
	assert_int_equal(cpu.lr[0], 0x90006c1b);
	assert_true(vgic_hw_active(&vgic, 0, TIMER));
	assert_int_equal(gicv_read(&cpu, 0, GICD_ISPENDR(0)), BIT27);
	assert_int_equal(gicv_iar(&cpu), TIMER);
	assert_int_equal(gicv_read(&cpu, 0, GICD_ISPENDR(0)), 0);
	assert_int_equal(gicv_read(&cpu, 0, GICD_ISACTIVER(0)), BIT27);
	gicv_eoir(&cpu, TIMER);
	assert_int_equal(cpu.deactivated, BIT27);
	gicv_kick(&cpu);
	assert_false(vgic_hw_active(&vgic, 0, TIMER));
	assert_int_equal(vgic_take_deactivate(&vgic, 0), 0);
	assert_int_equal(gicv_read(&cpu, 0, GICD_ISACTIVER(0)), 0);
	assert_int_equal(cpu.exits, 0);
}

static void in_another_list_register(void **state)
{
	(void)state;
	gicv_write(&cpu, 0, GICD_ISENABLER(0), 4, 1);
	gicv_write(&cpu, 0, GICD_SGIR, 4, 2u << 24);
	gicv_kick(&cpu);
	assert_int_equal(inject(), 1);
	assert_int_equal(cpu.lr[1], 0x90006c1b);
}

static void comes_again_before_an_exit(void **state)
{
	(void)state;
	assert_int_equal(inject(), 0);
	assert_int_equal(gicv_iar(&cpu), TIMER);
	gicv_eoir(&cpu, TIMER);
	assert_int_equal(inject(), 0);
	assert_int_equal(gicv_iar(&cpu), TIMER);
	/* a physical interrupt that is still active cannot come again */
	gicv_kick(&cpu);
	gicv_write(&cpu, 0, GICD_ISPENDR(0), 4, BIT27);
	assert_int_equal(inject(), -1);
	assert_int_equal(vgic.cpu[0].hw, BIT27);
}

static void waits_until_enabled(void **state)
{
	(void)state;
	gicv_write(&cpu, 0, GICD_ICENABLER(0), 4, BIT27);
	assert_int_equal(inject(), -1);
	gicv_kick(&cpu);
	assert_false(gicv_signals(&cpu));
	assert_true(vgic_hw_active(&vgic, 0, TIMER));
	assert_int_equal(gicv_read(&cpu, 0, GICD_ISPENDR(0)), BIT27);
	gicv_write(&cpu, 0, GICD_ISENABLER(0), 4, BIT27);
	assert_int_equal(gicv_iar(&cpu), TIMER);
	gicv_eoir(&cpu, TIMER);
	assert_int_equal(cpu.deactivated, BIT27);
}

static void disabled_in_its_list_register(void **state)
{
	(void)state;
	inject();
	gicv_write(&cpu, 0, GICD_ICENABLER(0), 4, BIT27);
	assert_int_equal(gicv_iar(&cpu), SPURIOUS);
	assert_true(vgic_hw_active(&vgic, 0, TIMER));
	gicv_write(&cpu, 0, GICD_ISENABLER(0), 4, BIT27);
	assert_int_equal(gicv_iar(&cpu), TIMER);
	gicv_eoir(&cpu, TIMER);
	assert_int_equal(cpu.deactivated, BIT27);
}

static void cleared_by_register(void **state)
{
	(void)state;
	inject();
	gicv_write(&cpu, 0, GICD_ICPENDR(0), 4, BIT27);
	assert_false(gicv_signals(&cpu));
	assert_false(vgic_hw_active(&vgic, 0, TIMER));
	assert_int_equal(vgic_take_deactivate(&vgic, 0), BIT27);
	assert_int_equal(vgic_take_deactivate(&vgic, 0), 0);
	inject();
	assert_int_equal(gicv_iar(&cpu), TIMER);
	gicv_write(&cpu, 0, GICD_ICACTIVER(0), 4, BIT27);
	assert_false(vgic_hw_active(&vgic, 0, TIMER));
	assert_int_equal(vgic_take_deactivate(&vgic, 0), BIT27);
	assert_int_equal(cpu.deactivated, 0);
}

static void the_timer_takes_it_back(void **state)
{
	(void)state;
	inject();
	assert_int_equal(vgic_assert_ppi(&vgic, 0, TIMER, false), 0);
	gicv_kick(&cpu);
	assert_false(gicv_signals(&cpu));
	assert_int_equal(vgic_take_deactivate(&vgic, 0), BIT27);
	gicv_write(&cpu, 0, GICD_ICENABLER(0), 4, BIT27);
	inject();
	vgic_assert_ppi(&vgic, 0, TIMER, false);
	assert_int_equal(vgic_take_deactivate(&vgic, 0), BIT27);
	assert_false(vgic_hw_active(&vgic, 0, TIMER));
}

/*
 * A list register with HW = 1 cannot be active and pending, so software ends
 * the physical one.
 */
static void pending_by_software_while_active(void **state)
{
	(void)state;
	inject();
	assert_int_equal(gicv_iar(&cpu), TIMER);
	gicv_write(&cpu, 0, GICD_ISPENDR(0), 4, BIT27);
	assert_int_equal(cpu.lr[0] >> 31, 0);
	gicv_eoir(&cpu, TIMER);
	assert_int_equal(cpu.exits, 1);
	assert_int_equal(vgic_take_deactivate(&vgic, 0), BIT27);
	assert_int_equal(gicv_iar(&cpu), TIMER);
	gicv_eoir(&cpu, TIMER);
	assert_int_equal(vgic_take_deactivate(&vgic, 0), 0);
	assert_int_equal(cpu.deactivated, 0);
}

static void evicted_while_active(void **state)
{
	uint32_t n;

	(void)state;
	gicv_write(&cpu, 0, GICD_IPRIORITYR(24), 4, 0xf0000000);
	inject();
	assert_int_equal(gicv_iar(&cpu), TIMER);
	gicv_write(&cpu, 0, GICD_ISENABLER(1), 4, 0xf);
	gicv_write(&cpu, 0, GICD_ICFGR(2), 4, 0xaa);
	for (n = 32; n < 36; n++) {
		gicv_write(&cpu, 0, GICD_IPRIORITYR(n), 1, (36 - n) << 3);
		gicv_kick_all(&cpu, vgic_msi(&vgic, n));
		assert_int_equal(gicv_iar(&cpu), n);
	}
	assert_true(vgic_hw_active(&vgic, 0, TIMER));
	while (n-- > 32)
		gicv_eoir(&cpu, n);
	gicv_eoir(&cpu, TIMER);
	gicv_kick(&cpu);
	assert_false(vgic_hw_active(&vgic, 0, TIMER));
	/* by software or by the hardware, and only once */
	assert_int_equal(vgic_take_deactivate(&vgic, 0) + cpu.deactivated,
			 BIT27);
}

static void reset_lets_it_go(void **state)
{
	(void)state;
	inject();
	gicv_exit(&cpu);
	vgic_reset_cpu(&vgic, 0);
	assert_int_equal(vgic_take_deactivate(&vgic, 0), BIT27);
	assert_false(vgic_hw_active(&vgic, 0, TIMER));
}

/* For example the guest's CNTP, backed by the host's CNTHP. */
static void backed_by_one_of_another_number(void **state)
{
	(void)state;
	gicv_write(&cpu, 0, GICD_ISENABLER(0), 4, 1u << 30);
	vgic_link_ppi(&vgic, 30, 26);
	assert_int_equal(vgic_inject_hw_ppi(&vgic, 0, 30), 0);
	assert_int_equal(vgic.cpu[0].lr[0], 0x9000681e);
	cpu.lr[0] = vgic.cpu[0].lr[0];
	assert_int_equal(vgic_physical(&vgic, vgic.cpu[0].hw), 1u << 26);
	assert_int_equal(gicv_iar(&cpu), 30);
	/* placed again, as after an eviction, it has the same link */
	gicv_write(&cpu, 0, GICD_IPRIORITYR(30), 1, 0x80);
	gicv_kick(&cpu);
	assert_int_equal(vgic.cpu[0].lr[0], 0xa800681e);
	gicv_eoir(&cpu, 30);
	assert_int_equal(cpu.deactivated, 1u << 26);
	gicv_kick(&cpu);
	assert_int_equal(vgic.cpu[0].hw, 0);
}

#define t(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		t(the_guests_eoi_reaches_the_physical_gic),
		t(in_another_list_register),
		t(comes_again_before_an_exit),
		t(waits_until_enabled),
		t(disabled_in_its_list_register),
		t(cleared_by_register),
		t(the_timer_takes_it_back),
		t(pending_by_software_while_active),
		t(evicted_while_active),
		t(reset_lets_it_go),
		t(backed_by_one_of_another_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
