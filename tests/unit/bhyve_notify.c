// SPDX-License-Identifier: BSD-2-Clause
/* Whom bhyve tells that the VM is there: sd_notify(3). */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/base/notify.h"

/* A manager's socket of that name; '@' begins an abstract one. */
static int manager(const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	strcpy(addr.sun_path, name);
	if (name[0] == '@')
		addr.sun_path[0] = '\0';
	assert_int_equal(
		bind(fd, (struct sockaddr *)&addr,
		     offsetof(struct sockaddr_un, sun_path) + strlen(name)),
		0);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static void is_told(int fd)
{
	char said[32] = "";

	assert_int_equal(recv(fd, said, sizeof(said), MSG_DONTWAIT), 7);
	assert_string_equal(said, "READY=1");
	assert_int_equal(recv(fd, said, sizeof(said), MSG_DONTWAIT), -1);
	close(fd);
}

static void tells_a_socket_of_the_file_system(void **state)
{
	char dir[] = "/tmp/bhyve_notify.XXXXXX";
	char path[64];
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	fd = manager(path);
	notify_ready();
	is_told(fd);
	unlink(path);
	rmdir(dir);
}

static void tells_an_abstract_socket(void **state)
{
	char name[64];
	int fd;

	(void)state;
	snprintf(name, sizeof(name), "@bhyve_notify/%d", (int)getpid());
	fd = manager(name);
	notify_ready();
	is_told(fd);
}

static void goes_on_where_nobody_listens(void **state)
{
	char name[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 2];

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	notify_ready();
	setenv("NOTIFY_SOCKET", "", 1);
	notify_ready();
	setenv("NOTIFY_SOCKET", "/nowhere/socket", 1);
	notify_ready();
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	setenv("NOTIFY_SOCKET", name, 1);
	notify_ready();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_a_socket_of_the_file_system),
		cmocka_unit_test(tells_an_abstract_socket),
		cmocka_unit_test(goes_on_where_nobody_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
