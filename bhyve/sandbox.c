/* SPDX-License-Identifier: BSD-2-Clause */
/* The seccomp filter. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "bhyve/sandbox.h"

/*
 * By name: the C library of one suite asks for clock_gettime where another's
 * asks for clock_gettime64, and a name that an architecture lacks is skipped.
 */
static const char *const allowed[] = {
	/* devices and events */
	"ioctl", "read", "write", "readv", "writev", "pread64", "pwrite64",
	"preadv", "pwritev", "preadv2", "pwritev2", "close", "dup", "dup3",
	"poll", "ppoll", "ppoll_time64", "epoll_wait", "epoll_pwait",
	"epoll_pwait2", "epoll_ctl", "eventfd2", "timerfd_settime",
	"timerfd_settime64", "timerfd_create", "fcntl", "fcntl64",
	/* disks */
	"fsync", "fdatasync", "fallocate", "ftruncate", "ftruncate64",
	"io_uring_enter", "fstat", "fstat64", "newfstatat", "fstatat64",
	"statx", "lseek", "_llseek",
	/* consoles, the control socket, taps */
	"accept4", "recv", "recvfrom", "recvmsg", "recvmmsg",
	"recvmmsg_time64", "send", "sendto", "sendmsg", "sendmmsg",
	"shutdown", "getsockopt", "unlink", "unlinkat",
	/* memory */
	"brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise",
	/* threads */
	"futex", "futex_time64", "sched_yield", "sched_getaffinity",
	"set_robust_list", "rseq", "set_tid_address", "set_tls", "cacheflush",
	"membarrier", "exit", "exit_group", "wait4", "waitid", "prctl",
	/* time and chance */
	"clock_gettime", "clock_gettime64", "clock_getres",
	"clock_getres_time64", "gettimeofday", "clock_nanosleep",
	"clock_nanosleep_time64", "nanosleep", "getrandom", "uname",
	/* signals */
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn",
	"sigaltstack", "restart_syscall", "getpid", "gettid", "getppid",
	"getpgrp", "getpgid", "geteuid", "geteuid32", "getuid", "getuid32",
};

static const char *const network[] = {
	"socket", "bind", "connect", "listen", "accept", "getsockname",
	"getpeername", "setsockopt", "socketpair", "stat", "stat64",
};

static bool with_network;

void sandbox_allow_network(void)
{
	with_network = true;
}

static int allow(scmp_filter_ctx filter, const char *name)
{
	int nr = seccomp_syscall_resolve_name(name);

	if (nr == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 0);
}

static int allow_list(scmp_filter_ctx filter, const char *const *names,
		      size_t n)
{
	int ret = 0;

	for (size_t i = 0; i < n && !ret; i++)
		ret = allow(filter, names[i]);
	return ret;
}

/*
 * Threads, but no processes. clone3's flags are in memory, out of a filter's
 * sight: without it the C library uses clone.
 */
static int allow_threads(scmp_filter_ctx filter)
{
	int ret;

	ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
			       SCMP_SYS(clone3), 0);
	if (ret)
		return ret;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD,
					CLONE_THREAD));
}

/* A process may send signals to its own threads alone. */
static int allow_own_signals(scmp_filter_ctx filter, pid_t self)
{
	int ret;

	ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
			       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)self));
	if (ret)
		return ret;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)self));
}

static int allow_network(scmp_filter_ctx filter)
{
	int ret;

	ret = allow_list(filter, network, sizeof(network) / sizeof(*network));
	if (ret)
		return ret;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT,
					O_RDONLY));
}

static int add_rules(scmp_filter_ctx filter)
{
	int ret;

	/* The disks' threads run already. */
	ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	/* A tree, not a list: the kernel tries it with every number at once. */
	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!ret)
		ret = allow_list(filter, allowed,
				 sizeof(allowed) / sizeof(*allowed));
	if (!ret)
		ret = allow_threads(filter);
	if (!ret)
		ret = allow_own_signals(filter, getpid());
	if (!ret && with_network)
		ret = allow_network(filter);
	return ret;
}

int sandbox_enter(void)
{
	scmp_filter_ctx filter;
	int ret;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	/* An error rather than death: a library that probes for a call goes
	 * on without it. */
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return -ENOMEM;
	ret = add_rules(filter);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}
