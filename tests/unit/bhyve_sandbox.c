/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a thread that has been taken over tries, behind the very filter that it is
 * under. By syscall(), so that it is this call: the C library may have another
 * for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vmm/vmm_dev.h>
#include "bhyve/base/landlock.h"
#include "bhyve/base/sandbox.h"

#define PAGE	     4096
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define EVENT	  (1u << SANDBOX_EVENT)
#define VCPU	  (1u << SANDBOX_VCPU)
#define DISK	  (1u << SANDBOX_DISK)
#define NET	  (1u << SANDBOX_NET)
#define CONN	  (1u << SANDBOX_CONNECTOR)
#define MAKER	  (1u << SANDBOX_MAKER)
#define NOBODY	  0u
#define EVERYBODY (EVENT | VCPU | DISK | NET | CONN | MAKER)

#ifdef SYS_mmap2
#define MMAP SYS_mmap2
#else
#define MMAP SYS_mmap
#endif
#ifdef SYS_fcntl64
#define FCNTL SYS_fcntl64
#else
#define FCNTL SYS_fcntl
#endif

static void *page;
static int null_fd;

/* _exit() is more under a sanitizer, which prepares for the end. */
static void leave(int status)
{
	syscall(SYS_exit_group, status);
}

/* The status of a child that made one call in the sandbox: 0, or SIGSYS. */
static int in_sandbox(void (*call)(void), enum sandbox_kind kind)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (sandbox_enter(kind))
			leave(99);
		call();
		leave(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void type_into_terminal(void)
{
	syscall(SYS_ioctl, 0, TIOCSTI, "x");
}
static void paste_into_terminal(void)
{
	syscall(SYS_ioctl, 0, TIOCLINUX, "x");
}
static void make_tap(void)
{
	syscall(SYS_ioctl, null_fd, TUNSETIFF, page);
}
static void start_vhost_ring(void)
{
	syscall(SYS_ioctl, null_fd, VHOST_SET_VRING_KICK, page);
}
static void give_vhost_memory(void)
{
	syscall(SYS_ioctl, null_fd, VHOST_SET_MEM_TABLE, page);
}
static void make_vm(void)
{
	syscall(SYS_ioctl, null_fd, VMM_CREATE_VM, page);
}
static void make_vcpu(void)
{
	syscall(SYS_ioctl, null_fd, VM_CREATE_VCPU, 1);
}
/* Which is how a vCPU is run. */
static void read_nothing(void)
{
	syscall(SYS_read, null_fd, NULL, 0);
}
static void raise_irq(void)
{
	syscall(SYS_ioctl, null_fd, VM_ASSERT_IRQ, page);
}
static void set_terminal(void)
{
	syscall(SYS_ioctl, null_fd, TCSETS, page);
}
static void discard(void)
{
	syscall(SYS_ioctl, null_fd, BLKDISCARD, page);
}
/* A request is of 32 bits, whatever the register holds. */
static void high_bits(void)
{
	syscall(SYS_ioctl, null_fd, (long)(UINT64_C(1) << 32 | TIOCSTI), page);
}
static void own_signals(void)
{
	syscall(FCNTL, null_fd, F_SETOWN, 1);
}
static void set_signal(void)
{
	syscall(FCNTL, null_fd, F_SETSIG, SIGKILL);
}
static void be_async(void)
{
	syscall(FCNTL, null_fd, F_SETFL, O_ASYNC);
}
static void not_block(void)
{
	syscall(FCNTL, null_fd, F_SETFL, O_NONBLOCK);
}
static void kill_other(void)
{
	syscall(SYS_tgkill, getppid(), getppid(), 0);
}
static void kill_group(void)
{
	syscall(SYS_kill, 0, 0);
}
static void map_code(void)
{
	syscall(MMAP, NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void map_data(void)
{
	syscall(MMAP, NULL, PAGE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void make_code(void)
{
	syscall(SYS_mprotect, page, PAGE, PROT_READ | PROT_EXEC);
}
static void be_dumpable(void)
{
	syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
}
static void set_name(void)
{
	syscall(SYS_prctl, PR_SET_NAME, "name", 0, 0, 0);
}
static void open_to_write(void)
{
	syscall(SYS_openat, -1, "/x", O_RDWR);
}
static void open_to_read(void)
{
	syscall(SYS_openat, -1, "/x", O_RDONLY);
}
static void make_file(void)
{
	syscall(SYS_openat, -1, "/x", O_CREAT, 0600);
}
static void unix_socket(void)
{
	syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
}
static void unix_datagrams(void)
{
	syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);
}
static void index_of_link(void)
{
	syscall(SYS_ioctl, null_fd, SIOCGIFINDEX, page);
}
static void netlink_socket(void)
{
	syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0);
}
static void packet_socket(void)
{
	syscall(SYS_socket, AF_PACKET, SOCK_RAW, 0);
}
static void raw_socket(void)
{
	syscall(SYS_socket, AF_INET, SOCK_RAW, 1);
}
static void tcp_socket(void)
{
	syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}
static void udp_socket(void)
{
	syscall(SYS_socket, AF_INET6, SOCK_DGRAM, 0);
}
static void connect_somewhere(void)
{
	syscall(SYS_connect, null_fd, page, 2);
}
static void take_client(void)
{
	syscall(SYS_accept4, null_fd, NULL, NULL, 0);
}
static void pass_descriptor(void)
{
	syscall(SYS_sendmsg, null_fd, page, 0);
}
static void size_of_device(void)
{
	syscall(SYS_ioctl, null_fd, BLKGETSIZE64, page);
}
static void kind_of_tap(void)
{
	syscall(SYS_ioctl, null_fd, TUNGETIFF, page);
}
static void punch_hole(void)
{
	syscall(SYS_fallocate, null_fd, 3, 0, 0, 1, 0);
}
static void run_program(void)
{
	syscall(SYS_execve, "/x", NULL, NULL);
}
static void make_process(void)
{
	syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}
static void make_thread(void)
{
	syscall(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, 0, 0, 0, 0);
}
/*
 * As pthread_create(3) asks for it, which the sanitizers make more of. The thread has no
 * storage of its own.
 */
static int end_thread(void *arg)
{
	(void)arg;
	syscall(SYS_exit, 0);
	return 0;
}
static void make_thread_of_libc(void)
{
	clone(end_thread, (char *)page + PAGE,
	      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
		      CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |
		      CLONE_CHILD_CLEARTID,
	      NULL, page, NULL, page);
}
/* It is not there, as for the C library on an old kernel. */
static void make_thread_by_clone3(void)
{
	if (syscall(435, page, 88) != -1 || errno != ENOSYS)
		leave(1);
}
static void trace(void)
{
	syscall(SYS_ptrace, 0, 0, 0, 0);
}
static void read_other(void)
{
	syscall(SYS_process_vm_readv, getppid(), page, 0, page, 0, 0);
}
static void remove_file(void)
{
	syscall(SYS_unlinkat, -1, "/x", 0);
}

static void link_file(void)
{
	syscall(SYS_linkat, -1, "/x", -1, "/y", 0);
}
static void rename_file(void)
{
	syscall(SYS_renameat, -1, "/x", -1, "/y");
}
static void mount_something(void)
{
	syscall(SYS_mount, "", "", "", 0, "");
}
static void be_somebody(void)
{
	syscall(SYS_setresuid, 0, 0, 0);
}
static void new_filter(void)
{
	syscall(SYS_seccomp, 1, 0, NULL);
}
static void new_ring(void)
{
	syscall(SYS_io_uring_setup, 1, page);
}
static void use_ring(void)
{
	syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0);
}
static void wake_thread(void)
{
	syscall(SYS_futex, page, 1, 1, NULL, NULL, 0);
}
static void tell_time(void)
{
	syscall(SYS_clock_gettime, 0, page);
}
static void write_bytes(void)
{
	syscall(SYS_write, null_fd, page, 1);
}

static const struct {
	const char *name;
	void (*call)(void);
	unsigned int allowed; /* to these kinds; it kills the others */
} calls[] = {
#define CALL(name, allowed)          \
	{                            \
#name, name, allowed \
	}
	CALL(type_into_terminal, NOBODY),
	CALL(paste_into_terminal, NOBODY),
	CALL(high_bits, NOBODY),
	CALL(make_tap, NOBODY),
	CALL(give_vhost_memory, NOBODY),
	CALL(make_vm, NOBODY),
	CALL(make_vcpu, NOBODY),
	CALL(own_signals, NOBODY),
	CALL(set_signal, NOBODY),
	CALL(be_async, NOBODY),
	CALL(kill_other, NOBODY),
	CALL(kill_group, NOBODY),
	CALL(map_code, NOBODY),
	CALL(make_code, NOBODY),
	CALL(be_dumpable, NOBODY),
	CALL(open_to_write, NOBODY),
	CALL(make_file, NOBODY),
	CALL(netlink_socket, NOBODY),
	CALL(packet_socket, NOBODY),
	CALL(run_program, NOBODY),
	CALL(make_process, NOBODY),
	CALL(make_thread, NOBODY),
	CALL(trace, NOBODY),
	CALL(read_other, NOBODY),
	CALL(remove_file, NOBODY),
	CALL(link_file, NOBODY),
	CALL(rename_file, NOBODY),
	CALL(mount_something, NOBODY),
	CALL(be_somebody, NOBODY),
	CALL(new_ring, NOBODY),

	CALL(start_vhost_ring, EVENT | VCPU),
	CALL(raise_irq, EVENT | VCPU | DISK | MAKER),
	CALL(set_terminal, EVENT),
	CALL(discard, DISK | MAKER),
	CALL(punch_hole, DISK | MAKER),
	CALL(use_ring, EVENT | VCPU | DISK | MAKER),
	CALL(new_filter, MAKER),
	CALL(make_thread_of_libc, MAKER),
	CALL(make_thread_by_clone3, MAKER),
	CALL(size_of_device, EVENT),
	CALL(kind_of_tap, EVENT),
	CALL(take_client, EVENT | NET),
	CALL(not_block, NET),
	CALL(open_to_read, NET),
	CALL(tcp_socket, NET),
	CALL(udp_socket, NET),
	CALL(unix_datagrams, NET),
	CALL(index_of_link, NET),
	CALL(raw_socket, NET),
	CALL(connect_somewhere, NET | CONN),
	CALL(unix_socket, CONN),
	CALL(pass_descriptor, EVENT | VCPU | CONN),

	CALL(read_nothing, EVERYBODY),
	CALL(map_data, EVERYBODY),
	CALL(set_name, EVERYBODY),
	CALL(wake_thread, EVERYBODY),
	CALL(tell_time, EVERYBODY),
	CALL(write_bytes, EVERYBODY),
};

static bool killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static void each_kind_has_its_calls(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++)
		for (int kind = 0; kind < SANDBOX_KINDS; kind++) {
			bool allowed = calls[i].allowed >> kind & 1;
			int status = in_sandbox(calls[i].call, kind);

			if (allowed ? status != 0 : !killed(status))
				fail_msg("%s by kind %d: status 0x%x",
					 calls[i].name, kind, status);
		}
}

/* Allowed, but they give nothing: libslirp and the C library ask. */
static void refuse_raw(void)
{
	if (syscall(SYS_socket, AF_INET, SOCK_RAW, 1) != -1 || errno != EPERM)
		leave(1);
	if (syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0) != -1 || errno != EPERM)
		leave(1);
}

