/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest memory is memory of the process: what is done to the process's memory
 * is done to the guest's, whatever the guest has mapped before.
 */
#include "vm.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE	0x1000u
#define TESTED	0x50000000u /* guest-physical address of each test's memory */
#define STEP	0x01000000u
#define NOTHING 0x0f000000 /* a physical address of the board */

extern const char guest_start[], guest_load[], guest_spin[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	str	r1, [r0]\n"
    "	wfi\n"
    "guest_load:\n"
    "	ldr	r1, [r0]\n"
    "	wfi\n"
    "guest_spin:\n" /* stores r1 to each page from r0 to r2, for ever */
    "	mov	r3, r0\n"
    "1:	str	r1, [r3]\n"
    "	add	r3, r3, #0x1000\n"
    "	cmp	r3, r2\n"
    "	blo	1b\n"
    "	b	guest_spin\n"
    "guest_end:\n"
    "	.text\n");

static struct test_vm vm;

static void give(uint32_t gpa, void *hva, size_t len)
{
	check_eq("vm_memory/given",
		 (uint64_t)vm_map_memory(vm.ctx, gpa, len, hva, 0), 0);
}

static volatile uint32_t *map(uint32_t gpa, size_t len, int prot, int flags,
			      int fd, off_t off)
{
	void *hva = mmap(NULL, len, prot, flags, fd, off);

	if (hva == MAP_FAILED) {
		printf("not ok vm_memory/mmap: %s\n", strerror(errno));
		exit(1);
	}
	give(gpa, hva, len);
	return hva;
}

