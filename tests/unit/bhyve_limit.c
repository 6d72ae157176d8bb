/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest may have bhyve say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/limit.h"

static unsigned int let_through(struct limit *limit, uint64_t now,
				unsigned int tries, unsigned int *left_out)
{
	unsigned int n = 0, out;

	*left_out = 0;
	while (tries--)
		if (limit_lets(limit, now, &out)) {
			n++;
			*left_out += out;
		}
	return n;
}

static void bounded_in_a_period(void **state)
{
	struct limit limit = { 0 };
	unsigned int left_out;

	(void)state;
	assert_int_equal(let_through(&limit, 1000, 5000, &left_out),
			 LIMIT_LINES);
	assert_int_equal(left_out, 0);
	assert_int_equal(
		let_through(&limit, 1000 + LIMIT_PERIOD - 1, 1, &left_out), 0);
}

/* A guest that is quiet for a while is heard again, with what was not said. */
static void again_in_the_next(void **state)
{
	struct limit limit = { 0 };
	unsigned int left_out;

	(void)state;
	let_through(&limit, 1000, LIMIT_LINES + 7, &left_out);
	assert_int_equal(let_through(&limit, 1000 + LIMIT_PERIOD, 5000,
				     &left_out),
			 LIMIT_LINES);
	assert_int_equal(left_out, 7);
}

static unsigned int lines_of(int fd)
{
	unsigned int n = 0;
	char c;

	lseek(fd, 0, SEEK_SET);
	while (read(fd, &c, 1) == 1)
		n += c == '\n';
	return n;
}

/* On the real stderr: a flood of the guest's, and in it what is not. */
static void a_flood_on_stderr(void **state)
{
	char path[] = "/tmp/bhyve_limit.XXXXXX";
	int fd = mkstemp(path), saved = dup(STDERR_FILENO);

	(void)state;
	unlink(path);
	dup2(fd, STDERR_FILENO);
	for (unsigned int i = 0; i < 20000; i++)
		guest_println("the guest did it again");
	eprintln("something else");
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(lines_of(fd), LIMIT_LINES + 1);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounded_in_a_period),
		cmocka_unit_test(again_in_the_next),
		cmocka_unit_test(a_flood_on_stderr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
