/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress is shown on a terminal, and nowhere else. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/base/progress.h"

/* Standard error, saved while the test runs. */
static int saved = -1;

static void redirect(int fd)
{
	saved = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
}

static void restore(void)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
}

static void run(unsigned int wait_us)
{
	struct progress p;

	progress_begin(&p, "reading x", 200);
	progress_at(&p, 10);
	usleep(wait_us);
	progress_at(&p, 100);
	progress_at(&p, 101);
	progress_end(&p);
}

/* A terminal passes on what was written to it with some delay. */
static bool shows(int fd, const char *want)
{
	char buf[256] = "";
	size_t len = 0;

	for (int tries = 0; tries < 1000 && !strstr(buf, want); tries++) {
		ssize_t n = read(fd, buf + len, sizeof(buf) - 1 - len);

		if (n > 0)
			len += n;
		else
			usleep(10000);
	}
	return strstr(buf, want);
}

static int open_terminal(int *slave)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);

	assert_true(master >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	*slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	return master;
}

static void on_a_terminal(void **state)
{
	int slave, master = open_terminal(&slave);

	(void)state;
	redirect(slave);
	run(600000);
	restore();
	assert_true(shows(master, "\r\033[Kreading x: 50%\r\033[K"));
	close(master);
	close(slave);
}

static void without_a_terminal(void **state)
{
	int fds[2];
	char c;

	(void)state;
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	redirect(fds[1]);
	run(600000);
	restore();
	assert_int_equal(read(fds[0], &c, 1), -1);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_a_terminal),
		cmocka_unit_test(without_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
