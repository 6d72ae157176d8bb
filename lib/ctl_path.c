/* SPDX-License-Identifier: BSD-2-Clause */
/* Where bhyve's control socket is. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "lib/ctl_path.h"

int ctl_directory(char *buf, size_t len)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int n;

	if (geteuid() == 0)
		n = snprintf(buf, len, "/run/bhyvearm");
	else if (runtime && *runtime)
		n = snprintf(buf, len, "%s/bhyvearm", runtime);
	else
		n = snprintf(buf, len, "/tmp/bhyvearm-%u", geteuid());
	return n < 0 || (size_t)n >= len ? -ENAMETOOLONG : 0;
}

static int ctl_path(const char *name, const char *suffix, char *buf, size_t len)
{
	char dir[256];
	int n, ret;

	ret = ctl_directory(dir, sizeof(dir));
	if (ret)
		return ret;
	n = snprintf(buf, len, "%s/%s%s", dir, name, suffix);
	return n < 0 || (size_t)n >= len ? -ENAMETOOLONG : 0;
}

int ctl_socket_path(const char *name, char *buf, size_t len)
{
	return ctl_path(name, CTL_SUFFIX, buf, len);
}

int ctl_console_path(const char *name, char *buf, size_t len)
{
	return ctl_path(name, ".console", buf, len);
}
