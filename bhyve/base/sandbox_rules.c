/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage: sandbox_rules ARCHITECTURE
 *
 * Prints sandbox_filter.c: the filters of what the sandbox allows, compiled for
 * ARCHITECTURE (as libseccomp names it). libseccomp takes a million instructions to
 * compile them, so it does not do that at each start of bhyve, but once on the
 * building machine, when bhyve is built.
 */
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <linux/vhost.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <vmm/vmm_dev.h>
#include "bhyve/base/sandbox_filter.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41 /* names a mapping; since Linux 5.17 */
#endif

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define EVENT	(1u << SANDBOX_EVENT)
#define VCPU	(1u << SANDBOX_VCPU)
#define DISK	(1u << SANDBOX_DISK)
#define NET	(1u << SANDBOX_NET)
#define CONN	(1u << SANDBOX_CONNECTOR)
#define MAKER	(1u << SANDBOX_MAKER)
#define DEVICES (EVENT | VCPU) /* a device does its work in either */
#define ALL	(EVENT | VCPU | DISK | NET | CONN | MAKER)

/* A value, and the kinds of thread that need it. */
struct need {
	uint32_t value;
	unsigned int kinds;
};

/*
 * By name: the C library of one suite asks for clock_gettime where another's
 * asks for clock_gettime64, and a name that an architecture lacks is skipped.
 */
static const struct {
	const char *name;
	unsigned int kinds;
} calls[] = {
	/* descriptors that are open */
	{ "read", ALL },
	{ "write", ALL },
	{ "writev", ALL },
	{ "close", ALL },
	{ "readv", DEVICES | NET },
	{ "dup", DEVICES },
	{ "poll", DEVICES | NET },
	{ "ppoll", DEVICES | NET },
	{ "ppoll_time64", DEVICES | NET },
	{ "epoll_ctl", DEVICES },
	{ "epoll_wait", EVENT },
	{ "epoll_pwait", EVENT },
	{ "epoll_pwait2", EVENT },
	{ "eventfd2", DEVICES },
	{ "timerfd_create", DEVICES },
	{ "timerfd_settime", DEVICES },
	{ "timerfd_settime64", DEVICES },
	/* files: disks, the flash's variables, a core file, libc's own */
	{ "pread64", EVENT | DISK },
	{ "pwrite64", DEVICES | DISK },
	{ "preadv", DISK },
	{ "pwritev", DISK },
	{ "preadv2", DISK },
	{ "pwritev2", DISK },
	{ "fsync", DISK },
	{ "fdatasync", DEVICES | DISK },
	{ "fallocate", DISK },
	{ "io_uring_enter", DEVICES | DISK },
	{ "flock", EVENT }, /* of files that another bhyve takes over */
	{ "fadvise64", EVENT },
	{ "fadvise64_64", EVENT },
	{ "arm_fadvise64_64", EVENT },
	{ "ftruncate", EVENT },
	{ "ftruncate64", EVENT },
	{ "fstat", EVENT | NET },
	{ "fstat64", EVENT | NET },
	{ "newfstatat", EVENT | NET },
	{ "fstatat64", EVENT | NET },
	{ "statx", EVENT | NET },
	{ "lseek", EVENT | NET },
	{ "_llseek", EVENT | NET },
	{ "stat", NET },
	{ "stat64", NET },
	/*
	 * Calls on sockets that are open already. Consoles' sockets do not need
	 * them: they use read() and write().
	 */
	{ "accept4", EVENT | NET },
	{ "accept", NET },
	{ "recv", DEVICES | NET },
	{ "recvfrom", DEVICES | NET },
	{ "recvmsg", DEVICES | NET },
	{ "send", EVENT | NET },
	{ "sendto", EVENT | NET },
	{ "shutdown", EVENT | NET },
	/* to a back end, descriptors of bhyve's own */
	{ "sendmsg", DEVICES | CONN },
	{ "bind", NET },
	{ "connect", NET | CONN },
	{ "listen", NET },
	{ "getsockname", NET },
	{ "getpeername", NET },
	{ "getsockopt", NET },
	{ "setsockopt", NET | CONN },
	/* memory; see allow_memory() */
	{ "brk", ALL },
	{ "munmap", ALL },
	{ "mremap", ALL },
	{ "madvise", ALL },
	/* this thread and the others */
	{ "futex", ALL },
	{ "futex_time64", ALL },
	{ "sched_yield", ALL },
	{ "rseq", ALL },
	{ "set_robust_list", ALL },
	{ "membarrier", ALL },
	{ "exit", ALL },
	{ "exit_group", ALL },
	{ "getpid", ALL },
	{ "gettid", ALL },
	{ "getpgrp", DEVICES },
	{ "getpgid", DEVICES },
	{ "wait4", EVENT },
	{ "waitid", EVENT },
	{ "rt_sigprocmask", ALL },
	{ "rt_sigaction", EVENT },
	{ "rt_sigreturn", ALL },
	{ "sigreturn", ALL },
	{ "restart_syscall", ALL },
	/* time and random numbers */
	{ "clock_gettime", ALL },
	{ "clock_gettime64", ALL },
	{ "clock_getres", ALL },
	{ "clock_getres_time64", ALL },
	{ "gettimeofday", ALL },
	{ "clock_nanosleep", ALL },
	{ "clock_nanosleep_time64", ALL },
	{ "nanosleep", ALL },
	{ "getrandom", ALL },
	/* a new thread gives up what it does not need; see allow_threads() */
	{ "capset", MAKER },
	{ "landlock_create_ruleset", MAKER },
	{ "landlock_restrict_self", MAKER },
};

