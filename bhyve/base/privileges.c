/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/privileges.h"

static int *inherited;
static unsigned int ninherited;

static void note(int fd)
{
	int *more = realloc(inherited, (ninherited + 1) * sizeof(*more));

	if (!more)
		die("out of memory for the list of open descriptors");
	inherited = more;
	inherited[ninherited++] = fd;
}

/*
 * The list contains the descriptor of the directory itself, which is skipped.
 */
void note_inherited(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (fd > STDERR_FILENO && fd != dirfd(dir))
			note(fd);
	}
	if (dir)
		closedir(dir);
}

void close_inherited(void)
{
	while (ninherited)
		close(inherited[--ninherited]);
	free(inherited);
	inherited = NULL;
}

int drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	/* The C library has no function for capset(2). */
	return syscall(SYS_capset, &head, none) ? -errno : 0;
}
