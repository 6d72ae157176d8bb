/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's terminal is restored, however bhyve ends. */
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
#include "bhyve/base/debug.h"
#include "bhyve/base/tty.h"

static int master;
static int go[2]; /* a byte lets the waiting process go on */
static struct termios before;

/* A pseudo-terminal, whose settings the test reads at its master. */
static int setup(void **state)
{
	(void)state;
	master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	assert_int_equal(tcgetattr(master, &before), 0);
	return pipe(go);
}

static int teardown(void **state)
{
	(void)state;
	close(go[0]);
	close(go[1]);
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
	for (int i = 0; i < 6000 && !condition(); i++)
		usleep(10000);
	return condition();
}

/*
 * Starts a session whose one job has the terminal as stdin, in its foreground
 * or not. The job is not the session's leader, because the terminal is hung up
 * when that ends.
 */
static pid_t start(bool foreground, void (*body)(void))
{
	pid_t pid = fork(), job;
	int status;

	if (pid)
		return pid;
	setsid();
	dup2(open(ptsname(master), O_RDWR), STDIN_FILENO);
	signal(SIGTTOU, SIG_IGN);
	job = fork();
	if (!job) {
		setpgid(0, 0);
		if (foreground)
			tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		body();
		_exit(0);
	}
	waitpid(job, &status, 0);
	/* Waits until the test has looked. */
	if (read(go[0], (char[1]){ 0 }, 1) != 1)
		_exit(1);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
}

/* Ends the session; returns the status of its job. */
static int end(pid_t pid)
{
	int status;

	assert_int_equal(write(go[1], "", 1), 1);
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void raw_forever(void)
{
	tty_init();
	tty_set_raw();
	pause();
}

static void raw_then_exit(void)
{
	char byte;

	tty_init();
	tty_set_raw();
	if (read(go[0], &byte, 1) != 1)
		_exit(1);
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
	kill(tcgetpgrp(master), SIGKILL);
	assert_true(soon(is_as_before));
	assert_int_equal(end(pid), 2);
}

static void exited(void **state)
{
	pid_t pid = start(true, raw_then_exit);

	(void)state;
	assert_true(soon(is_raw));
	assert_int_equal(write(go[1], "", 1), 1);
	assert_true(soon(is_as_before));
	assert_int_equal(end(pid), 0);
}

static void background_leaves_it_alone(void **state)
{
	(void)state;
	assert_int_equal(end(start(false, background)), 0);
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
