/* SPDX-License-Identifier: BSD-2-Clause */
/* Snapshots: bhyve fills a file, which is then put into its place. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/save.h"
#include "lib/snapshot.h"

static int complain(const char *path)
{
	fprintf(stderr, "bhyvectl: %s: %s\n", path, strerror(errno));
	return NOT_DONE;
}

/* The lock keeps two bhyvectls from writing the same file. */
static int open_temporary(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A file's name survives a power cut once its directory is synced. */
static int sync_directory(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_CLOEXEC) : -1;
	int ret = fd < 0 || fsync(fd) ? -1 : 0;

	if (fd >= 0)
		close(fd);
	free(copy);
	return ret;
}

/* EINVAL: a file system without sync has nothing that survives the host anyway. */
static int put_in_place(int fd, const char *temporary, const char *path)
{
	int ret = snapshot_seal(fd);

	if (ret) {
		errno = -ret;
		return complain(temporary);
	}
	if (fsync(fd) && errno != EINVAL)
		return complain(temporary);
	if (rename(temporary, path))
		return complain(path);
	return sync_directory(path) && errno != EINVAL ? complain(path) : 0;
}

static int request(const char *name, const char *word, int fd)
{
	struct json_object *answer;
	int ret = ask_or_say(name, word, fd, &answer);

	if (ret)
		return ret;
	/* One that stood still all the time has no figures. */
	if (number_of(answer, "rounds"))
		print_copied("saved", answer);
	json_object_put(answer);
	return 0;
}

/* Ends the machine that stands still after "suspend", or on a failure lets it run on. */
static int finish(const char *name, const char *word, int ret)
{
	if (strcmp(word, "suspend"))
		return ret;
	if (!ret)
		return request(name, "suspended", -1);
	request(name, "resume", -1);
	return ret;
}

static int save_as(const char *name, const char *word, const char *temporary,
		   const char *path)
{
	int fd = open_temporary(temporary);
	int ret;

	if (fd < 0)
		return complain(temporary);
	ret = request(name, word, fd);
	if (!ret) {
		ret = put_in_place(fd, temporary, path);
		ret = finish(name, word, ret);
	}
	if (ret)
		unlink(temporary);
	close(fd);
	return ret;
}

int save_vm(const char *name, const char *word, const char *path)
{
	char *temporary;
	int ret;

	if (asprintf(&temporary, "%s.tmp", path) < 0)
		return NOT_DONE;
	ret = save_as(name, word, temporary, path);
	free(temporary);
	return ret;
}
