/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board's process 1 once the board is set up. It runs COMMAND, and carries
 * its input, output and exit status to and from tools/board over one
 * virtio-serial port. A frame has a type byte, a 32-bit little-endian length,
 * and that many bytes:
 *
 * 	'i' to the board	input; length 0: end of input
 * 	'o', 'e' from it	standard output, standard error
 * 	'x' from it		COMMAND's exit status, 4 bytes: the end
 *
 * /board/command has NUL-terminated words: first how input and output are
 * connected, then COMMAND. "pipe": three pipes; "merge": output and error are
 * one file, so they share a pipe; "tty ROWS COLS TERM"; "file": files that are
 * sent when COMMAND has ended, because a run that has to repeat exactly must
 * not communicate before.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define MAX_WORDS    4096
#define FRAME_MAX    32768	 /* what the port's driver sends at once */
#define SERIAL_START "\1board\1" /* with the NUL */

static char *words[MAX_WORDS + 1];
static const char *mode;
static int port = -1;
static sigset_t chld;

/* Input that has arrived but that COMMAND has not read yet. */
static struct {
	uint8_t data[FRAME_MAX];
	size_t at;
	size_t len;
} pending;

static struct channel {
	int ours; /* -1: closed */
	int theirs;
	char type;
} input = { -1, -1, 'i' }, output = { -1, -1, 'o' }, error = { -1, -1, 'e' };

static void die(const char *what)
{
	fprintf(stderr, "board: %s: %s\n", what, strerror(errno));
	reboot(RB_AUTOBOOT); /* tools/board sees an end without a status */
	_exit(1);
}

static bool mode_is(const char *name)
{
	return strcmp(mode, name) == 0;
}

/* Returns COMMAND's words, after those that say how it is connected. */
static char **read_command(void)
{
	static char text[1 << 20];
	int fd = open("/board/command", O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	int n = 0;

	if (len <= 0)
		die("/board/command");
	close(fd);
	for (char *p = text; p < text + len && n < MAX_WORDS;
	     p += strlen(p) + 1)
		words[n++] = p;
	mode = words[0];
	return words + (mode_is("tty") ? 4 : 1);
}

static void write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		p += n;
		len -= n;
	}
}

static void send_frame(char type, const void *data, uint32_t len)
{
	uint8_t header[5] = { type, len, len >> 8, len >> 16, len >> 24 };

	write_all(port, header, sizeof(header));
	write_all(port, data, len);
}

/*
 * The port appears some time after its driver is loaded, and is closed for some
 * time after that; its device's number depends on the other devices.
 */
static bool try_port(void)
{
	struct pollfd p = { .fd = port };
	glob_t found;

	if (port < 0 && glob("/dev/vport*p1", 0, NULL, &found) == 0) {
		port = open(found.gl_pathv[0], O_RDWR | O_CLOEXEC);
		globfree(&found);
		p.fd = port;
	}
	return port >= 0 && poll(&p, 1, 0) == 0;
}

/*
 * On a board without virtio the frames use its one serial port, after the
 * console's output.
 */
static bool open_serial(void)
{
	struct termios t;

	port = open("/dev/board", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (port < 0)
		return false;
	if (tcgetattr(port, &t))
		die("/dev/board");
	cfmakeraw(&t);
	tcsetattr(port, TCSANOW, &t);
	write_all(port, SERIAL_START, sizeof(SERIAL_START));
	return true;
}

static void open_port(void)
{
	if (open_serial())
		return;
	if (system("modprobe -a virtio_mmio virtio_console"))
		die("virtio_console");
	for (int i = 0; i < 1000; i++) {
		if (try_port())
			return;
		usleep(10000);
	}
	errno = ETIMEDOUT;
	die("virtio-serial");
}

static void make_pipe(struct channel *c, bool reads)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		die("pipe");
	c->ours = fds[reads ? 0 : 1];
	c->theirs = fds[reads ? 1 : 0];
}

static void make_terminal(void)
{
	struct winsize size = { .ws_row = atoi(words[1]),
				.ws_col = atoi(words[2]) };
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) || unlockpt(master))
		die("/dev/ptmx");
	ioctl(master, TIOCSWINSZ, &size);
	setenv("TERM", words[3], 1);
	input.ours = output.ours = master;
	input.theirs = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (input.theirs < 0)
		die(ptsname(master));
	output.theirs = error.theirs = input.theirs;
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		die(path);
	return fd;
}

static void make_files(void)
{
	input.theirs = open_file("/board/input", O_RDONLY);
	output.theirs = open_file("/board/output", O_WRONLY | O_APPEND);
	error.theirs = open_file("/board/error", O_WRONLY | O_APPEND);
	output.ours = open_file("/board/output", O_RDONLY);
	error.ours = open_file("/board/error", O_RDONLY);
}

