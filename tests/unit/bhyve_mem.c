/* SPDX-License-Identifier: BSD-2-Clause */
/* The bus. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/machine/mem.h"

static uint64_t last_addr, last_val;
static int last_size, calls;

static int handler(struct vcpu *vcpu, int dir, uint64_t addr, int size,
		   uint64_t *val, void *arg1, long arg2)
{
	(void)vcpu, (void)arg1;
	calls++;
	last_addr = addr;
	last_size = size;
	if (dir == MEM_F_READ)
		*val = arg2;
	else
		last_val = *val;
	return 0;
}

static int add(uint64_t base, uint64_t size, int flags, long id)
{
	const struct mem_range mr = {
		.name = "test",
		.flags = flags,
		.handler = handler,
		.arg2 = id,
		.base = base,
		.size = size,
	};

	return register_mem(&mr);
}

static int setup(void **state)
{
	(void)state;
	init_mem();
	calls = 0;
	return 0;
}

static void dispatch(void **state)
{
	uint64_t val = 0;

	(void)state;
	/* Added out of order; two are adjacent. */
	assert_int_equal(add(0x3000, 0x1000, MEM_F_RW, 3), 0);
	assert_int_equal(add(0x1000, 0x1000, MEM_F_RW, 1), 0);
	assert_int_equal(add(0x2000, 0x1000, MEM_F_RW, 2), 0);
	assert_int_equal(read_mem(NULL, 0x1000, &val, 4), 0);
	assert_int_equal(val, 1);
	assert_int_equal(read_mem(NULL, 0x1ffc, &val, 4), 0);
	assert_int_equal(val, 1);
	assert_int_equal(read_mem(NULL, 0x2000, &val, 1), 0);
	assert_int_equal(val, 2);
	assert_int_equal(write_mem(NULL, 0x3ff8, 77, 8), 0);
	assert_int_equal(last_addr, 0x3ff8);
	assert_int_equal(last_size, 8);
	assert_int_equal(last_val, 77);
}

static void overlaps_are_refused(void **state)
{
	(void)state;
	assert_int_equal(add(0x1000, 0x1000, MEM_F_RW, 1), 0);
	assert_int_equal(add(0x1fff, 1, MEM_F_RW, 2), -EEXIST);
	assert_int_equal(add(0x0, 0x1001, MEM_F_RW, 2), -EEXIST);
	assert_int_equal(add(0x0, 0x4000, MEM_F_RW, 2), -EEXIST);
	assert_int_equal(add(0x2000, 1, MEM_F_RW, 2), 0);
	assert_int_equal(add(0xfff, 1, MEM_F_RW, 2), 0);
	assert_int_equal(add(0x5000, 0, MEM_F_RW, 2), -EINVAL);
	assert_int_equal(add(UINT64_MAX, 2, MEM_F_RW, 2), -EINVAL);
	assert_int_equal(add(UINT64_MAX, 1, MEM_F_RW, 2), 0);
}

static void unclaimed(void **state)
{
	uint64_t val;

	(void)state;
	assert_int_equal(add(0x1000, 0x10, MEM_F_READ, 1), 0);
	assert_int_equal(read_mem(NULL, 0x0fff, &val, 1), -ESRCH);
	assert_int_equal(read_mem(NULL, 0x1010, &val, 1), -ESRCH);
	/* Half of the access is outside. */
	assert_int_equal(read_mem(NULL, 0x100e, &val, 4), -ESRCH);
	assert_int_equal(write_mem(NULL, 0x1000, 0, 4), -ESRCH);
	assert_int_equal(mem_unclaimed_count(), 4);
	assert_int_equal(calls, 0);
}

/* The number of lines on stderr after @n reads of unclaimed pages. */
static int log_lines(int n, uint64_t stride)
{
	int saved = dup(STDERR_FILENO), lines = 0;
	FILE *tmp = tmpfile();
	uint64_t val;
	char c;

	dup2(fileno(tmp), STDERR_FILENO);
	for (int i = 0; i < n; i++)
		read_mem(NULL, 0x100000 + i * stride, &val, 4);
	dup2(saved, STDERR_FILENO);
	close(saved);
	for (off_t at = 0; pread(fileno(tmp), &c, 1, at) == 1; at++)
		lines += c == '\n';
	fclose(tmp);
	return lines;
}

static void logged_once_a_page(void **state)
{
	(void)state;
	assert_int_equal(log_lines(50, 4), 1);
	assert_int_equal(log_lines(3, 0x1000), 2);
	/* A guest that probes all addresses does not flood the log. */
	assert_true(log_lines(10000, 0x1000) < 100);
}

static void unregister(void **state)
{
	const struct mem_range mr = { .base = 0x1000, .size = 0x1000 };
	uint64_t val;

	(void)state;
	assert_int_equal(add(0x1000, 0x1000, MEM_F_RW, 1), 0);
	assert_int_equal(unregister_mem(&mr), 0);
	assert_int_equal(unregister_mem(&mr), -ENOENT);
	assert_int_equal(read_mem(NULL, 0x1000, &val, 4), -ESRCH);
	assert_int_equal(add(0x1000, 0x1000, MEM_F_RW, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(dispatch, setup),
		cmocka_unit_test_setup(overlaps_are_refused, setup),
		cmocka_unit_test_setup(unclaimed, setup),
		cmocka_unit_test_setup(logged_once_a_page, setup),
		cmocka_unit_test_setup(unregister, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
