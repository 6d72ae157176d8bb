/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets the seccomp filter. sandbox_rules.c says what it allows. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bhyve/base/landlock.h"
#include "bhyve/base/sandbox.h"
#include "bhyve/base/sandbox_filter.h"

static void fill_in_self(struct sock_filter *insns, unsigned int n)
{
	const pid_t self = getpid();

	for (unsigned int i = 0; i < n; i++)
		if (insns[i].k == SANDBOX_SELF)
			insns[i].k = self;
}

static int set_filter(const struct sock_fprog *generic)
{
	const size_t len = generic->len * sizeof(*generic->filter);
	struct sock_fprog own = { generic->len, malloc(len) };
	int ret;

	if (!own.filter)
		return -ENOMEM;
	memcpy(own.filter, generic->filter, len);
	fill_in_self(own.filter, own.len);
	ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &own);
	ret = ret < 0 ? -errno : 0;
	free(own.filter);
	return ret;
}

int sandbox_enter(enum sandbox_kind kind)
{
	/* /etc/resolv.conf may be a link into /run. */
	static const char *const resolver[] = { "/etc", "/run", NULL };
	static const char *const nothing[] = { NULL };
	int ret;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	ret = landlock_enter(kind == SANDBOX_NET ? resolver : nothing);
	return ret ? ret : set_filter(&sandbox_filters[kind]);
}
