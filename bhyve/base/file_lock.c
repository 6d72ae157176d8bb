/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include "bhyve/base/file_lock.h"

struct file_lock {
	int fd;
	int operation; /* of flock(2) */
	const char *path;
};

static struct file_lock *locks;
static unsigned int nlocks;
static bool waits;

void file_locks_wait(void)
{
	waits = true;
}

int file_lock(int fd, bool shared, const char *path)
{
	const int operation = (shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
	struct file_lock *more = reallocarray(locks, nlocks + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	locks = more;
	if (!waits && flock(fd, operation))
		return -errno;
	locks[nlocks++] = (struct file_lock){ fd, operation, path };
	return 0;
}

void file_unlock(int fd)
{
	for (unsigned int i = 0; i < nlocks; i++)
		if (locks[i].fd == fd)
			locks[i--] = locks[--nlocks];
}

void file_locks_release(void)
{
	for (unsigned int i = 0; i < nlocks; i++)
		flock(locks[i].fd, LOCK_UN);
}

static void forget_contents(void)
{
	for (unsigned int i = 0; i < nlocks; i++)
		posix_fadvise(locks[i].fd, 0, 0, POSIX_FADV_DONTNEED);
}

const char *file_locks_take(void)
{
	for (unsigned int i = 0; i < nlocks; i++) {
		if (!flock(locks[i].fd, locks[i].operation))
			continue;
		file_locks_release();
		return locks[i].path;
	}
	waits = false;
	forget_contents();
	return NULL;
}