static volatile uint32_t *map_anonymous(uint32_t gpa, size_t len)
{
	return map(gpa, len, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int run_at(const char *code, uint32_t gpa, uint32_t val)
{
	set_reg(vm.vcpu, VM_REG_GUEST_PC,
		GUEST_CODE + (uint32_t)(code - guest_start));
	set_reg(vm.vcpu, VM_REG_GUEST_R0, gpa);
	set_reg(vm.vcpu, VM_REG_GUEST_R1, val);
	return run_to_exit(&vm);
}

static void store(const char *name, uint32_t gpa, uint32_t val, int want)
{
	check_eq(name, (uint64_t)run_at(guest_start, gpa, val), (uint64_t)want);
}

static void load(const char *name, uint32_t gpa, uint32_t want)
{
	check_eq(name, (uint64_t)run_at(guest_load, gpa, ~want), 0);
	check_eq(name, get_reg(vm.vcpu, VM_REG_GUEST_R1), want);
}

static void refuse_load(const char *name, uint32_t gpa)
{
	check_eq(name, (uint64_t)run_at(guest_load, gpa, 0), (uint64_t)-EFAULT);
}

static void thrown_away(uint32_t gpa)
{
	volatile uint32_t *p = map_anonymous(gpa, PAGE);

	store("vm_memory/stored", gpa, 1, 0);
	check_eq("vm_memory/stored: the process has it", p[0], 1);
	madvise((void *)p, PAGE, MADV_DONTNEED);
	load("vm_memory/thrown-away: the guest has it no longer", gpa, 0);
	p[0] = 2;
	load("vm_memory/thrown-away: the guest has the new page", gpa, 2);
}

static void zero_page(uint32_t gpa)
{
	volatile uint32_t *p = map_anonymous(gpa, 2 * PAGE);

	load("vm_memory/zero-page: a page nobody has touched", gpa, 0);
	p[0] = 3;
	load("vm_memory/zero-page: the process has touched it", gpa, 3);
	load("vm_memory/zero-page: another", gpa + PAGE, 0);
	store("vm_memory/zero-page: the guest stores", gpa + PAGE, 4, 0);
	check_eq("vm_memory/zero-page: the process has it", p[PAGE / 4], 4);
}

/* A child process that reports what it finds at p, when it is told to. */
static pid_t fork_reader(const volatile uint32_t *p, int go[2], int said[2])
{
	pid_t pid;
	uint32_t val;

	if (pipe(go) || pipe(said))
		exit(1);
	pid = fork();
	if (pid)
		return pid;
	if (read(go[0], &val, 1) != 1)
		_exit(1);
	val = *p;
	_exit(write(said[1], &val, sizeof(val)) != sizeof(val));
}

static void forked(uint32_t gpa)
{
	volatile uint32_t *p = map_anonymous(gpa, PAGE);
	int go[2], said[2];
	uint32_t val = 0;
	pid_t pid;

	store("vm_memory/fork: before", gpa, 5, 0);
	pid = fork_reader(p, go, said);
	load("vm_memory/fork: the guest still has it", gpa, 5);
	store("vm_memory/fork: the guest stores", gpa, 6, 0);
	check_eq("vm_memory/fork: the process has that", p[0], 6);
	load("vm_memory/fork: and the guest", gpa, 6);
	check("vm_memory/fork: the child is told",
	      write(go[1], "", 1) == 1 &&
		      read(said[0], &val, sizeof(val)) == sizeof(val));
	check_eq("vm_memory/fork: the child has what was there before", val, 5);
	waitpid(pid, NULL, 0);
	store("vm_memory/fork: after it is gone", gpa, 7, 0);
	check_eq("vm_memory/fork: the process has that, too", p[0], 7);
}

static void protected(uint32_t gpa)
{
	volatile uint32_t *p = map_anonymous(gpa, PAGE);

	store("vm_memory/mprotect: before", gpa, 8, 0);
	mprotect((void *)p, PAGE, PROT_READ);
	load("vm_memory/mprotect: PROT_READ, load", gpa, 8);
	store("vm_memory/mprotect: PROT_READ, store", gpa, 9, -EFAULT);
	mprotect((void *)p, PAGE, PROT_NONE);
	refuse_load("vm_memory/mprotect: PROT_NONE, load", gpa);
	mprotect((void *)p, PAGE, PROT_READ | PROT_WRITE);
	load("vm_memory/mprotect: no store came through", gpa, 8);
	store("vm_memory/mprotect: PROT_WRITE, store", gpa, 9, 0);
	check_eq("vm_memory/mprotect: the process has it", p[0], 9);
	munmap((void *)p, PAGE);
	refuse_load("vm_memory/munmap: load", gpa);
}

static void of_a_file(uint32_t gpa)
{
	char name[] = "/tmp/vm_memory.XXXXXX";
	int fd = mkstemp(name);
	uint32_t val = 10;

	unlink(name);
	if (fd < 0 || ftruncate(fd, PAGE) || pwrite(fd, &val, 4, 0) != 4)
		exit(1);
	map(gpa, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	load("vm_memory/file: shared, load", gpa, 10);
	store("vm_memory/file: shared, store", gpa, 11, 0);
	check("vm_memory/file: it is in the file",
	      pread(fd, &val, 4, 0) == 4 && val == 11);
	gpa += STEP;
	map(gpa, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	load("vm_memory/file: private, load", gpa, 11);
	store("vm_memory/file: private, store", gpa, 12, 0);
	load("vm_memory/file: private, load after that", gpa, 12);
	check("vm_memory/file: it is not in the file",
	      pread(fd, &val, 4, 0) == 4 && val == 11);
	gpa += STEP;
	map(gpa, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	load("vm_memory/file: read-only, load", gpa, 11);
	store("vm_memory/file: read-only, store", gpa, 13, -EFAULT);
	if (ftruncate(fd, 0))
		exit(1);
	refuse_load("vm_memory/file: nothing there any more", gpa);
	close(fd);
}

/*
 * KiB of @p's mapping that MADV_FREE lets the kernel drop, because nobody has
 * written to them.
 */
static long lazily_freed(const volatile void *p)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long start, end;
	bool here = false;
	char line[256];
	long kib = -1;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = (uintptr_t)p >= start && (uintptr_t)p < end;
		if (here)
			sscanf(line, "LazyFree: %ld", &kib);
	}
	if (f)
		fclose(f);
	return kib;
}

static void dirty(uint32_t gpa)
{
	/* The kernel collects such pages in batches of fifteen. */
	const size_t len = 64 * PAGE;
	volatile uint32_t *p = map_anonymous(gpa, len);
	long free;

	store("vm_memory/dirty: a page", gpa, 14, 0);
	for (size_t i = PAGE; i < len; i += PAGE)
		p[i / 4] = 1;
	madvise((void *)p, len, MADV_FREE);
	free = lazily_freed(p);
	check("vm_memory/dirty: nobody needs most of them", free > 100);
	load("vm_memory/dirty: the guest loads", gpa, 14);
	check_eq("vm_memory/dirty: which does not change that",
		 (uint64_t)lazily_freed(p), (uint64_t)free);
	store("vm_memory/dirty: the guest stores", gpa, 15, 0);
	check_eq("vm_memory/dirty: that page is needed again",
		 (uint64_t)lazily_freed(p), (uint64_t)free - 4);
}

/* Memory without page structures: the guest cannot even load from it. */
static void of_a_device(uint32_t gpa)
{
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);

	map(gpa, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, NOTHING);
	refuse_load("vm_memory/device: load", gpa);
	store("vm_memory/device: store", gpa, 16, -EFAULT);
	close(fd);
}

static void of_a_driver(uint32_t gpa)
{
	char *page = (char *)vcpu_run_page(vm.vcpu);
	volatile uint32_t *last = (uint32_t *)(page + PAGE) - 1;

	give(gpa, page, PAGE);
	store("vm_memory/driver's page: store", gpa + PAGE - 4, 17, 0);
	check_eq("vm_memory/driver's page: the process has it", *last, 17);
}

/* After a slot is removed, its old memory has no effect. */
static void slots(uint32_t gpa)
{
	volatile uint32_t *p = map_anonymous(gpa, 3 * PAGE);
	int rom = vm_add_rom(vm.ctx);

	check("vm_memory/slot: there is one for a ROM", rom >= 0);
	gpa += 4 * PAGE;
	p[0] = 18;
	check_eq("vm_memory/slot: shown",
		 (uint64_t)vm_show_rom(vm.ctx, rom, gpa + PAGE, PAGE,
				       (void *)p),
		 0);
	load("vm_memory/slot: shown, load", gpa + PAGE, 18);
	check_eq("vm_memory/slot: hidden",
		 (uint64_t)vm_show_rom(vm.ctx, rom, gpa + PAGE, 0, NULL), 0);
	check_eq("vm_memory/slot: hidden, load",
		 (uint64_t)run_at(guest_load, gpa + PAGE, 0), 0);
	check_eq("vm_memory/slot: that is a device's", vm.exit->exitcode,
		 VM_EXITCODE_INST_EMUL);
	run_to_exit(&vm);
	give(gpa, (void *)p, 3 * PAGE);
	load("vm_memory/slot: another has that, load", gpa, 18);
	store("vm_memory/slot: another has that, store", gpa + PAGE, 19, 0);
	check_eq("vm_memory/slot: the process has it", p[PAGE / 4], 19);
}

/*
 * A thread drops the memory to which the guest stores, for two seconds. Another
 * one takes the pages that the kernel frees, in which no data of the guest may
 * appear.
 */
#define SPUN (64 * PAGE)

static volatile uint32_t *spun;
static volatile bool stop;
static volatile uint32_t strays;

static void *throw_away(void *arg)
{
	while (!stop)
		madvise((void *)spun, SPUN, MADV_DONTNEED);
	return arg;
}

static void *take_over(void *arg)
{
	while (!stop) {
		volatile uint32_t *p = mmap(NULL, SPUN, PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (unsigned int turn = 0; turn < 4; turn++)
			for (unsigned int i = 0; i < SPUN / 4; i += PAGE / 4) {
				strays += p[i] != turn;
				p[i] = turn + 1;
			}
		munmap((void *)p, SPUN);
	}
	return arg;
}

static void *end_it(void *arg)
{
	struct timespec two_seconds = { .tv_sec = 2 };

	nanosleep(&two_seconds, NULL);
	vm_suspend(vm.ctx, VM_SUSPEND_POWEROFF);
	return arg;
}

static void race(uint32_t gpa)
{
	void *(*const function[])(void *) = { throw_away, take_over, end_it };
	pthread_t thread[3];

	spun = map_anonymous(gpa, SPUN);
	for (unsigned int i = 0; i < 3; i++)
		pthread_create(&thread[i], NULL, function[i], NULL);
	set_reg(vm.vcpu, VM_REG_GUEST_R2, gpa + SPUN);
	check_eq("vm_memory/race", (uint64_t)run_at(guest_spin, gpa, 0xbad), 0);
	check_eq("vm_memory/race: goes on until it is stopped",
		 vm.exit->exitcode, VM_EXITCODE_SUSPENDED);
	stop = true;
	for (unsigned int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	check_eq("vm_memory/race: no page is the guest's after it is gone",
		 strays, 0);
}

int main(void)
{
	static void (*const tests[])(uint32_t gpa) = {
		thrown_away, zero_page,	  forked, protected, dirty,
		of_a_device, of_a_driver, slots,  of_a_file,
	};
	uint32_t gpa = TESTED;

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	for (unsigned int i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		tests[i](gpa);
		gpa += STEP;
	}
	race(gpa + 4 * STEP);
	vm_destroy(vm.ctx);
	return result();
}
