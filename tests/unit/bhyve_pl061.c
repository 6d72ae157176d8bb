/* SPDX-License-Identifier: BSD-2-Clause */
/* The GPIO and its power button, checked against DDI 0190. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "bhyve/dev/gpio_pl061.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/device.h"
#include "tests/unit/bhyve_fake.h"
#include "tests/unit/saved.h"

#define BASE	   0x09030000
#define DATA(mask) (BASE + ((mask) << 2))
#define DIR	   (BASE + 0x400)
#define IS	   (BASE + 0x404)
#define IBE	   (BASE + 0x408)
#define IEV	   (BASE + 0x40c)
#define IE	   (BASE + 0x410)
#define RIS	   (BASE + 0x414)
#define MIS	   (BASE + 0x418)
#define IC	   (BASE + 0x41c)

#define BUTTON	   (1u << PL061_POWER_LINE)
#define GPIO_INTID 39 /* SPI 7 */

static int setup(void **state)
{
	(void)state;
	fake_reset();
	init_devices();
	assert_int_equal(pl061_init(NULL, &virt_machine), 0);
	return 0;
}

/* Address bits 9:2 mask both reads and writes. */
static void masked_data(void **state)
{
	(void)state;
	bus_write(DIR, 0xf0, 4);
	bus_write(DATA(0xff), 0xff, 4);
	assert_int_equal(bus_read(DATA(0xff), 4), 0xf0);
	bus_write(DATA(0x30), 0x00, 4);
	assert_int_equal(bus_read(DATA(0xff), 4), 0xc0);
	assert_int_equal(bus_read(DATA(0x40), 4), 0x40);
	assert_int_equal(bus_read(DATA(0x00), 4), 0x00);
}

static void button_rising_edge(void **state)
{
	(void)state;
	bus_write(IEV, BUTTON, 4);
	bus_write(IE, BUTTON | 1, 4);
	/* Enabled alone is not raised, and raised alone is not shown. */
	assert_int_equal(bus_read(MIS, 4), 0);
	assert_true(pl061_press_power_button());
	assert_true(fake_irq[GPIO_INTID]);
	assert_int_equal(bus_read(MIS, 4), BUTTON);
	bus_write(IE, 0, 4);
	assert_int_equal(bus_read(MIS, 4), 0);
	bus_write(IE, BUTTON, 4);
	assert_int_equal(bus_read(DATA(0xff), 4), BUTTON);
	bus_write(IC, BUTTON, 4);
	assert_false(fake_irq[GPIO_INTID]);
	fake_timer_fire();
	assert_int_equal(bus_read(DATA(0xff), 4), 0);
	assert_false(fake_irq[GPIO_INTID]);
}

/* gpio-keys uses both edges: press and release. */
static void button_both_edges(void **state)
{
	(void)state;
	bus_write(IBE, BUTTON, 4);
	bus_write(IE, BUTTON, 4);
	pl061_press_power_button();
	bus_write(IC, 0xff, 4);
	fake_timer_fire();
	assert_int_equal(bus_read(RIS, 4), BUTTON);
	assert_true(fake_irq[GPIO_INTID]);
}

/* A level cannot be cleared; it ends with the pin. */
static void button_level(void **state)
{
	(void)state;
	bus_write(IEV, 0xff, 4);
	bus_write(IS, BUTTON, 4);
	bus_write(IE, BUTTON, 4);
	pl061_press_power_button();
	bus_write(IC, 0xff, 4);
	assert_true(fake_irq[GPIO_INTID]);
	fake_timer_fire();
	assert_false(fake_irq[GPIO_INTID]);
}

static void nobody_listens(void **state)
{
	(void)state;
	assert_false(pl061_press_power_button());
	assert_false(fake_irq[GPIO_INTID]);
	assert_true(pl061_press_is_owed());
}

/*
 * The press is repeated, once, when a guest that was booting unmasks the
 * interrupt.
 */
static void listens_later(void **state)
{
	(void)state;
	assert_false(pl061_press_power_button());
	fake_timer_fire();
	assert_int_equal(bus_read(DATA(0xff), 4), 0);
	bus_write(IEV, BUTTON, 4);
	bus_write(IC, BUTTON, 4);
	bus_write(IE, BUTTON, 4);
	assert_false(fake_irq[GPIO_INTID]);
	fake_timer_fire();
	assert_true(fake_irq[GPIO_INTID]);
	assert_true(pl061_press_is_owed());
	assert_int_equal(bus_read(MIS, 4), BUTTON);
	assert_false(pl061_press_is_owed());
	bus_write(IC, BUTTON, 4);
	fake_timer_fire();
	assert_int_equal(fake_timer_ns, 0);
	assert_false(fake_irq[GPIO_INTID]);
	assert_int_equal(bus_read(DATA(0xff), 4), 0);
}

static void identification(void **state)
{
	(void)state;
	assert_int_equal(bus_read(BASE + 0xfe0, 4), 0x61);
	assert_int_equal(bus_read(BASE + 0xfe4, 4), 0x10);
	assert_int_equal(bus_read(BASE + 0xffc, 4), 0xb1);
}

static void reset(void **state)
{
	(void)state;
	for (uint64_t reg = DIR; reg <= BASE + 0x420; reg += 4)
		bus_write(reg, 0xff, 4);
	bus_write(DATA(0xff), 0xff, 4);
	bus_write(DIR, 0, 4);
	pl061_press_power_button();
	assert_true(fake_irq[GPIO_INTID]);
	reset_devices();
	assert_false(fake_irq[GPIO_INTID]);
	assert_int_equal(fake_timer_ns, 0);
	for (uint64_t reg = DIR; reg <= BASE + 0x420; reg += 4)
		assert_int_equal(bus_read(reg, 4), 0);
	bus_write(DIR, 0xff, 4);
	assert_int_equal(bus_read(DATA(0xff), 4), 0);
}

static void moves(void **state)
{
	bus_write(IEV, BUTTON, 4);
	bus_write(IE, BUTTON, 4);
	bus_write(DIR, 0xf0, 4);
	bus_write(DATA(0xff), 0x50, 4);
	assert_true(pl061_press_power_button());
	save_all();
	setup(state);
	load_all();
	assert_true(fake_irq[GPIO_INTID]);
	assert_true(pl061_press_is_owed());
	assert_int_equal(bus_read(DATA(0xff), 4), 0x50 | BUTTON);
	/* The button is released after the move. */
	fake_timer_fire();
	assert_int_equal(bus_read(DATA(0xff), 4), 0x50);
	load_damaged(setup);
	forget_saved();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(moves, setup),
		cmocka_unit_test_setup(masked_data, setup),
		cmocka_unit_test_setup(button_rising_edge, setup),
		cmocka_unit_test_setup(button_both_edges, setup),
		cmocka_unit_test_setup(button_level, setup),
		cmocka_unit_test_setup(nobody_listens, setup),
		cmocka_unit_test_setup(listens_later, setup),
		cmocka_unit_test_setup(identification, setup),
		cmocka_unit_test_setup(reset, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