static void connect_command(void)
{
	if (mode_is("tty"))
		make_terminal();
	else if (mode_is("file"))
		make_files();
	else {
		make_pipe(&input, false);
		make_pipe(&output, true);
		if (mode_is("merge"))
			error.theirs = output.theirs;
		else
			make_pipe(&error, true);
	}
}

static pid_t start(char **command)
{
	pid_t pid;

	/* Blocked first, because COMMAND may end before we wait. */
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	sigprocmask(SIG_UNBLOCK, &chld, NULL);
	setsid();
	if (mode_is("tty"))
		ioctl(input.theirs, TIOCSCTTY, 0);
	signal(SIGPIPE, SIG_DFL);
	dup2(input.theirs, 0);
	dup2(output.theirs, 1);
	dup2(error.theirs, 2);
	execvp(command[0], command);
	dprintf(2, "board: %s: %s\n", command[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* Closes COMMAND's ends, so that we keep none of its pipes open. */
static void close_theirs(void)
{
	close(input.theirs);
	if (output.theirs != input.theirs)
		close(output.theirs);
	if (error.theirs != output.theirs)
		close(error.theirs);
}

/* Sends what can be read without waiting; false: end of file. */
static bool pass_output(struct channel *c)
{
	static char data[FRAME_MAX];
	ssize_t n = read(c->ours, data, sizeof(data));

	if (n <= 0)
		return false;
	send_frame(c->type, data, n);
	return true;
}

static void drain(struct channel *c)
{
	if (c->ours < 0)
		return;
	fcntl(c->ours, F_SETFL, O_NONBLOCK);
	while (pass_output(c))
		;
}

static void end_input(void)
{
	if (input.ours >= 0 && input.ours != output.ours)
		close(input.ours);
	input.ours = -1;
}

static void read_port(void *data, size_t len)
{
	for (char *p = data; len;) {
		ssize_t n = read(port, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("virtio-serial");
		p += n;
		len -= n;
	}
}

/* Takes one frame of input; input that COMMAND no longer reads is dropped. */
static void take_input(void)
{
	uint8_t h[5];
	uint32_t len;

	read_port(h, sizeof(h));
	len = h[1] | h[2] << 8 | h[3] << 16 | (uint32_t)h[4] << 24;
	if (len > sizeof(pending.data)) {
		errno = EMSGSIZE;
		die("frame");
	}
	read_port(pending.data, len);
	pending.at = 0;
	pending.len = input.ours < 0 ? 0 : len;
	if (len == 0)
		end_input();
}

static void pass_input(void)
{
	ssize_t n = write(input.ours, pending.data + pending.at,
			  pending.len - pending.at);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	pending.at += n;
	if (n < 0 || pending.at == pending.len)
		pending.at = pending.len = 0;
	if (n < 0)
		end_input();
}

/* True: COMMAND has ended. Also reaps orphans. */
static bool reap(pid_t command, int *status)
{
	bool ended = false;
	int s;
	pid_t pid;

	while ((pid = waitpid(-1, &s, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		*status = WIFSIGNALED(s) ? 128 + WTERMSIG(s) : WEXITSTATUS(s);
		ended = true;
	}
	return ended;
}

static int poll_once(int children)
{
	struct pollfd p[] = {
		{ .fd = children, .events = POLLIN },
		{ .fd = mode_is("file") ? -1 : output.ours, .events = POLLIN },
		{ .fd = mode_is("file") ? -1 : error.ours, .events = POLLIN },
		{ .fd = pending.len ? -1 : port, .events = POLLIN },
		{ .fd = pending.len ? input.ours : -1, .events = POLLOUT },
	};

	if (poll(p, 5, -1) < 0)
		return 0;
	if (p[1].revents && !pass_output(&output))
		output.ours = -1;
	if (p[2].revents && !pass_output(&error))
		error.ours = -1;
	if (p[3].revents & POLLIN)
		take_input();
	if (p[4].revents)
		pass_input();
	return p[0].revents;
}

/* Returns COMMAND's exit status when it has ended. */
static int carry(pid_t command, int children)
{
	struct signalfd_siginfo info;
	int status;

	for (;;) {
		if (!poll_once(children))
			continue;
		if (read(children, &info, sizeof(info)) < 0)
			die("signalfd");
		if (reap(command, &status))
			return status;
	}
}

int main(void)
{
	char **command = read_command();
	int children;
	uint32_t status;
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	if (!mode_is("file"))
		open_port();
	connect_command();
	pid = start(command);
	children = signalfd(-1, &chld, SFD_CLOEXEC);
	close_theirs();
	if (input.ours >= 0)
		fcntl(input.ours, F_SETFL, O_NONBLOCK);
	status = carry(pid, children);
	sigprocmask(SIG_UNBLOCK, &chld, NULL);
	if (mode_is("file")) {
		if (system("/board/after"))
			fprintf(stderr, "board: /share was not copied back\n");
		open_port();
	}
	drain(&output);
	drain(&error);
	send_frame('x', &status, sizeof(status));
	pause();
}
