/* SPDX-License-Identifier: BSD-2-Clause */
/* Installs the seccomp filter of sandbox_rules.c. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bhyve/base/sandbox.h"
#include "bhyve/base/sandbox_filter.h"

static bool with_network;

void sandbox_allow_network(void)
{
	with_network = true;
}

static void fill_in_self(struct sock_fprog *filter)
{
	const pid_t self = getpid();

	for (unsigned int i = 0; i < filter->len; i++)
		if (filter->filter[i].k == SANDBOX_SELF)
			filter->filter[i].k = self;
}

int sandbox_enter(void)
{
	struct sock_fprog *filter = with_network ? &sandbox_filter_network :
						   &sandbox_filter;
	long ret;

	fill_in_self(filter);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	/* TSYNC: the disks' threads are running already. */
	ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		      SECCOMP_FILTER_FLAG_TSYNC, filter);
	if (ret < 0)
		return -errno;
	/* the id of a thread that cannot be synchronized */
	return ret ? -ESRCH : 0;
}