/* ioctl()s. No TIOCSTI, which types into the shell behind a terminal. */
static const struct need requests[] = {
	{ VM_ASSERT_IRQ, DEVICES | DISK },
	{ VM_RAISE_MSI, DEVICES | DISK },
	{ VM_SUSPEND, DEVICES },
	{ VM_SUSPEND_CPU, DEVICES },
	{ VM_RESUME_CPU, DEVICES },
	{ VM_SET_MEMORY, DEVICES },
	{ VM_IOEVENTFD, DEVICES },
	{ VM_IRQFD, DEVICES },
	{ VM_REINIT, VCPU },
	{ VM_GET_TIME, EVENT },
	{ VM_LOG_DIRTY, EVENT },
	{ VM_GET_DIRTY, EVENT },
	{ VM_GET_VGIC, EVENT },
	{ VM_SET_VGIC, EVENT },
	{ VM_SET_TIME, EVENT },
	{ VM_POST, DEVICES },
	{ VM_SHOW_POSTED, DEVICES },
	{ VM_SYNC_CODE, DEVICES },
	{ VM_SET_REGISTER, DEVICES },
	{ VM_GET_REGISTER, DEVICES },
	{ VM_GET_REG_LIST, DEVICES },
	{ VM_SET_CAPABILITY, DEVICES },
	{ VM_INJECT_EXCEPTION, DEVICES },
	{ VM_STATS, EVENT },
	{ VM_SET_DEBUG, DEVICES },
	{ TUNSETOFFLOAD, DEVICES },
	{ TUNSETQUEUE, DEVICES },
	{ TUNSETVNETHDRSZ, DEVICES },
	/* Requests of vhost that change its memory are not allowed. */
	{ VHOST_SET_FEATURES, DEVICES },
	{ VHOST_SET_VRING_NUM, DEVICES },
	{ VHOST_SET_VRING_BASE, DEVICES },
	{ VHOST_GET_VRING_BASE, DEVICES },
	{ VHOST_SET_VRING_ADDR, DEVICES },
	{ VHOST_SET_VRING_KICK, DEVICES },
	{ VHOST_SET_VRING_CALL, DEVICES },
	{ VHOST_SET_VRING_ERR, DEVICES },
	{ VHOST_NET_SET_BACKEND, DEVICES },
	{ VHOST_VSOCK_SET_RUNNING, DEVICES },
	{ BLKDISCARD, DISK },
	/*
	 * of an image or a tap that is attached; the first number depends on the
	 * width of size_t
	 */
	{ _IOR(0x12, 114, uint32_t), EVENT }, /* BLKGETSIZE64 */
	{ _IOR(0x12, 114, uint64_t), EVENT },
	{ BLKSSZGET, EVENT },
	{ BLKPBSZGET, EVENT },
	{ TUNGETIFF, EVENT },
	{ FIONREAD, DEVICES | NET },
	/* The resolver calls it for a name server such as fe80::1%eth0. */
	{ SIOCGIFINDEX, NET },
	/* The C library asks by TCGETS2 from 2.42 on. */
	{ TCGETS, DEVICES },
	{ TCGETS2, DEVICES },
	{ TIOCGPGRP, DEVICES },
	{ TIOCGWINSZ, DEVICES },
	{ TCSETS, EVENT },
	{ TCSETSW, EVENT },
	{ TCSETSF, EVENT },
	{ TCSETS2, EVENT },
	{ TCSETSW2, EVENT },
	{ TCSETSF2, EVENT },
};

/* fcntl()'s commands, but for F_SETFL; see allow_set_flags(). */
static const struct need commands[] = {
	{ F_GETFL, NET },
	{ F_GETFD, NET },
	{ F_SETFD, NET },
};

static const struct need prctls[] = {
	{ PR_SET_NAME, ALL },
	{ PR_SET_VMA, ALL },
	{ PR_SET_NO_NEW_PRIVS, MAKER },
};

