/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage: taken_over PID THREAD CALL [ARGUMENT...]
 * Has a thread of a process, by its name, make a system call, as whoever has taken
 * the process over could: stops it, and puts another call in place of the next one
 * it makes. A call is a name of the table below or a number; arguments are numbers,
 * or @TEXT for its address on the thread's stack.
 * Prints "CALL = RESULT", or "CALL: killed by signal N".
 */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#define SYSCALL_STOP (SIGTRAP | 0x80)
#ifndef PTRACE_SET_SYSCALL
#define PTRACE_SET_SYSCALL 23
#endif

static const struct {
	const char *name;
	long nr;
} calls[] = {
	{ "ioctl", SYS_ioctl },	  { "socket", SYS_socket },
	{ "openat", SYS_openat }, { "execve", SYS_execve },
	{ "kill", SYS_kill },	  { "getpid", SYS_getpid },
	{ "unlink", SYS_unlink }, { "mprotect", SYS_mprotect },
	{ "fcntl", SYS_fcntl64 }, { "clone", SYS_clone },
	{ "ptrace", SYS_ptrace }, { "connect", SYS_connect },
};

static void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "taken_over: %s: %s\n", what, strerror(errno));
	exit(2);
}

static long number_of(const char *call)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, call))
			return calls[i].nr;
	return strtol(call, NULL, 0);
}

static int has_name(const char *pid, const char *tid, const char *name)
{
	char path[64], comm[32] = "";
	FILE *fp;

	snprintf(path, sizeof(path), "/proc/%s/task/%.20s/comm", pid, tid);
	fp = fopen(path, "r");
	if (!fp)
		return 0;
	if (fgets(comm, sizeof(comm), fp))
		comm[strcspn(comm, "\n")] = '\0';
	fclose(fp);
	return !strcmp(comm, name);
}

static pid_t find_thread(const char *pid, const char *name)
{
	char path[64];
	struct dirent *entry;
	pid_t tid = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	if (!dir)
		fail(path);
	while (!tid && (entry = readdir(dir)))
		if (has_name(pid, entry->d_name, name))
			tid = atoi(entry->d_name);
	closedir(dir);
	if (!tid)
		fail(name);
	return tid;
}

/* The status with which it stops, or ends. */
static int wait_for(pid_t tid)
{
	int status;

	if (waitpid(tid, &status, __WALL) != tid)
		fail("waitpid");
	return status;
}

static int go_on(pid_t tid)
{
	if (ptrace(PTRACE_SYSCALL, tid, NULL, NULL))
		fail("PTRACE_SYSCALL");
	return wait_for(tid);
}

static int is_syscall_stop(int status)
{
	return WIFSTOPPED(status) && WSTOPSIG(status) == SYSCALL_STOP;
}

/* R12 tells the start of a call, 0, from its end, 1. */
static void stop_at_call(pid_t tid)
{
	struct user_regs regs;

	if (ptrace(PTRACE_SEIZE, tid, NULL, (void *)PTRACE_O_TRACESYSGOOD) ||
	    ptrace(PTRACE_INTERRUPT, tid, NULL, NULL))
		fail("cannot be traced");
	wait_for(tid);
	do {
		if (!is_syscall_stop(go_on(tid)))
			continue;
		if (ptrace(PTRACE_GETREGS, tid, NULL, &regs))
			fail("PTRACE_GETREGS");
		if (!regs.uregs[12])
			return;
	} while (1);
}

/* Below what the thread has on its stack; returns the address. */
static unsigned long put_text(pid_t tid, const char *text, unsigned long *sp)
{
	char padded[128] = "";
	long word;

	snprintf(padded, sizeof(padded), "%s", text);
	*sp -= sizeof(padded);
	for (size_t i = 0; i < sizeof(padded); i += sizeof(word)) {
		memcpy(&word, padded + i, sizeof(word));
		if (ptrace(PTRACE_POKEDATA, tid, (void *)(*sp + i),
			   (void *)word))
			fail("PTRACE_POKEDATA");
	}
	return *sp;
}

static unsigned long argument(pid_t tid, const char *text, unsigned long *sp)
{
	return *text == '@' ? put_text(tid, text + 1, sp) :
			      strtoul(text, NULL, 0);
}

static void replace_call(pid_t tid, long nr, int argc, char *argv[])
{
	struct user_regs regs;
	unsigned long sp;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &regs))
		fail("PTRACE_GETREGS");
	sp = regs.uregs[13] & ~7ul;
	for (int i = 0; i < 6; i++)
		regs.uregs[i] = i < argc ? argument(tid, argv[i], &sp) : 0;
	regs.uregs[17] = regs.uregs[0]; /* what the call's filter looks at */
	regs.uregs[7] = nr;
	if (ptrace(PTRACE_SETREGS, tid, NULL, &regs) ||
	    ptrace(PTRACE_SET_SYSCALL, tid, NULL, (void *)nr))
		fail("PTRACE_SETREGS");
}

int main(int argc, char *argv[])
{
	struct user_regs regs;
	int status;
	pid_t tid;

	if (argc < 4) {
		fprintf(stderr, "usage: taken_over PID THREAD CALL "
				"[ARGUMENT...]\n");
		return 2;
	}
	tid = find_thread(argv[1], argv[2]);
	stop_at_call(tid);
	replace_call(tid, number_of(argv[3]), argc - 4, argv + 4);
	status = go_on(tid);
	if (WIFSIGNALED(status)) {
		printf("%s: killed by signal %d\n", argv[3], WTERMSIG(status));
		return 1;
	}
	if (ptrace(PTRACE_GETREGS, tid, NULL, &regs))
		fail("PTRACE_GETREGS");
	printf("%s = %ld\n", argv[3], (long)regs.uregs[0]);
	return 0;
}
