/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bhyve/base/landlock.h"

/* The C library has no functions, and bullseye's headers have no numbers: they
 * are the same for all architectures. */
#define NR_CREATE_RULESET 444
#define NR_ADD_RULE	  445
#define NR_RESTRICT_SELF  446

/* What each version of the interface knows of files: landlock(7). */
static __u64 rights_of(int version)
{
	unsigned int bits;

	switch (version) {
	case 1:
		bits = 13;
		break;
	case 2:
		bits = 14; /* and to other directories */
		break;
	case 3:
	case 4:
		bits = 15; /* and truncating */
		break;
	default:
		bits = 16; /* and ioctl() on devices */
	}
	return (1u << bits) - 1;
}

static int allow(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
				  LANDLOCK_ACCESS_FS_READ_DIR,
	};
	int ret;

	rule.parent_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return 0;
	ret = syscall(NR_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
		      0);
	ret = ret ? -errno : 0;
	close(rule.parent_fd);
	return ret;
}

static int restrict_to(int ruleset, const char *const *readable)
{
	int ret = 0;

	for (; *readable && !ret; readable++)
		ret = allow(ruleset, *readable);
	if (!ret && syscall(NR_RESTRICT_SELF, ruleset, 0))
		ret = -errno;
	return ret;
}

int landlock_enter(const char *const *readable)
{
	struct landlock_ruleset_attr attr;
	int version, ruleset, ret;

	version = syscall(NR_CREATE_RULESET, NULL, 0,
			  LANDLOCK_CREATE_RULESET_VERSION);
	/* EPERM: the filter of a service manager is older than Landlock. */
	if (version < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ||
				       errno == EPERM ?
			       0 :
			       -errno;
	attr = (struct landlock_ruleset_attr){
		.handled_access_fs = rights_of(version),
	};
	ruleset = syscall(NR_CREATE_RULESET, &attr,
			  sizeof(attr.handled_access_fs), 0);
	if (ruleset < 0)
		return -errno;
	ret = restrict_to(ruleset, readable);
	close(ruleset);
	return ret;
}
