/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Round trips between CPUs: two vCPUs by SGIs, and another process and a vCPU
 * by eventfds. Beside each, chunk by chunk, two threads of the host do round
 * trips by a futex. "cpus NAME GUEST HOST" gives nanoseconds of one chunk of
 * each, which are only good to be compared.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/board/vm.h"

/* Short chunks, so that other programs disturb only some of them. */
#define PER_CHUNK 10
#define CHUNKS	  1000 /* the most; it ends earlier after SECONDS */
#define SECONDS	  3
#define DEVICE	  0x10000000u
#define ANSWER	  (DEVICE + 8)
#define SPI	  40
#define STR_(x)	  #x
#define STR(x)	  STR_(x)

/*
 * In the guests: r0 GICD, r1 GICC, r2 DEVICE, r4 whether they wait in WFI, r5
 * what the interrupt handler returns, r6 for the handler, r7 SPURIOUS. A chunk
 * has one round that is not timed, in which both sides get ready, and PER_CHUNK
 * rounds that are. It ends with a store to DEVICE.
 */
asm("	.syntax unified\n"
    "	.arm\n"
    "	.arch_extension virt\n"
    "	.equ	ROUNDS, " STR(
	    PER_CHUNK) "\n"
		       "	.section .rodata\n"
		       "	.macro	vectors\n" /* at GUEST_CODE, which is also the reset vector */
		       "	b	2f\n"
		       "	.rept	5\n"
		       "	b	.\n"
		       "	.endr\n"
		       "	ldr	r6, [r1, #0xc]\n" /* IRQ: GICC_IAR */
		       "	cmp	r6, r7\n"
		       "	strne	r6, [r1, #0x10]\n" /* GICC_EOIR */
		       "	movne	r5, #1\n"
		       "	subs	pc, lr, #4\n"
		       "2:\n"
		       "	.endm\n"
		       "	.macro	gic_on\n"
		       "	mov	r0, #0x08000000\n"
		       "	add	r1, r0, #0x10000\n"
		       "	mov	r2, #0x10000000\n"
		       "	movw	r7, #1023\n"
		       "	mov	r3, #1\n"
		       "	str	r3, [r0]\n" /* GICD_CTLR */
		       "	mov	r3, #0xff\n"
		       "	str	r3, [r1, #4]\n" /* GICC_PMR */
		       "	mov	r3, #1\n"
		       "	str	r3, [r1]\n" /* GICC_CTLR */
		       "	mov	r5, #0\n"
		       "	movw	r3, #0x0000\n"
		       "	movt	r3, #0x4001\n"
		       "	mcr	p15, 0, r3, c12, c0, 0\n" /* VBAR: GUEST_CODE */
		       "	isb\n"
		       "	.endm\n"
		       "	.macro	catch\n"
		       "1:	cpsid	i\n"
		       "	cmp	r5, #1\n"
		       "	beq	2f\n"
		       "	cmp	r4, #1\n"
		       "	wfieq\n"
		       "	cpsie	i\n"
		       "	b	1b\n"
		       "2:	mov	r5, #0\n"
		       "	cpsie	i\n"
		       "	.endm\n"
		       "	.macro	throw\n"
		       "	str	r8, [r0, #0xf00]\n" /* GICD_SGIR */
		       "	.endm\n");

