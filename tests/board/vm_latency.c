/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a real-time thread waits for its CPU beside guests that do their worst: at
 * most twice as long as beside a process that does the like without a guest. And how
 * long such a process takes to end when it is killed. For a board with one CPU that
 * counts instructions (--icount), where a nanosecond is one instruction.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vm.h"

#define NAP   500000	   /* ns; the tick of the host is 4 ms */
#define LOOK  400000000ull /* ns */
#define QUICK 50000000ull  /* ns: a process with a VM is gone within that */
#define FIRST 0x20000u /* of the memory that is used up, in the guest's RAM */
#define LEN   (GUEST_SIZE - FIRST)
#define LINES 32

/* Both vCPUs run it, with interrupts masked, and never leave by themselves. */
#define GUEST(name, code)                                               \
	extern const char name##_start[], name##_end[];                 \
	asm("	.section .rodata\n"                                       \
	    "	.arm\n" #name "_start:\n"                               \
	    "	movw	r0, #0x0003\n" /* CPU_ON */                     \
	    "	movt	r0, #0x8400\n"                                       \
	    "	mov	r1, #1\n"                                             \
	    "	movw	r2, #0x0000\n"                                       \
	    "	movt	r2, #0x4001\n"                                       \
	    "	.inst	0xe1400070\n" /* hvc #0 */ code #name "_end:\n" \
	    "	.text\n")

#define GIC                      \
	"	mov	r0, #0x08000000\n" \
	"	movw	r1, #0x0000\n"    \
	"	movt	r1, #0x0801\n"    \
	"	mov	r2, #1\n"          \
	"	str	r2, [r0]\n"        \
	"	str	r2, [r1]\n"        \
	"	mov	r3, #0xf8\n"       \
	"	str	r3, [r1, #4]\n" /* GICC_PMR */

#define TAKE_ALL                                      \
	"	ldr	r5, [r1, #0xc]\n"  /* IAR */  \
	"	str	r5, [r1, #0x10]\n" /* EOIR */ \
	"	b	1b\n"

GUEST(masked, "	b	.\n");
/* Page after page, as it is taken away again. */
GUEST(hammer, "	movw	r1, #0x0000\n"
	      "	movt	r1, #0x4020\n"
	      "1:	movw	r2, #0x0000\n"
	      "	movt	r2, #0x4002\n"
	      "2:	ldr	r3, [r2]\n"
	      "	str	r3, [r2]\n"
	      "	add	r2, r2, #0x1000\n"
	      "	cmp	r2, r1\n"
	      "	blo	2b\n"
	      "	b	1b\n");
/* To the other vCPU and to itself. */
GUEST(sgis, GIC "	mov	r4, #0x01000000\n"
		"	mov	r6, #0x02000000\n"
		"1:	str	r4, [r0, #0xf00]\n"
		"	str	r6, [r0, #0xf00]\n" TAKE_ALL);
/* They are high for ever, so each is pending again after its end. */
GUEST(lines, GIC "	mvn	r3, #0\n"
		 "	str	r3, [r0, #0x104]\n" /* GICD_ISENABLER1 */
		 "	movw	r3, #0x0303\n"
		 "	movt	r3, #0x0303\n"
		 "	add	r4, r0, #0x820\n" /* GICD_ITARGETSR8 to 15 */
		 "	add	r6, r4, #0x20\n"
		 "2:	str	r3, [r4], #4\n"
		 "	cmp	r4, r6\n"
		 "	blo	2b\n"
		 "1:\n" TAKE_ALL);
GUEST(timer, GIC "	mvn	r3, #0\n"
		 "	str	r3, [r0, #0x100]\n" /* GICD_ISENABLER0 */
		 "	mov	r3, #0\n"
		 "	mcrr	p15, 3, r3, r3, c14\n"	  /* CNTV_CVAL */
		 "	mcr	p15, 0, r2, c14, c3, 1\n" /* CNTV_CTL */
		 "1:\n" TAKE_ALL);
/* DCCISW, and the whole instruction cache. */
GUEST(setway, "	mov	r0, #0\n"
	      "1:	mcr	p15, 0, r0, c7, c14, 2\n"
	      "	mcr	p15, 0, r0, c7, c5, 0\n"
	      "	add	r0, r0, #64\n"
	      "	b	1b\n");
GUEST(device, "	mov	r0, #0x10000000\n"
	      "1:	ldr	r1, [r0]\n"
	      "	str	r1, [r0, #4]\n"
	      "	b	1b\n");
/* Its translation tables are in a device. */
GUEST(tables, "	mov	r0, #0x10000000\n"
	      "	mcr	p15, 0, r0, c2, c0, 0\n"
	      "	mvn	r1, #0\n"
	      "	mcr	p15, 0, r1, c3, c0, 0\n"
	      "	mrc	p15, 0, r1, c1, c0, 0\n"
	      "	orr	r1, r1, #1\n"
	      "	mcr	p15, 0, r1, c1, c0, 0\n"
	      "	b	.\n");
GUEST(code, "	mov	pc, #0x10000000\n");

