/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine with the configuration's changes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "bhyve/config/config.h"
#include "bhyve/machine/machine.h"

#define MIB UINT64_C(0x100000)

static int setup(void **state)
{
	(void)state;
	init_config();
	return 0;
}

static uint64_t ram_base(uint64_t size, bool flash)
{
	return machine_configured(size, flash)->map[MACHINE_RAM].base;
}

static void as_it_is(void **state)
{
	(void)state;
	assert_int_equal(ram_base(2048 * MIB, true), 0x40000000);
}

static void ram_elsewhere(void **state)
{
	(void)state;
	assert_int_equal(set_config_value("machine.ram.base", "0x80000000"), 0);
	assert_int_equal(ram_base(2048 * MIB, true), 0x80000000);
	assert_int_equal(set_config_value("machine.ram.base", "0"), 0);
	assert_int_equal(ram_base(128 * MIB, false), 0);
	assert_int_equal(virt_machine.map[MACHINE_RAM].base, 0x40000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(as_it_is, setup),
		cmocka_unit_test_setup(ram_elsewhere, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
