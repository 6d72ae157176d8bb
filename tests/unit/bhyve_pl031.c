/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock, checked against DDI 0224. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <time.h>
#include <cmocka.h>
#include "bhyve/machine/machine.h"
#include "bhyve/machine/device.h"
#include "bhyve/dev/rtc_pl031.h"
#include "tests/unit/bhyve_fake.h"
#include "tests/unit/saved.h"

#define BASE 0x09010000
#define DR   (BASE + 0x00)
#define MR   (BASE + 0x04)
#define LR   (BASE + 0x08)
#define CR   (BASE + 0x0c)
#define IMSC (BASE + 0x10)
#define RIS  (BASE + 0x14)
#define MIS  (BASE + 0x18)
#define ICR  (BASE + 0x1c)

#define RTC_INTID 34 /* SPI 2 */
#define SEC	  UINT64_C(1000000000)

static int setup(void **state)
{
	(void)state;
	fake_reset();
	init_devices();
	assert_int_equal(pl031_init(NULL, &virt_machine), 0);
	return 0;
}

/* Not time(), whose clock stands still between two ticks of the kernel. */
static uint32_t host_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint32_t)now.tv_sec;
}

static void starts_at_host_time(void **state)
{
	uint32_t before = host_seconds(), now = bus_read(DR, 4);

	(void)state;
	assert_in_range(now, before, host_seconds());
	assert_int_equal(bus_read(CR, 4), 1);
}

/* The same revision as QEMU's, which at least one small system checks. */
static void is_revision_1(void **state)
{
	(void)state;
	assert_int_equal(bus_read(BASE + 0xfe8, 4), 0x14);
}

static void can_be_set(void **state)
{
	(void)state;
	bus_write(LR, 1000000, 4);
	assert_int_equal(bus_read(LR, 4), 1000000);
	assert_in_range(bus_read(DR, 4), 1000000, 1000001);
}

static void alarm_comes(void **state)
{
	(void)state;
	bus_write(LR, 5000, 4);
	bus_write(ICR, 1, 4);
	bus_write(IMSC, 1, 4);
	bus_write(MR, 5010, 4);
	assert_in_range(fake_timer_ns, 8 * SEC, 10 * SEC);
	assert_false(fake_irq[RTC_INTID]);
	bus_write(LR, 5010, 4);
	assert_true(fake_irq[RTC_INTID]);
	assert_int_equal(bus_read(MIS, 4), 1);
	bus_write(ICR, 1, 4);
	assert_false(fake_irq[RTC_INTID]);
}

/*
 * If the timer fires early, because the host's clock was set, it is set again.
 */
static void early_timer(void **state)
{
	(void)state;
	bus_write(LR, 7000, 4);
	bus_write(MR, 7100, 4);
	fake_timer_fire();
	assert_int_equal(bus_read(RIS, 4), 0);
	assert_in_range(fake_timer_ns, 97 * SEC, 100 * SEC);
}

static void masked_alarm(void **state)
{
	(void)state;
	bus_write(MR, bus_read(DR, 4), 4);
	bus_write(LR, bus_read(MR, 4), 4);
	assert_int_equal(bus_read(RIS, 4), 1);
	assert_int_equal(bus_read(MIS, 4), 0);
	assert_false(fake_irq[RTC_INTID]);
}

static void reset(void **state)
{
	(void)state;
	bus_write(LR, 12345, 4);
	bus_write(IMSC, 1, 4);
	bus_write(MR, 12345, 4);
	assert_true(fake_irq[RTC_INTID]);
	bus_write(MR, 12445, 4);
	reset_devices();
	assert_false(fake_irq[RTC_INTID]);
	assert_int_equal(fake_timer_ns, 0);
	starts_at_host_time(NULL);
	assert_int_equal(bus_read(MR, 4), 0);
	assert_int_equal(bus_read(LR, 4), 0);
	assert_int_equal(bus_read(IMSC, 4), 0);
	assert_int_equal(bus_read(RIS, 4), 0);
}

/* The alarm comes on another machine, or has passed while there was none. */
static void moves(void **state)
{
	bus_write(LR, 5000, 4);
	bus_write(ICR, 1, 4);
	bus_write(IMSC, 1, 4);
	bus_write(MR, 5010, 4);
	save_all();
	setup(state);
	load_all();
	assert_in_range(fake_timer_ns, 8 * SEC, 10 * SEC);
	assert_false(fake_irq[RTC_INTID]);
	assert_in_range(bus_read(DR, 4), 5000, 5001);
	/* The first field is the distance to the host's clock: a minute passes. */
	*(uint32_t *)(void *)saved[0].data += 60;
	setup(state);
	load_all();
	assert_true(fake_irq[RTC_INTID]);
	assert_int_equal(bus_read(MIS, 4), 1);
	load_damaged(setup);
	forget_saved();
}

/* One that has come, or was never set, does not come again. */
static void no_alarm_moves(void **state)
{
	save_all();
	setup(state);
	load_all();
	assert_false(fake_irq[RTC_INTID]);
	assert_int_equal(bus_read(RIS, 4), 0);
	forget_saved();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(moves, setup),
		cmocka_unit_test_setup(no_alarm_moves, setup),
		cmocka_unit_test_setup(starts_at_host_time, setup),
		cmocka_unit_test_setup(is_revision_1, setup),
		cmocka_unit_test_setup(can_be_set, setup),
		cmocka_unit_test_setup(alarm_comes, setup),
		cmocka_unit_test_setup(early_timer, setup),
		cmocka_unit_test_setup(masked_alarm, setup),
		cmocka_unit_test_setup(reset, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