extern const char sgi_start[], sgi_end[];
asm("sgi_start:\n"
    "	vectors\n"
    "	movw	r0, #0x0003\n" /* CPU_ON */
    "	movt	r0, #0x8400\n"
    "	mov	r1, #1\n"
    "	adr	r2, second\n"
    "	mov	r3, r4\n"
    "	hvc	#0\n"
    "	gic_on\n"
    "	movw	r8, #0x0001\n" /* SGI 1 to vCPU 1 */
    "	movt	r8, #0x0002\n"
    "3:	throw\n"
    "	catch\n"
    "	mov	r9, #ROUNDS\n"
    "	isb\n"
    "	mrrc	p15, 1, r10, r11, c14\n" /* CNTVCT */
    "4:	throw\n"
    "	catch\n"
    "	subs	r9, r9, #1\n"
    "	bne	4b\n"
    "	isb\n"
    "	mrrc	p15, 1, r11, r12, c14\n"
    "	sub	r10, r11, r10\n"
    "	str	r10, [r2]\n"
    "	b	3b\n"
    "second:\n"
    "	mov	r4, r0\n"
    "	gic_on\n"
    "	movw	r8, #0x0001\n" /* SGI 1 to vCPU 0 */
    "	movt	r8, #0x0001\n"
    "5:	mov	r9, #ROUNDS + 1\n"
    "6:	catch\n"
    "	throw\n"
    "	subs	r9, r9, #1\n"
    "	bne	6b\n"
    "	str	r9, [r2]\n"
    "	b	5b\n"
    "sgi_end:\n");

extern const char irqfd_start[], irqfd_end[];
asm("irqfd_start:\n"
    "	vectors\n"
    "	gic_on\n"
    "	mov	r3, #0x100\n"
    "	str	r3, [r0, #0x104]\n" /* GICD_ISENABLER1: 40 */
    "	mov	r3, #0x00020000\n"
    "	str	r3, [r0, #0xc08]\n" /* from here on no signal is lost */
    "	str	r3, [r2]\n"	    /* none is lost from now on */
    "3:	mov	r9, #ROUNDS + 1\n"
    "4:	catch\n"
    "	str	r9, [r2, #8]\n" /* ANSWER */
    "	subs	r9, r9, #1\n"
    "	bne	4b\n"
    "	str	r9, [r2]\n"
    "	b	3b\n"
    "irqfd_end:\n"
    "	.text\n");

enum who {
	FIRST,
	SECOND
}; /* of a CPU, and of who plays there */

struct play {
	const char *name;
	bool wfi;
	bool irqfd;
};