static int resolve(const char *name)
{
	return seccomp_syscall_resolve_name(name);
}

static int allow_calls(scmp_filter_ctx filter, unsigned int kind)
{
	int ret = 0;

	for (size_t i = 0; i < COUNT(calls) && !ret; i++) {
		int nr = resolve(calls[i].name);

		if (calls[i].kinds & kind && nr != __NR_SCMP_ERROR)
			ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 0);
	}
	return ret;
}

/* Allows a call if the lower half of its argument @arg is one of @needs. */
static int allow_values(scmp_filter_ctx filter, unsigned int kind,
			const char *name, unsigned int arg,
			const struct need *needs, size_t n)
{
	int nr = resolve(name), ret = 0;

	if (nr == __NR_SCMP_ERROR)
		return 0;
	for (size_t i = 0; i < n && !ret; i++)
		if (needs[i].kinds & kind)
			ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 1,
					       SCMP_CMP(arg, SCMP_CMP_MASKED_EQ,
							UINT32_MAX,
							needs[i].value));
	return ret;
}

/* O_ASYNC has the kernel send signals, to whomever F_SETOWN names. */
static int allow_set_flags(scmp_filter_ctx filter, const char *name)
{
	int nr = resolve(name);

	if (nr == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 2,
				SCMP_CMP(1, SCMP_CMP_MASKED_EQ, UINT32_MAX,
					 F_SETFL),
				SCMP_CMP(2, SCMP_CMP_MASKED_EQ, O_ASYNC, 0));
}

static int allow_fcntl(scmp_filter_ctx filter, unsigned int kind)
{
	static const char *const names[] = { "fcntl", "fcntl64" };
	int ret = 0;

	for (size_t i = 0; i < COUNT(names) && !ret; i++) {
		ret = allow_values(filter, kind, names[i], 1, commands,
				   COUNT(commands));
		if (!ret && kind == NET)
			ret = allow_set_flags(filter, names[i]);
	}
	return ret;
}

/* No memory becomes executable. */
static int allow_memory(scmp_filter_ctx filter)
{
	static const char *const names[] = { "mmap", "mmap2", "mprotect" };
	int ret = 0;

	for (size_t i = 0; i < COUNT(names) && !ret; i++) {
		int nr = resolve(names[i]);

		if (nr != __NR_SCMP_ERROR)
			ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 1,
					       SCMP_A2(SCMP_CMP_MASKED_EQ,
						       PROT_EXEC, 0));
	}
	return ret;
}

/* abort() and raise(): a thread may send signals to its own process alone. */
static int allow_own_signals(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				SCMP_A0(SCMP_CMP_EQ, SANDBOX_SELF, 0));
}

/* Adds a rule for socket() with this family and type, whatever its flags. */
static int socket_rule(scmp_filter_ctx filter, uint32_t action, int family,
		       int type)
{
	return seccomp_rule_add(filter, action, SCMP_SYS(socket), 2,
				SCMP_A0(SCMP_CMP_EQ, family, 0),
				SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, type));
}

/*
 * socket_rule() must not be used here, because its mask must differ from this one: for
 * x86, libseccomp 2.5.4 takes two rules that compare the type by the same mask and value
 * for the same rule, even if their families differ, and refuses the second one's action.
 */
static int refuse_unix_datagrams(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket),
				2, SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0),
				SCMP_A1(SCMP_CMP_MASKED_EQ, 0x1f, SOCK_DGRAM));
}

/*
 * libslirp tries a raw socket for a guest's ping, and goes on without it; and
 * if_nametoindex(3) tries a UNIX socket before one of the Internet.
 */
static int allow_sockets(scmp_filter_ctx filter)
{
	static const int families[] = { AF_INET, AF_INET6 };
	int ret = refuse_unix_datagrams(filter);

	for (size_t i = 0; i < COUNT(families) && !ret; i++) {
		ret = socket_rule(filter, SCMP_ACT_ALLOW, families[i],
				  SOCK_STREAM);
		if (!ret)
			ret = socket_rule(filter, SCMP_ACT_ALLOW, families[i],
					  SOCK_DGRAM);
		if (!ret)
			ret = socket_rule(filter, SCMP_ACT_ERRNO(EPERM),
					  families[i], SOCK_RAW);
	}
	return ret;
}

/* Opening files read-only: the resolver reads its configuration when it has changed. */
static int allow_reading(scmp_filter_ctx filter)
{
	static const char *const names[] = { "open", "openat" };
	int ret = 0;

	for (unsigned int i = 0; i < COUNT(names) && !ret; i++) {
		int nr = resolve(names[i]);

		if (nr != __NR_SCMP_ERROR)
			ret = seccomp_rule_add(
				filter, SCMP_ACT_ALLOW, nr, 1,
				SCMP_CMP(i + 1, SCMP_CMP_MASKED_EQ,
					 O_ACCMODE | O_CREAT, O_RDONLY));
	}
	return ret;
}

