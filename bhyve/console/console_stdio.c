/* SPDX-License-Identifier: BSD-2-Clause */
/* A console on standard input and output. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/console/console_impl.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/tty.h"

/*
 * O_NONBLOCK is a property of the open file, which bhyve shares with the shell
 * and other programs. So a terminal or pipe is opened again. What cannot be
 * opened again (a socket, another user's terminal) is polled before each write.
 */
static int open_output(struct console *cons)
{
	struct stat st;
	int fd = -1;

	if (fstat(STDOUT_FILENO, &st) < 0)
		return -1; /* bhyve was started with stdout closed */
	if (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode))
		fd = open("/proc/self/fd/1",
			  O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	cons->out_blocks = true;
	return STDOUT_FILENO;
}

static bool may_read(struct console *cons)
{
	(void)cons;
	return !isatty(STDIN_FILENO) || tty_foreground();
}

/* A terminal's input ends for a while when bhyve goes to the background. */
static bool input_ended(struct console *cons)
{
	(void)cons;
	return !(errno == EIO && isatty(STDIN_FILENO) && !tty_foreground());
}

static void on_continue(int fd, enum ev_type type, void *arg)
{
	(void)fd, (void)type, (void)arg;
	tty_set_raw();
}

static void on_resize(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;
	console_func_t resized;

	(void)fd, (void)type;
	pthread_mutex_lock(&cons->lock);
	resized = cons->resized;
	pthread_mutex_unlock(&cons->lock);
	if (resized)
		resized(cons->arg);
}

/* To the event thread, which is the process's first one. */
static void send_signal(int signo)
{
	tgkill(getpid(), getpid(), signo);
}

/* Does what the key after the escape key asks for. True: the key goes to the guest. */
static bool obey(const struct console *cons, uint8_t key)
{
	if (key == cons->escape)
		return true;
	if (key == 'q')
		send_signal(SIGINT);
	else if (key == 'p')
		send_signal(SIGTERM);
	else
		eprintln("^%c and q ends bhyve, p presses the power button, ^%c"
			 " goes to the guest",
			 cons->escape | 0x40, cons->escape | 0x40);
	return false;
}

static size_t filter(struct console *cons, uint8_t *buf, size_t len)
{
	size_t left = 0;

	for (size_t i = 0; i < len; i++) {
		bool goes = cons->escaped ? obey(cons, buf[i]) :
					    buf[i] != cons->escape;

		cons->escaped = !cons->escaped && !goes;
		if (goes)
			buf[left++] = buf[i];
	}
	return left;
}

static void use_terminal(struct console *cons)
{
	atexit(tty_restore);
	tty_set_raw();
	mevent_add(SIGCONT, EVF_SIGNAL, on_continue, NULL);
	mevent_add(SIGWINCH, EVF_SIGNAL, on_resize, cons);
	if (cons->escape >= 0)
		cons->filter = filter;
}

int console_open_stdio(struct console *cons)
{
	static bool taken;
	struct stat st;
	int in_fd = fstat(STDIN_FILENO, &st) < 0 ? -1 : STDIN_FILENO;

	if (taken) {
		eprintln("stdio is another console's already: give console= or"
			 " the virtio-console port pty or a socket");
		return -EBUSY;
	}
	taken = true;
	cons->may_read = may_read;
	cons->input_ended = input_ended;
	if (isatty(STDIN_FILENO))
		use_terminal(cons);
	return console_set_fds(cons, in_fd, open_output(cons));
}