static void raw_sockets_are_refused(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(refuse_raw, SANDBOX_NET), 0);
}

static void give_up(void)
{
	raise(SIGABRT);
}

/* abort() of a library is the end by SIGABRT, as without a sandbox. */
static void dies_by_its_own_signal(void **state)
{
	(void)state;
	for (int kind = 0; kind < SANDBOX_KINDS; kind++)
		assert_int_equal(WTERMSIG(in_sandbox(give_up, kind)), SIGABRT);
}

static void *as_vcpu(void *arg)
{
	(void)arg;
	if (sandbox_enter(SANDBOX_VCPU))
		leave(99);
	make_process();
	return NULL;
}

static void from_a_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, as_vcpu, NULL);
	pthread_join(thread, NULL);
}

/* Not the thread alone: a VM without one of its vCPUs is of no use. */
static void kills_the_process(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0) {
		from_a_thread();
		leave(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(killed(status));
}

/* 0, or -errno; in a child, since it is for good. */
static int open_under_landlock(const char *path, const char *const *readable)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (landlock_enter(readable))
			leave(99);
		leave(open(path, O_RDONLY) < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

/* Only on a kernel with Landlock; the first call asks for its version. */
static void no_path_is_open(void **state)
{
	static const char *const nothing[] = { NULL };
	static const char *const etc[] = { "/no/such", "/etc", NULL };

	(void)state;
	if (syscall(444, NULL, 0, 1) < 0)
		skip();
	assert_int_equal(open_under_landlock("/etc/passwd", nothing), -EACCES);
	assert_int_equal(open_under_landlock("/etc/passwd", etc), 0);
	assert_int_equal(open_under_landlock("/bin/sh", etc), -EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_calls),
		cmocka_unit_test(raw_sockets_are_refused),
		cmocka_unit_test(dies_by_its_own_signal),
		cmocka_unit_test(kills_the_process),
		cmocka_unit_test(no_path_is_open),
	};

	null_fd = open("/dev/null", O_RDWR);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