static int allow_network(scmp_filter_ctx filter)
{
	int ret = allow_sockets(filter);

	return ret ? ret : allow_reading(filter);
}

/* Allows socket() only for UNIX stream sockets. */
static int allow_unix_sockets(scmp_filter_ctx filter)
{
	return socket_rule(filter, SCMP_ACT_ALLOW, AF_UNIX, SOCK_STREAM);
}

/* What pthread_create(3) asks for: no process, no new namespace, no tracer. */
#define A_THREAD                                                            \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |               \
	 CLONE_CHILD_CLEARTID)

/*
 * The flags of clone3() are in memory, where a filter cannot see them; without it the C
 * library uses clone(). A filter can only be added to those that a thread has.
 */
static int allow_threads(scmp_filter_ctx filter)
{
	int ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				   SCMP_A0(SCMP_CMP_EQ, A_THREAD, 0));

	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				       SCMP_SYS(clone3), 0);
	if (!ret)
		ret = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(seccomp), 2,
			SCMP_A0(SCMP_CMP_EQ, SECCOMP_SET_MODE_FILTER, 0),
			SCMP_A1(SCMP_CMP_EQ, 0, 0));
	return ret;
}

static int allow_by_argument(scmp_filter_ctx filter, unsigned int kind)
{
	int ret;

	ret = allow_values(filter, kind, "ioctl", 1, requests, COUNT(requests));
	if (!ret)
		ret = allow_fcntl(filter, kind);
	if (!ret)
		ret = allow_values(filter, kind, "prctl", 0, prctls,
				   COUNT(prctls));
	if (!ret)
		ret = allow_memory(filter);
	return ret ? ret : allow_own_signals(filter);
}

static int add_rules(scmp_filter_ctx filter, unsigned int kind)
{
	int ret;

	/*
	 * Level 2 makes a tree: the kernel tries the filter with every system
	 * call number when it is installed, which takes long for a list.
	 */
	ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!ret)
		ret = allow_by_argument(filter, kind);
	if (!ret)
		ret = allow_calls(filter, kind);
	if (!ret && kind == NET)
		ret = allow_network(filter);
	if (!ret && kind == CONN)
		ret = allow_unix_sockets(filter);
	if (!ret && kind & MAKER)
		ret = allow_threads(filter);
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

static void print_insn(const struct sock_filter *insn)
{
	printf("\t{ 0x%02x, %u, %u, 0x%x },\n", insn->code, insn->jt, insn->jf,
	       insn->k);
}

static int print(scmp_filter_ctx filter, unsigned int number)
{
	FILE *bpf = tmpfile();
	struct sock_filter insn;
	int ret;

	if (!bpf)
		return -errno;
	ret = seccomp_export_bpf(filter, fileno(bpf));
	rewind(bpf);
	printf("static struct sock_filter insns_%u[] = {\n", number);
	while (!ret && fread(&insn, sizeof(insn), 1, bpf) == 1)
		print_insn(&insn);
	printf("};\n");
	fclose(bpf);
	return ret;
}

/*
 * A new thread has its maker's filter beside its own one, so its maker may do what the
 * threads of disks do.
 */
static unsigned int kinds_of(unsigned int number)
{
	return number == SANDBOX_MAKER ? MAKER | DISK : 1u << number;
}

static int compile(uint32_t arch, unsigned int number)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int ret;

	if (!filter)
		return -ENOMEM;
	ret = set_architecture(filter, arch);
	if (!ret)
		ret = add_rules(filter, kinds_of(number));
	if (!ret)
		ret = print(filter, number);
	seccomp_release(filter);
	return ret;
}

int main(int argc, char *argv[])
{
	uint32_t arch = argc == 2 ? seccomp_arch_resolve_name(argv[1]) : 0;
	int ret = 0;

	if (!arch) {
		fprintf(stderr, "usage: sandbox_rules ARCHITECTURE\n");
		return 1;
	}
	printf("#include \"bhyve/base/sandbox_filter.h\"\n");
	for (unsigned int i = 0; i < SANDBOX_KINDS && !ret; i++)
		ret = compile(arch, i);
	if (ret) {
		fprintf(stderr, "sandbox_rules: %s\n", strerror(-ret));
		return 1;
	}
	printf("const struct sock_fprog sandbox_filters[] = {\n");
	for (unsigned int i = 0; i < SANDBOX_KINDS; i++)
		printf("\t{ sizeof(insns_%u) / sizeof(*insns_%u), insns_%u },\n",
		       i, i, i);
	printf("};\n");
	return 0;
}
