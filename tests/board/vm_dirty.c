/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dirty log: its bitmap has the pages that the guest has written since the
 * last look and no others, and while vCPUs write all the time none of their
 * writes is lost. "vm_dirty time" prints how long 64 MiB take to be written, with
 * the log off and on.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include "vm.h"

#define PAGE	  4096u
#define RAM_SIZE  0x01000000u
#define PAGES	  (RAM_SIZE / PAGE)
#define WORDS	  (PAGES / 64)
#define NEXT_RAM  (GUEST_GICD + PAGE) /* right behind the distributor */
#define NEXT_SIZE 0xf000u
#define LOOKS	  300

extern const char guest_start[], guest_end[];
extern const char guest_read[], guest_write[], guest_for_ever[], guest_stm[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    /* r0: address, r1: number of pages, r2: bytes from one to the next */
    "guest_read:\n"
    "	ldr	r3, [r0]\n"
    "	add	r0, r0, r2\n"
    "	subs	r1, r1, #1\n"
    "	bne	guest_read\n"
    "	wfi\n"
    "guest_write:\n"
    "	str	r1, [r0]\n"
    "	add	r0, r0, r2\n"
    "	subs	r1, r1, #1\n"
    "	bne	guest_write\n"
    "	wfi\n"
    /* adds one to a word in each of r1 pages, over and over */
    "guest_for_ever:\n"
    "	mov	r4, r0\n"
    "	mov	r5, r1\n"
    "1:	ldr	r3, [r4]\n"
    "	add	r3, r3, #1\n"
    "	str	r3, [r4]\n"
    "	add	r4, r4, r2\n"
    "	subs	r5, r5, #1\n"
    "	bne	1b\n"
    "	b	guest_for_ever\n"
    "guest_stm:\n"
    "	stm	r0, {r1, r2}\n"
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

static uint64_t dirty[WORDS];

static uint32_t place_of(const char *code)
{
	return GUEST_CODE + (uint32_t)(code - guest_start);
}

static void set_task(struct vcpu *vcpu, const char *code, uint32_t r0,
		     uint32_t r1, uint32_t r2)
{
	set_reg(vcpu, VM_REG_GUEST_PC, place_of(code));
	set_reg(vcpu, VM_REG_GUEST_R0, r0);
	set_reg(vcpu, VM_REG_GUEST_R1, r1);
	set_reg(vcpu, VM_REG_GUEST_R2, r2);
}

static void do_task(struct test_vm *vm, const char *code, uint32_t r0,
		    uint32_t r1, uint32_t r2)
{
	set_task(vm->vcpu, code, r0, r1, r2);
	if (run_to_exit(vm) || vm->exit->exitcode != VM_EXITCODE_WFI)
		check("vm_dirty/task", false);
}

static void look(struct test_vm *vm)
{
	memset(dirty, 0xa5, sizeof(dirty));
	check_eq("vm_dirty/look",
		 (uint64_t)vm_get_dirty(vm->ctx, GUEST_RAM, RAM_SIZE, dirty),
		 0);
}

static bool is_dirty(uint32_t page)
{
	return dirty[page / 64] >> page % 64 & 1;
}

static unsigned int count(void)
{
	unsigned int n = 0;

	for (uint32_t page = 0; page < PAGES; page++)
		n += is_dirty(page);
	return n;
}

/* Whether exactly n pages from first on are dirty. */
static void only(const char *name, uint32_t first, uint32_t n)
{
	uint32_t found = 0;

	for (uint32_t page = first; page < first + n; page++)
		found += is_dirty(page);
	check_eq(name, found, n);
	check_eq(name, count(), n);
}

static uint32_t at(uint32_t page)
{
	return GUEST_RAM + page * PAGE;
}

static void exact(struct test_vm *vm)
{
	do_task(vm, guest_write, at(32), PAGES - 32, PAGE);
	check_eq("vm_dirty/on",
		 (uint64_t)vm_log_dirty(vm->ctx, GUEST_RAM, true), 0);
	look(vm);
	only("vm_dirty/nothing-at-first", 0, 0);
	do_task(vm, guest_write, at(700), 1, PAGE);
	do_task(vm, guest_write, at(1023), 2, PAGE);
	do_task(vm, guest_read, at(512), 2048, PAGE);
	look(vm);
	check("vm_dirty/first",
	      is_dirty(700) && is_dirty(1023) && is_dirty(1024));
	check_eq("vm_dirty/reads-do-not-count", count(), 3);
	look(vm);
	only("vm_dirty/taken", 0, 0);
	do_task(vm, guest_write, at(700), 5, PAGE);
	do_task(vm, guest_write, at(700), 5, PAGE);
	look(vm);
	only("vm_dirty/again", 700, 5);
	do_task(vm, guest_write, at(32), PAGES - 32, PAGE);
	look(vm);
	only("vm_dirty/all", 32, PAGES - 32);
	/* Two bytes in the last word of one page, and so on: no other page. */
	do_task(vm, guest_write, at(101) - 4, 1, PAGE);
	look(vm);
	only("vm_dirty/last-word", 100, 1);
}

/* A part of the slot is taken, the rest stays noted. */
static void parts(struct test_vm *vm)
{
	do_task(vm, guest_write, at(60), 10, PAGE);
	memset(dirty, 0, sizeof(dirty));
	check_eq("vm_dirty/part",
		 (uint64_t)vm_get_dirty(vm->ctx, at(64), 64 * PAGE, dirty), 0);
	check_eq("vm_dirty/part-bits", dirty[0], 0x3f);
	look(vm);
	only("vm_dirty/other-part", 60, 4);
	do_task(vm, guest_write, at(60), 10, PAGE);
	check_eq("vm_dirty/bad-pointer",
		 (uint64_t)vm_get_dirty(vm->ctx, GUEST_RAM, RAM_SIZE, NULL),
		 (uint64_t)-EFAULT);
	look(vm);
	only("vm_dirty/nothing-forgotten", 60, 10);
}

/* The kernel takes pages away, and the guest gets others. */
static void unmapped(struct test_vm *vm)
{
	char *ram = vm_map_gpa(vm->ctx, GUEST_RAM, RAM_SIZE);

	madvise(ram + 600 * PAGE, 1200 * PAGE, MADV_DONTNEED);
	do_task(vm, guest_read, at(600), 1200, PAGE);
	look(vm);
	only("vm_dirty/new-pages-are-clean", 0, 0);
	do_task(vm, guest_write, at(601), 2, PAGE);
	madvise(ram + 601 * PAGE, PAGE, MADV_DONTNEED);
	look(vm);
	only("vm_dirty/written-and-gone", 601, 2);
}

/*
 * A store of several words is carried out by vmm.ko if its first word is in the
 * distributor; the second is in memory.
 */
static void by_vmm(struct test_vm *vm)
{
	uint64_t bits = 0;
	const uint32_t *word;

	check_eq("vm_dirty/next-on",
		 (uint64_t)vm_log_dirty(vm->ctx, NEXT_RAM, true), 0);
	do_task(vm, guest_stm, NEXT_RAM - 4, 1, 77);
	word = vm_map_gpa(vm->ctx, NEXT_RAM, 4);
	check_eq("vm_dirty/emulated", *word, 77);
	vm_get_dirty(vm->ctx, NEXT_RAM, NEXT_SIZE, &bits);
	check_eq("vm_dirty/emulated-is-noted", bits, 1);
}

static void refusals(struct test_vm *vm)
{
	static const struct {
		uint32_t gpa, len;
	} bad[] = { { GUEST_RAM + PAGE, 64 * PAGE },
		    { GUEST_RAM, 65 * PAGE },
		    { GUEST_RAM, RAM_SIZE + 64 * PAGE },
		    { 0, PAGE } };

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_eq("vm_dirty/bad-range",
			 (uint64_t)vm_get_dirty(vm->ctx, bad[i].gpa, bad[i].len,
						dirty),
			 (uint64_t)-EINVAL);
	check_eq("vm_dirty/on-twice",
		 (uint64_t)vm_log_dirty(vm->ctx, GUEST_RAM, true),
		 (uint64_t)-EEXIST);
	check_eq("vm_dirty/no-region",
		 (uint64_t)vm_log_dirty(vm->ctx, GUEST_RAM + PAGE, true),
		 (uint64_t)-EINVAL);
	check_eq("vm_dirty/off",
		 (uint64_t)vm_log_dirty(vm->ctx, GUEST_RAM, false), 0);
	check_eq("vm_dirty/off-twice",
		 (uint64_t)vm_log_dirty(vm->ctx, GUEST_RAM, false),
		 (uint64_t)-ENOENT);
	check_eq("vm_dirty/get-while-off",
		 (uint64_t)vm_get_dirty(vm->ctx, GUEST_RAM, RAM_SIZE, dirty),
		 (uint64_t)-ENOENT);
	do_task(vm, guest_write, at(32), PAGES - 32, PAGE);
}

static void *run_for_ever(void *arg)
{
	struct vcpu *vcpu = arg;
	const struct vm_exit *exit = &vcpu_run_page(vcpu)->exit;
	int ret;

	do
		ret = vm_run(vcpu);
	while (ret == -EINTR || (!ret && exit->exitcode == VM_EXITCODE_BOGUS));
	return NULL;
}

/* What a migration does: copies the pages that it is told of. */
static void copy_dirty(struct test_vm *vm, char *copy)
{
	const char *ram = vm_map_gpa(vm->ctx, GUEST_RAM, RAM_SIZE);

	if (vm_get_dirty(vm->ctx, GUEST_RAM, RAM_SIZE, dirty))
		check("vm_dirty/look-while-running", false);
	for (uint32_t page = 0; page < PAGES; page++)
		if (is_dirty(page))
			memcpy(copy + page * PAGE, ram + page * PAGE, PAGE);
}

static uint32_t word_at(const char *copy, uint32_t offset)
{
	uint32_t word;

	memcpy(&word, copy + offset, sizeof(word));
	return word;
}

/*
 * Two vCPUs write to pages of their own and to shared ones, while pages are
 * taken away and the log is read. In the end the copy must be what memory is.
 */
static void while_running(struct test_vm *vm)
{
	const uint32_t first[] = { 256, 400 };
	char *ram = vm_map_gpa(vm->ctx, GUEST_RAM, RAM_SIZE);
	char *copy = malloc(RAM_SIZE);
	pthread_t threads[2];

	vm_log_dirty(vm->ctx, GUEST_RAM, true);
	memcpy(copy, ram, RAM_SIZE);
	set_reg(vm_get_vcpu(vm->ctx, 1), VM_REG_VCPU_POWER, VM_POWER_ON);
	for (unsigned int i = 0; i < 2; i++) {
		struct vcpu *vcpu = vm_get_vcpu(vm->ctx, i);

		set_task(vcpu, guest_for_ever, at(first[i]) + 64 * i, 300,
			 PAGE);
		pthread_create(&threads[i], NULL, run_for_ever, vcpu);
	}
	for (unsigned int n = 0; n < LOOKS; n++) {
		copy_dirty(vm, copy);
		if (n % 16 == 0)
			mprotect(ram + 300 * PAGE, 64 * PAGE, PROT_READ);
		if (n % 16 == 0)
			mprotect(ram + 300 * PAGE, 64 * PAGE,
				 PROT_READ | PROT_WRITE);
	}
	vm_suspend_cpu(vm->ctx, VM_MAXCPU);
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	copy_dirty(vm, copy);
	check("vm_dirty/first-has-written", word_at(copy, 256 * PAGE));
	check("vm_dirty/second-has-written", word_at(copy, 400 * PAGE + 64));
	check("vm_dirty/no-write-is-lost", !memcmp(copy, ram, RAM_SIZE));
	look(vm);
	only("vm_dirty/nothing-left", 0, 0);
	free(copy);
}

static void make(struct test_vm *vm, unsigned int ncpus, uint32_t size)
{
	make_sized_test_vm(vm, ncpus, size, guest_start, guest_end);
	vm_set_capability(vm->vcpu, VM_CAP_HALT_EXIT, 1);
}

static double round_time(struct test_vm *vm)
{
	const uint32_t size = 64u << 20;
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do_task(vm, guest_write, GUEST_RAM + 0x100000, size / 32, 32);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 +
	       (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

/* 64 MiB over and over, in milliseconds a round. */
static void time_rounds(void)
{
	static uint64_t bits[66 << 20 >> 18];
	struct test_vm vm;

	make(&vm, 1, 66u << 20);
	printf("# first touch %.2f", round_time(&vm));
	printf(", off %.2f", round_time(&vm));
	printf(" %.2f\n", round_time(&vm));
	vm_log_dirty(vm.ctx, GUEST_RAM, true);
	printf("# on, first round %.2f", round_time(&vm));
	for (unsigned int i = 0; i < 3; i++)
		printf(", then %.2f", round_time(&vm));
	vm_get_dirty(vm.ctx, GUEST_RAM, 66u << 20, bits);
	printf("\n# after a look %.2f", round_time(&vm));
	printf(", then %.2f\n", round_time(&vm));
	vm_log_dirty(vm.ctx, GUEST_RAM, false);
	printf("# off again, first round %.2f", round_time(&vm));
	printf(", then %.2f\n", round_time(&vm));
	vm_destroy(vm.ctx);
}

int main(int argc, char **argv)
{
	struct test_vm vm;

	if (argc > 1 && !strcmp(argv[1], "time")) {
		time_rounds();
		return 0;
	}
	make(&vm, 2, RAM_SIZE);
	if (vm_setup_memory(vm.ctx, NEXT_RAM, NEXT_SIZE)) {
		check("vm_dirty/memory", false);
		return result();
	}
	exact(&vm);
	parts(&vm);
	unmapped(&vm);
	by_vmm(&vm);
	refusals(&vm);
	while_running(&vm);
	vm_destroy(vm.ctx);
	return result();
}
