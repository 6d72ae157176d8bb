/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage: sandbox_rules ARCHITECTURE The rules of the sandbox. This program
 * prints the compiled filters as C, for sandbox_filter.h. It runs on the
 * building machine, because libseccomp takes a million instructions to compile
 * a filter. ARCHITECTURE is bhyve's, by libseccomp's name.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/base/sandbox_filter.h"

/*
 * By name: one C library calls clock_gettime where another calls
 * clock_gettime64. A name that the architecture lacks is skipped.
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
	/*
	 * A thread that gets the filter before it has dropped its own
	 * capabilities still has to drop them. Without new privileges it can
	 * only lose some.
	 */
	"capset",
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
 * Allows threads but no processes. clone3's flags are in memory, which a filter
 * cannot read; without clone3 the C library uses clone.
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

/* The process may send signals only to its own threads. */
static int allow_own_signals(scmp_filter_ctx filter)
{
	int ret;

	ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
			       SCMP_A0(SCMP_CMP_EQ, SANDBOX_SELF));
	if (ret)
		return ret;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1,
				SCMP_A0(SCMP_CMP_EQ, SANDBOX_SELF));
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

static int add_rules(scmp_filter_ctx filter, bool with_network)
{
	int ret;

	/*
	 * Level 2 makes a tree: the kernel tries the filter with every system
	 * call number when it is installed, which takes long for a list.
	 */
	ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!ret)
		ret = allow_list(filter, allowed,
				 sizeof(allowed) / sizeof(*allowed));
	if (!ret)
		ret = allow_threads(filter);
	if (!ret)
		ret = allow_own_signals(filter);
	if (!ret && with_network)
		ret = allow_network(filter);
	return ret;
}

static int set_architecture(scmp_filter_ctx filter, uint32_t arch)
{
	int ret;

	if (arch == seccomp_arch_native())
		return 0;
	ret = seccomp_arch_add(filter, arch);
	return ret ? ret : seccomp_arch_remove(filter, seccomp_arch_native());
}

static int print(scmp_filter_ctx filter, const char *name)
{
	FILE *bpf = tmpfile();
	struct sock_filter insn;
	int ret;

	if (!bpf)
		return -errno;
	ret = seccomp_export_bpf(filter, fileno(bpf));
	rewind(bpf);
	printf("static struct sock_filter %s_insns[] = {\n", name);
	while (!ret && fread(&insn, sizeof(insn), 1, bpf) == 1)
		printf("\t{ 0x%02x, %u, %u, 0x%x },\n", insn.code, insn.jt,
		       insn.jf, insn.k);
	printf("};\nstruct sock_fprog %s = {\n"
	       "\tsizeof(%s_insns) / sizeof(*%s_insns), %s_insns,\n};\n",
	       name, name, name, name);
	fclose(bpf);
	return ret;
}

static int compile(uint32_t arch, const char *name, bool with_network)
{
	/*
	 * A refused call fails with an error and does not kill bhyve: a library
	 * that probes for a call goes on without it.
	 */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int ret;

	if (!filter)
		return -ENOMEM;
	ret = set_architecture(filter, arch);
	if (!ret)
		ret = add_rules(filter, with_network);
	if (!ret)
		ret = print(filter, name);
	seccomp_release(filter);
	return ret;
}

int main(int argc, char *argv[])
{
	uint32_t arch = argc == 2 ? seccomp_arch_resolve_name(argv[1]) : 0;
	int ret;

	if (!arch) {
		fprintf(stderr, "usage: sandbox_rules ARCHITECTURE\n");
		return 1;
	}
	printf("#include \"bhyve/base/sandbox_filter.h\"\n");
	ret = compile(arch, "sandbox_filter", false);
	if (!ret)
		ret = compile(arch, "sandbox_filter_network", true);
	if (ret)
		fprintf(stderr, "sandbox_rules: %s\n", strerror(-ret));
	return ret != 0;
}