static const struct {
	const char *name, *start, *end;
} guests[] = {
	{ "interrupts-masked", masked_start, masked_end },
	{ "storm-of-SGIs", sgis_start, sgis_end },
	{ "lines-stuck-high", lines_start, lines_end },
	{ "timer-that-is-due", timer_start, timer_end },
	{ "set-way", setway_start, setway_end },
	{ "device", device_start, device_end },
	{ "tables-in-a-device", tables_start, tables_end },
	{ "code-in-a-device", code_start, code_end },
};

/* What the child that is looked at has for its threads. */
static struct test_vm vm;
static char *memory;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void set_policy(int policy, int priority)
{
	struct sched_param p = { .sched_priority = priority };

	if (pthread_setschedparam(pthread_self(), policy, &p))
		check("latency/scheduling-policy", false);
}

static void *compute(void *arg)
{
	for (;;)
		asm volatile("");
	return arg;
}

static void *touch(void *arg)
{
	for (;;)
		for (size_t i = 0; i < LEN; i += 4096)
			((volatile char *)memory)[i]++;
	return arg;
}

/* Whatever it meets, it goes on: bhyve would do no more for it. */
static void *run(void *vcpu)
{
	for (;;)
		if (!vm_run(vcpu))
			vcpu_run_page(vcpu)->mmio_data = 0;
	return NULL;
}

/* The memory goes away as fast as it comes. */
static void *unmap(void *arg)
{
	for (;;) {
		madvise(memory, LEN, MADV_DONTNEED);
		usleep(1000);
	}
	return arg;
}

static void thread(void *(*start)(void *), void *arg)
{
	pthread_t it;

	if (pthread_create(&it, NULL, start, arg))
		exit(1);
}

static void make_guest(const char *start, const char *end)
{
	make_test_vm(&vm, 2, start, end);
	for (uint32_t i = 0; i < LINES; i++)
		vm_assert_irq(vm.ctx, 32 + i);
	memory = vm_map_gpa(vm.ctx, GUEST_RAM + FIRST, LEN);
	for (unsigned int i = 0; i < 2; i++)
		thread(run, vm_get_vcpu(vm.ctx, i));
}

static void make_process(void *(*start)(void *))
{
	memory = mmap(NULL, LEN, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned int i = 0; i < 2; i++)
		thread(start, NULL);
}

/* The longest wait within LOOK. */
static uint64_t longest_wait(void)
{
	const struct timespec nap = { .tv_nsec = NAP };
	uint64_t end = now_ns() + LOOK, begin, late, longest = 0;

	while ((begin = now_ns()) < end) {
		nanosleep(&nap, NULL);
		late = now_ns() - begin - NAP;
		if (late > longest)
			longest = late;
	}
	return longest;
}

struct seen {
	uint64_t wait, end;
};

/* Looks on while @child does what it does, and ends it. */
static struct seen beside(const char *name, pid_t child)
{
	struct seen seen;
	int status;

	usleep(50000);
	seen.wait = longest_wait();
	seen.end = now_ns();
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	seen.end = now_ns() - seen.end;
	printf("# beside %s: %llu us, killed within %llu us\n", name,
	       (unsigned long long)seen.wait / 1000,
	       (unsigned long long)seen.end / 1000);
	check("latency/it-ran-until-then",
	      WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return seen;
}

/* In the child, whose first thread leaves the work to the others, 0. */
static pid_t start_process(void)
{
	pid_t child = fork();

	if (!child)
		set_policy(SCHED_OTHER, 0);
	return child;
}

static struct seen beside_process(const char *name, void *(*start)(void *),
				  bool unmapping)
{
	pid_t child = start_process();

	if (child)
		return beside(name, child);
	make_process(start);
	if (unmapping)
		thread(unmap, NULL);
	for (;;)
		pause();
}

static struct seen beside_guest(const char *name, const char *start,
				const char *end, bool unmapping)
{
	pid_t child = start_process();

	if (child)
		return beside(name, child);
	make_guest(start, end);
	if (unmapping)
		thread(unmap, NULL);
	for (;;)
		pause();
}

static void judge(const char *name, struct seen guest, struct seen process)
{
	char what[80];

	snprintf(what, sizeof(what), "latency/%s: at most twice", name);
	check(what, guest.wait <= 2 * process.wait);
	snprintf(what, sizeof(what), "latency/%s: ends at once", name);
	check(what, guest.end <= process.end + QUICK);
}

int main(void)
{
	struct seen process;

	setvbuf(stdout, NULL, _IOLBF, 0);
	set_policy(SCHED_FIFO, 50);
	process = beside_process("a process that computes", compute, false);
	for (unsigned int i = 0; i < sizeof(guests) / sizeof(guests[0]); i++)
		judge(guests[i].name,
		      beside_guest(guests[i].name, guests[i].start,
				   guests[i].end, false),
		      process);
	process = beside_process("a process whose memory comes and goes", touch,
				 true);
	judge("stage-2",
	      beside_guest("stage-2", hammer_start, hammer_end, true), process);
	return result();
}
