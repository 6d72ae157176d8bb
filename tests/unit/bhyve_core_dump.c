/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core file of a guest of two vCPUs, read back by what elf(5) says of one: its
 * memory is once in the file, and there at virtual and at physical addresses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/core_dump.h"

#define BASE  0x40000000u
#define SIZE  0x200000u
#define KVA   0xc0000000u
#define PAGES 0x3000u

struct vcpu {
	unsigned int id;
};

static struct vcpu vcpus[2] = { { 0 }, { 1 } };
static uint8_t ram[SIZE];

struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id)
{
	(void)ctx;
	return &vcpus[id];
}

unsigned int vcpu_id(const struct vcpu *vcpu)
{
	return vcpu->id;
}

/* Each register's value tells which it is. */
int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val)
{
	*val = (vcpu->id + 1) << 28 | (id & 0xffff);
	return 0;
}

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx;
	return gpa == BASE && len == SIZE ? ram : NULL;
}

/* The kernel's half has RAM's second MiB, and a device; the other half one page
 * that begins below RAM. */
int vm_walk_gla(struct vcpu *vcpu, uint64_t start, uint64_t end,
		int (*func)(void *arg, uint64_t gla, uint64_t gpa,
			    uint64_t len),
		void *arg)
{
	int ret;

	assert_ptr_equal(vcpu, &vcpus[0]);
	if (end <= UINT64_C(1) << 31)
		return func(arg, 0x10000, BASE - 0x1000, PAGES);
	assert_true(start <= KVA);
	ret = func(arg, KVA, BASE + 0x100000, 0x100000);
	return ret ? ret : func(arg, 0xf0000000, 0x9000000, 0x1000);
}

int vm_suspend(struct vmctx *ctx, enum vm_suspend_how how)
{
	(void)ctx, (void)how;
	return 0;
}

static bool in_core;

bool get_config_bool_default(const char *path, bool def)
{
	(void)path;
	return in_core || def;
}

void eprintln(const char *fmt, ...)
{
	(void)fmt;
}

static char *read_core(size_t *len)
{
	/* To be looked at with other programs, it can be kept. */
	const char *keep = getenv("KEEP_CORE");
	FILE *file = keep ? fopen(keep, "w+") : tmpfile();
	char *data;

	assert_non_null(file);
	assert_int_equal(core_dump_init("vm", NULL, BASE, SIZE, 2), 0);
	memset(ram, 0, sizeof(ram));
	memcpy(ram + 0x100010, "kernel", 6);
	memcpy(ram + 0x10, "below", 5);
	assert_int_equal(ftruncate(fileno(file), 1 << 24), 0);
	assert_int_equal(core_dump_write(fileno(file)), 0);
	*len = lseek(fileno(file), 0, SEEK_END);
	data = malloc(*len);
	assert_int_equal(pread(fileno(file), data, *len, 0), *len);
	fclose(file);
	return data;
}

static void expect_load(const Elf32_Phdr *p, uint32_t va, uint32_t pa,
			uint32_t len)
{
	assert_int_equal(p->p_type, PT_LOAD);
	assert_int_equal(p->p_vaddr, va);
	assert_int_equal(p->p_paddr, pa);
	assert_int_equal(p->p_filesz, len);
	assert_int_equal(p->p_memsz, len);
}

static void a_core_file(void **state)
{
	size_t len;
	char *data = read_core(&len);
	const Elf32_Ehdr *e = (void *)data;
	const Elf32_Phdr *p = (void *)(data + sizeof(*e));
	const uint32_t *regs;

	(void)state;
	assert_memory_equal(e->e_ident, ELFMAG, SELFMAG);
	assert_int_equal(e->e_type, ET_CORE);
	assert_int_equal(e->e_machine, EM_ARM);
	assert_int_equal(e->e_phoff, sizeof(*e));
	assert_int_equal(e->e_phnum, 4);
	assert_int_equal(p[0].p_type, PT_NOTE);
	expect_load(&p[1], KVA, BASE + 0x100000, 0x100000);
	expect_load(&p[2], 0x11000, BASE, PAGES - 0x1000);
	expect_load(&p[3], BASE, BASE, SIZE);
	assert_int_equal(p[3].p_offset % 0x1000, 0);
	assert_int_equal(p[1].p_offset, p[3].p_offset + 0x100000);
	assert_int_equal(p[2].p_offset, p[3].p_offset);
	assert_int_equal(len, p[3].p_offset + SIZE);
	assert_memory_equal(data + p[1].p_offset + 0x10, "kernel", 6);
	assert_memory_equal(data + p[3].p_offset + 0x10, "below", 5);
	/* pr_reg of Linux's struct elf_prstatus; the second one's R13, and PC. */
	regs = (void *)(data + p[0].p_offset + p[0].p_filesz / 2 + 12 + 8 + 72);
	assert_int_equal(regs[13],
			 2u << 28 | ((VM_REG_GUEST_CUR_R0 + 13) & 0xffff));
	assert_int_equal(regs[15], 2u << 28 | (VM_REG_GUEST_PC & 0xffff));
	free(data);
}

static long size_of(int fd)
{
	return lseek(fd, 0, SEEK_END);
}

/* A neighbour has made the file, and keeps it open. */
static void a_neighbours_file_stays_empty(void **state)
{
	char dir[] = "/tmp/bhyve_core_dump.XXXXXX";
	int theirs, ours;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	theirs = open("vm.core", O_RDWR | O_CREAT, 0666);
	in_core = true;
	assert_int_equal(core_dump_init("vm", NULL, BASE, SIZE, 2), 0);
	core_dump();
	assert_int_equal(size_of(theirs), 0);
	ours = open("vm.core", O_RDONLY);
	assert_true(size_of(ours) > (off_t)SIZE);
	close(theirs);
	close(ours);
	unlink("vm.core");
	assert_int_equal(chdir("/"), 0);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_core_file),
		cmocka_unit_test(a_neighbours_file_stays_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
