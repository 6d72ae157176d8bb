/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's terminal is what it was before, however bhyve ended. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/debug.h"
#include "bhyve/tty.h"

static int master;
static struct termios before;

/* A terminal of our own, whose settings are seen at its master. */
static int setup(void **state)
{
	(void)state;
	master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	assert_int_equal(tcgetattr(master, &before), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return close(master);
}

static bool is_raw(void)
{
	struct termios now;

	tcgetattr(master, &now);
	return !(now.c_lflag & (ICANON | ECHO | ISIG));
}

static bool is_as_before(void)
{
	struct termios now;

	tcgetattr(master, &now);
	return now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag &&
	       now.c_oflag == before.c_oflag;
}

static bool soon(bool (*condition)(void))
{
	for (int i = 0; i < 2500 && !condition(); i++)
		usleep(10000);
	return condition();
}

/* A process with the terminal for its stdin, in its foreground or not. */
static pid_t start(bool foreground, void (*body)(void))
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	dup2(open(ptsname(master), O_RDWR), STDIN_FILENO);
	if (!foreground && fork() == 0) {
		/* Its group never becomes the terminal's. */
		setpgid(0, 0);
		body();
		_exit(0);
	}
	if (foreground)
		body();
	wait(NULL);
	_exit(0);
}

static void raw_forever(void)
{
	tty_init();
	tty_set_raw();
	pause();
}

static void raw_then_exit(void)
{
	tty_init();
	tty_set_raw();
	usleep(200000);
	tty_restore();
	_exit(raw_stdio);
}

static void background(void)
{
	tty_init();
	tty_set_raw();
	_exit(tty_foreground() || raw_stdio);
}

static void killed(void **state)
{
	pid_t pid = start(true, raw_forever);

	(void)state;
	assert_true(soon(is_raw));
	kill(pid, SIGKILL);
	assert_true(soon(is_as_before));
	waitpid(pid, NULL, 0);
}

static void exited(void **state)
{
	pid_t pid = start(true, raw_then_exit);
	int status;

	(void)state;
	assert_true(soon(is_raw));
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_true(is_as_before());
}

static void background_leaves_it_alone(void **state)
{
	int status;

	(void)state;
	waitpid(start(false, background), &status, 0);
	assert_int_equal(status, 0);
	assert_true(is_as_before());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed, setup, teardown),
		cmocka_unit_test_setup_teardown(exited, setup, teardown),
		cmocka_unit_test_setup_teardown(background_leaves_it_alone,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
