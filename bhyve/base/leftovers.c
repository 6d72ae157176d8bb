/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets and links that are removed at exit. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/base/leftovers.h"
#include "bhyve/base/title.h"

struct leftover {
	char *path;
	dev_t dev;
	ino_t ino;
};

static struct leftover *leftovers;
static unsigned int nleftovers;
static pid_t guard;
static int guard_fd;

/* False if the name now belongs to another file, such as that of a later bhyve. */
static bool is_left_over(const struct leftover *left)
{
	struct stat st;

	return !lstat(left->path, &st) && st.st_dev == left->dev &&
	       st.st_ino == left->ino && !(S_ISREG(st.st_mode) && st.st_size);
}

static void remove_all(void)
{
	for (unsigned int i = 0; i < nleftovers; i++)
		if (is_left_over(&leftovers[i]))
			unlink(leftovers[i].path);
}

/*
 * Tells the guard to remove the files, and waits until it closes its end of the
 * socket. Any thread may call exit(), and the sandbox lets each of them read and
 * write.
 */
static void at_exit(void)
{
	char byte = 0;

	if (!guard)
		remove_all();
	else if (write(guard_fd, &byte, 1) == 1)
		while (read(guard_fd, &byte, 1) < 0 && errno == EINTR)
			;
}

static int note(const char *path, const struct stat *st)
{
	struct leftover *more;

	more = reallocarray(leftovers, nleftovers + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	leftovers = more;
	more[nleftovers] =
		(struct leftover){ strdup(path), st->st_dev, st->st_ino };
	return more[nleftovers].path ? 0 : -ENOMEM;
}

int remove_at_exit(const char *path)
{
	struct stat st;
	int ret;

	if (lstat(path, &st))
		return -errno;
	ret = note(path, &st);
	if (!ret && !nleftovers++)
		atexit(at_exit);
	return ret;
}

/*
 * The guard: it has only the socket open, whose other end closes when bhyve ends.
 */
static void __attribute__((noreturn)) wait_and_remove(int fd)
{
	sigset_t all;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	set_child_title("bhyve-cleaner");
	if (fd > 0)
		close_range(0, fd - 1, 0);
	close_range(fd + 1, ~0u, 0);
	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
	remove_all();
	_exit(0);
}

int guard_leftovers(void)
{
	int fds[2], ret;

	if (!nleftovers)
		return 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	guard = fork();
	if (guard == 0)
		wait_and_remove(fds[0]);
	ret = guard < 0 ? -errno : 0;
	close(fds[0]);
	guard_fd = fds[1];
	if (ret)
		guard = 0;
	return ret;
}
