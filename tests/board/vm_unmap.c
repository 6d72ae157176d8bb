/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a real-time thread waits for its CPU while the process unmaps memory
 * that stage 2 maps. For a board with one CPU that counts instructions
 * (--icount), where a nanosecond is one instruction.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "vm.h"

#define LEN  (192u << 20)
#define BASE 0x50000000u
#define NAP  500000

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n" /* stores a word to each page of [r0, r2) */
    "	str	r1, [r0]\n"
    "	add	r0, r0, #0x1000\n"
    "	cmp	r0, r2\n"
    "	blo	guest_start\n"
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

static struct test_vm vm;
static volatile bool stop;
static volatile uint64_t worst;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void *watch(void *arg)
{
	struct sched_param fifo = { .sched_priority = 50 };
	struct timespec nap = { .tv_nsec = NAP };

	check_eq("unmap/real-time",
		 (uint64_t)pthread_setschedparam(pthread_self(), SCHED_FIFO,
						 &fifo),
		 0);
	while (!stop) {
		uint64_t begin = now_ns(), late;

		nanosleep(&nap, NULL);
		late = now_ns() - begin - NAP;
		if (late > worst)
			worst = late;
	}
	return arg;
}

static char *memory(void)
{
	char *p = mmap(NULL, LEN, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(p, LEN, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < LEN; i += 4096)
		p[i] = 1;
	return p;
}

static uint64_t wait_while_unmapped(char *p, const char *what)
{
	uint64_t took;

	usleep(10000);
	worst = 0;
	took = now_ns();
	munmap(p, LEN);
	took = now_ns() - took;
	usleep(10000);
	printf("# %s: munmap() of 192 MiB took %llu us, the thread waited %llu us\n",
	       what, (unsigned long long)took / 1000,
	       (unsigned long long)worst / 1000);
	return worst;
}

static char *touched_by_guest(void)
{
	char *p = memory();

	check_eq("unmap/slot", (uint64_t)vm_map_memory(vm.ctx, BASE, LEN, p, 0),
		 0);
	set_reg(vm.vcpu, VM_REG_GUEST_R0, BASE);
	set_reg(vm.vcpu, VM_REG_GUEST_R2, BASE + LEN);
	check_eq("unmap/touched", (uint64_t)run_to_exit(&vm), 0);
	check_eq("unmap/at-its-end", get_reg(vm.vcpu, VM_REG_GUEST_R0),
		 BASE + LEN);
	return p;
}

int main(void)
{
	uint64_t without, with;
	pthread_t thread;

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	pthread_create(&thread, NULL, watch, NULL);
	without = wait_while_unmapped(memory(), "without a guest");
	with = wait_while_unmapped(touched_by_guest(), "mapped by a guest");
	stop = true;
	pthread_join(thread, NULL);
	/* The limit is what the pages of one table take. */
	check("unmap/a-real-time-thread-goes-first",
	      with < 2 * without + 100000);
	return result();
}
