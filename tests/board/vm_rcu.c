/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that computes does not hold up RCU: a grace period of the host ends
 * about as soon as beside a process that computes. The two are measured in turn, and
 * their medians compared, so that whatever else runs beside the board slows down both.
 * A guest that does hold it up makes it five times as long each time.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "vm.h"

#define ROUNDS 21
#define TRIES  5
/* linux/membarrier.h: MEMBARRIER_CMD_GLOBAL calls synchronize_rcu() once. */
#define GRACE_PERIOD 1

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	add	r1, r1, #1\n"
    "	b	guest_start\n"
    "guest_end:\n"
    "	.text\n");

enum work {
	PROCESS,
	GUEST,
	STOP
};

static struct test_vm vm;
static pthread_t worker;
static volatile enum work asked, doing;

static void pin_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void interrupt(int sig)
{
	(void)sig;
}

/* On CPU 1: computes as a process or as a guest. */
static void *compute(void *arg)
{
	pin_to(1);
	while (asked != STOP) {
		doing = asked;
		if (doing == GUEST)
			vm_run(vm.vcpu);
	}
	doing = STOP;
	return arg;
}

/* A signal that comes just before VM_RUN does not end it, but the next one does. */
static void ask(enum work work)
{
	asked = work;
	while (doing != work) {
		pthread_kill(worker, SIGUSR1);
		usleep(1000);
	}
}

/* The first grace period may have begun before the work did. */
static uint64_t grace_period_beside(enum work work)
{
	uint64_t begin;

	ask(work);
	syscall(SYS_membarrier, GRACE_PERIOD, 0);
	begin = now_us();
	syscall(SYS_membarrier, GRACE_PERIOD, 0);
	return now_us() - begin;
}

static int compare_us(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(uint64_t *us)
{
	qsort(us, ROUNDS, sizeof(*us), compare_us);
	return us[ROUNDS / 2];
}

static bool guest_is_like_process(void)
{
	uint64_t process[ROUNDS], guest[ROUNDS], by_process, by_guest;

	for (int i = 0; i < ROUNDS; i++) {
		process[i] = grace_period_beside(PROCESS);
		guest[i] = grace_period_beside(GUEST);
	}
	by_process = median(process);
	by_guest = median(guest);
	printf("# beside a process: %llu us, beside a guest: %llu us\n",
	       (unsigned long long)by_process, (unsigned long long)by_guest);
	return by_guest < 3 * by_process;
}

static bool guest_is_like_process_once(void)
{
	for (int i = 0; i < TRIES; i++) {
		if (guest_is_like_process())
			return true;
	}
	return false;
}

int main(void)
{
	struct sigaction interrupts = { .sa_handler = interrupt };

	make_test_vm(&vm, 1, guest_start, guest_end);
	sigaction(SIGUSR1, &interrupts, NULL);
	pin_to(0);
	pthread_create(&worker, NULL, compute, NULL);
	check("rcu/a-guest-holds-up-no-grace-period",
	      guest_is_like_process_once());
	ask(STOP);
	pthread_join(worker, NULL);
	return result();
}
