/* SPDX-License-Identifier: BSD-2-Clause */
/* The terminal's raw mode, and the helper process that ends it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/tty.h"

static struct termios cooked, raw;
static bool is_tty;
static pid_t guardian;
static int guardian_pipe = -1;

bool tty_foreground(void)
{
	return is_tty && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/*
 * Restores the settings, unless another program, such as a shell, has changed
 * them.
 */
static void restore_if_raw(void)
{
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &now) == 0 && now.c_lflag == raw.c_lflag &&
	    now.c_iflag == raw.c_iflag)
		tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
}

static void close_all_but(int keep)
{
	if (keep > STDIN_FILENO + 1)
		close_range(STDIN_FILENO + 1, keep - 1, 0);
	close_range(keep + 1, ~0u, 0);
}

/*
 * The helper keeps only the terminal and the pipe open, so that nobody waits
 * for it, and ignores signals that are meant for bhyve.
 */
static void __attribute__((noreturn)) guard(int pipe_fd)
{
	sigset_t all;
	ssize_t n;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	close_all_but(pipe_fd);
	do {
		n = read(pipe_fd, &byte, 1);
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		restore_if_raw();
	_exit(0);
}

static int start_guardian(void)
{
	int fds[2], ret;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	guardian = fork();
	if (guardian < 0) {
		ret = -errno;
		close(fds[0]);
		close(fds[1]);
		return ret;
	}
	if (guardian == 0)
		guard(fds[0]);
	close(fds[0]);
	guardian_pipe = fds[1];
	return 0;
}

int tty_init(void)
{
	/*
	 * Without this a bhyve in the background would be stopped when it
	 * touches the terminal, and its guest with it.
	 */
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	if (tcgetattr(STDIN_FILENO, &cooked) < 0)
		return 0;
	is_tty = true;
	raw = cooked;
	cfmakeraw(&raw);
	return start_guardian();
}

void tty_set_raw(void)
{
	if (!tty_foreground())
		return;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0)
		raw_stdio = true;
}

void tty_restore(void)
{
	if (guardian_pipe < 0)
		return;
	if (raw_stdio && tty_foreground())
		restore_if_raw();
	raw_stdio = false;
	if (write(guardian_pipe, "q", 1) == 1)
		waitpid(guardian, NULL, 0);
	close(guardian_pipe);
	guardian_pipe = -1;
}
