/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/privileges.h"

#define NOBODY 65534

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

int be_user(const char *name)
{
	const struct passwd *pw = getpwnam(name);

	if (!pw)
		return -ENOENT;
	if (initgroups(name, pw->pw_gid) ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid))
		return -errno;
	return 0;
}

int hide_process(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -errno : 0;
}

static void close_others(int low, int high)
{
	close_range(STDIN_FILENO, STDOUT_FILENO, 0);
	if (low > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, low - 1, 0);
	if (high > low + 1)
		close_range(low + 1, high - 1, 0);
	close_range(high + 1, ~0u, 0);
}

int leave_parent(pid_t parent, int fd1, int fd2)
{
	close_others(fd1 < fd2 ? fd1 : fd2, fd1 < fd2 ? fd2 : fd1);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return -errno;
	return getppid() == parent ? hide_process() : -ESRCH;
}

int be_nobody(void)
{
	if (geteuid())
		return 0;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	/* The kernel clears it when the process changes its user. */
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) ? -errno : 0;
}