static struct test_vm vm;
static uint64_t guest_ns[CHUNKS], host_ns[CHUNKS];
static atomic_bool last; /* the last chunk; set before the host's half runs */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void pin(enum who cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("cpus: sched_setaffinity");
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Which of the host's threads has the turn. */
static _Atomic(uint32_t) ball = FIRST;

static void throw_to(enum who other)
{
	atomic_store(&ball, other);
	syscall(SYS_futex, &ball, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void catch_from(enum who other)
{
	while (atomic_load(&ball) == other)
		syscall(SYS_futex, &ball, FUTEX_WAIT_PRIVATE, other, NULL, NULL,
			0);
}

static void host_rounds(unsigned int n)
{
	while (n--) {
		throw_to(SECOND);
		catch_from(SECOND);
	}
}

static uint64_t host_chunk(void)
{
	uint64_t before;

	host_rounds(1);
	before = now();
	host_rounds(PER_CHUNK);
	return now() - before;
}

static void host_partner(void)
{
	for (unsigned int i = 0; i <= PER_CHUNK; i++) {
		catch_from(FIRST);
		throw_to(FIRST);
	}
}

/* Runs until the guest stores to DEVICE, and returns the value. */
static uint64_t next_store(struct vcpu *vcpu)
{
	struct vm_run *run = vcpu_run_page(vcpu);
	int ret;

	do
		ret = vm_run(vcpu);
	while (ret == -EINTR ||
	       (!ret && run->exit.exitcode == VM_EXITCODE_BOGUS));
	if (ret || run->exit.exitcode != VM_EXITCODE_INST_EMUL ||
	    run->exit.u.inst_emul.gpa != DEVICE) {
		fprintf(stderr, "cpus: no store: %d, exit %u\n", ret,
			run->exit.exitcode);
		exit(1);
	}
	return run->mmio_data;
}

static void *second_cpu(void *arg)
{
	const struct play *play = arg;

	pin(SECOND);
	do {
		if (!play->irqfd)
			next_store(vm_get_vcpu(vm.ctx, 1));
		host_partner();
	} while (!last);
	return NULL;
}

static uint64_t sgi_chunk(void)
{
	return next_store(vm.vcpu) * 16; /* CNTFRQ is 62.5 MHz. */
}

/* Another process signals, and polls for the guest's answer. */
static struct {
	int begin, irq, answer, end;
	pid_t pid;
} other;

static void ask(void)
{
	eventfd_t n;

	eventfd_write(other.irq, 1);
	while (eventfd_read(other.answer, &n))
		;
}

static void ask_chunks(void)
{
	eventfd_t n;
	uint64_t before;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(SECOND);
	while (!eventfd_read(other.begin, &n)) {
		ask();
		before = now();
		for (int i = 0; i < PER_CHUNK; i++)
			ask();
		eventfd_write(other.end, now() - before);
	}
	_exit(1);
}

static void start_other(void)
{
	other.begin = eventfd(0, EFD_CLOEXEC);
	other.irq = eventfd(0, EFD_CLOEXEC);
	other.answer = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	other.end = eventfd(0, EFD_CLOEXEC);
	if (vm_irqfd_assign(vm.ctx, other.irq, SPI) ||
	    vm_ioeventfd_assign(vm.ctx, other.answer, ANSWER, 4, NULL))
		die("cpus: eventfds");
	other.pid = fork();
	if (other.pid < 0)
		die("cpus: fork");
	if (!other.pid)
		ask_chunks();
}

static void stop_other(void)
{
	kill(other.pid, SIGKILL);
	waitpid(other.pid, NULL, 0);
	close(other.begin);
	close(other.irq);
	close(other.answer);
	close(other.end);
}

static uint64_t irqfd_chunk(void)
{
	eventfd_t ns;

	eventfd_write(other.begin, 1);
	next_store(vm.vcpu);
	if (eventfd_read(other.end, &ns))
		die("cpus: eventfd");
	return ns;
}

/* The number of chunks. */
static int chunks(const struct play *play)
{
	uint64_t end = now() + SECONDS * 1000000000ull;
	int n = 0;

	last = false;
	while (!last) {
		guest_ns[n] = play->irqfd ? irqfd_chunk() : sgi_chunk();
		last = n == CHUNKS - 1 || now() > end;
		host_ns[n++] = host_chunk();
	}
	return n;
}

static void show(const char *name, int n)
{
	for (int i = 0; i < n; i++)
		printf("cpus %s %llu %llu\n", name,
		       (unsigned long long)guest_ns[i],
		       (unsigned long long)host_ns[i]);
}

static void measure(struct play *play)
{
	pthread_t second;
	int n;

	if (play->irqfd)
		make_test_vm(&vm, 1, irqfd_start, irqfd_end);
	else
		make_test_vm(&vm, 2, sgi_start, sgi_end);
	set_reg(vm.vcpu, VM_REG_GUEST_R4, play->wfi);
	if (play->irqfd) {
		next_store(vm.vcpu);
		start_other();
	}
	if (pthread_create(&second, NULL, second_cpu, play))
		die("cpus: thread");
	n = chunks(play);
	pthread_join(second, NULL);
	if (play->irqfd)
		stop_other();
	vm_destroy(vm.ctx);
	show(play->name, n);
}

/* The plays in which the guest waits: "cpus wfi". */
int main(int argc, char *argv[])
{
	static struct play plays[] = {
		{ "ipi", false, false },
		{ "irqfd", false, true },
		{ "ipi-wfi", true, false },
		{ "irqfd-wfi", true, true },
	};

	(void)argv;
	pin(FIRST);
	for (size_t i = argc > 1 ? 2 : 0; i < 4; i++)
		measure(&plays[i]);
	return 0;
}
