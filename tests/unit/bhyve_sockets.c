/* SPDX-License-Identifier: BSD-2-Clause */
/* Listeners of a bhyve that has no descriptor left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "bhyve/base/sockets.h"

static struct sockaddr_un addr = { .sun_family = AF_UNIX };

static int connected(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)),
			 0);
	return fd;
}

static bool is_ready(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

/* Uses up the descriptors; the limit that was. */
static struct rlimit leave_none(int highest)
{
	struct rlimit old, none;

	getrlimit(RLIMIT_NOFILE, &old);
	none = old;
	none.rlim_cur = highest + 8;
	setrlimit(RLIMIT_NOFILE, &none);
	while (dup(STDERR_FILENO) >= 0)
		;
	return old;
}

static void turns_away(void **state)
{
	int listener, client, second;
	struct rlimit old;
	char byte;

	(void)state;
	listener = unix_listen(addr.sun_path);
	assert_true(listener >= 0);
	client = connected();
	second = connected();
	old = leave_none(second);
	assert_int_equal(accept_client(listener), -1);
	assert_int_equal(read(client, &byte, 1), 0);
	assert_int_equal(accept_client(listener), -1);
	assert_int_equal(read(second, &byte, 1), 0);
	assert_false(is_ready(listener));
	setrlimit(RLIMIT_NOFILE, &old);
	client = connected();
	assert_true(accept_client(listener) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns_away),
	};

	snprintf(addr.sun_path, sizeof(addr.sun_path), "/tmp/bhyve_sockets.%d",
		 (int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
