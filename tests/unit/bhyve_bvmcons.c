/* SPDX-License-Identifier: BSD-2-Clause */
/* bvmcons as FreeBSD's driver uses it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/dev/bvmcons.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/stop.h"
#include "tests/unit/bhyve_fake.h"

#define BVMCONS 0x1c090000

static int setup(void **state)
{
	(void)state;
	fake_reset();
	assert_int_equal(bvmcons_init(&virt_machine, NULL), 0);
	return 0;
}

static void signature(void **state)
{
	(void)state;
	assert_int_equal(bus_read(BVMCONS, 2), 0x6276);
}

static void output(void **state)
{
	(void)state;
	bus_write(BVMCONS, 'h', 4);
	bus_write(BVMCONS, 'i', 4);
	assert_string_equal(fake_shown, "hi");
}

/* bhyvectl pauses, resets or ends the VM meanwhile; else the store waits on. */
static void does_not_wait_for_ever(void **state)
{
	(void)state;
	fake_room = 0;
	vcpus_tell_to_stop(true);
	alarm(600);
	bus_write(BVMCONS, 'h', 4);
	alarm(0);
	vcpus_tell_to_stop(false);
	assert_string_equal(fake_shown, "");
}

static void input(void **state)
{
	(void)state;
	assert_int_equal(bus_read(BVMCONS, 4), 0xffffffff);
	strcpy(fake_typed, "y\xff");
	assert_int_equal(bus_read(BVMCONS, 4), 'y');
	assert_int_equal(bus_read(BVMCONS, 4), 0xff);
	assert_int_equal(bus_read(BVMCONS, 4), 0xffffffff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(signature, setup),
		cmocka_unit_test_setup(output, setup),
		cmocka_unit_test_setup(does_not_wait_for_ever, setup),
		cmocka_unit_test_setup(input, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
