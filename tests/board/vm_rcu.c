/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that computes does not hold up RCU: a grace period of the host ends
 * about as soon as beside a process that computes.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "vm.h"

#define ROUNDS 20
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

static struct test_vm vm;
static volatile bool stop;

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

static uint64_t grace_periods(const char *beside)
{
	uint64_t begin = now_us(), us;

	for (int i = 0; i < ROUNDS; i++)
		syscall(SYS_membarrier, GRACE_PERIOD, 0);
	us = (now_us() - begin) / ROUNDS;
	printf("# beside %s: %llu us each\n", beside, (unsigned long long)us);
	return us;
}

static void *process(void *arg)
{
	pin_to(1);
	while (!stop)
		;
	return arg;
}

static void *guest(void *arg)
{
	pin_to(1);
	while (!stop)
		vm_run(vm.vcpu);
	return arg;
}

static uint64_t beside(const char *what, void *(*work)(void *))
{
	pthread_t thread;
	uint64_t us;

	stop = false;
	pthread_create(&thread, NULL, work, NULL);
	usleep(100000);
	us = grace_periods(what);
	stop = true;
	vm_suspend(vm.ctx, VM_SUSPEND_POWEROFF);
	pthread_join(thread, NULL);
	return us;
}

int main(void)
{
	uint64_t by_process, by_guest;

	make_test_vm(&vm, 1, guest_start, guest_end);
	pin_to(0);
	by_guest = beside("a guest", guest);
	by_process = beside("a process", process);
	check("rcu/a-guest-holds-up-no-grace-period",
	      by_guest < 3 * by_process);
	return result();
}
