/* SPDX-License-Identifier: BSD-2-Clause */
/* Which pages of RAM a snapshot has: all that are not zero, and no others. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/config/config.h"
#include "bhyve/run/snapshot_ram.h"
#include "lib/vmmapi.h"

#define BASE UINT64_C(0x40000000)
#define PAGE 4096u
#define RAM  (1024u * PAGE)

static uint8_t *mem;
static int shared_fd;

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx;
	assert_int_equal(gpa, BASE);
	assert_int_equal(len, RAM);
	return mem;
}

int vm_get_memory(struct vmctx *ctx, unsigned int i, struct vm_memory *m)
{
	(void)ctx;
	*m = (struct vm_memory){ BASE, RAM, mem, shared_fd };
	return i ? -ENOENT : 0;
}

/* As lib/memory.c does it. */
int vm_map_image(struct vmctx *ctx, uint64_t gpa, int fd, uint64_t offset)
{
	(void)ctx, (void)gpa;
	assert_ptr_equal(mmap(mem, RAM, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_FIXED, fd, (off_t)offset),
			 mem);
	return 0;
}

bool get_config_bool_default(const char *path, bool def)
{
	assert_string_equal(path, "memory.wired");
	return def;
}

static void start(int fd)
{
	shared_fd = fd;
	mem = mmap(NULL, RAM, PROT_READ | PROT_WRITE,
		   fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mem, MAP_FAILED);
	assert_int_equal(snapshot_ram_init(NULL, BASE, RAM), 0);
}

static uint8_t byte_of(int fd, uint64_t at)
{
	uint8_t byte = 0;

	assert_int_equal(pread(fd, &byte, 1, SNAPSHOT_IMAGE + (off_t)at), 1);
	return byte;
}

static int save(struct snapshot_memory *m)
{
	int fd = memfd_create("snapshot", 0);

	assert_int_equal(snapshot_ram_save(fd, m), 0);
	assert_int_equal(m->len, RAM);
	return fd;
}

/* A snapshot of a guest from a snapshot also has the pages that nobody has touched. */
static void pages_that_are_not_zero(void **state)
{
	struct snapshot_memory m;
	int fd, again;

	(void)state;
	start(-1);
	mem[5 * PAGE] = 1;
	mem[6 * PAGE + 4095] = 2;
	mem[100 * PAGE] = 0; /* touched */
	mem[RAM - 1] = 3;
	fd = save(&m);
	assert_int_equal(m.saved, 3 * PAGE);
	assert_int_equal(lseek(fd, SNAPSHOT_IMAGE, SEEK_DATA),
			 SNAPSHOT_IMAGE + 5 * PAGE);
	assert_int_equal(snapshot_ram_map(fd, &m), 0);
	assert_int_equal(mem[5 * PAGE], 1);
	mem[5 * PAGE] = 0;
	mem[200 * PAGE] = 4;
	again = save(&m);
	assert_int_equal(m.saved, 3 * PAGE);
	assert_int_equal(byte_of(again, 5 * PAGE), 0);
	assert_int_equal(byte_of(again, 6 * PAGE + 4095), 2);
	assert_int_equal(byte_of(again, 200 * PAGE), 4);
	assert_int_equal(byte_of(again, RAM - 1), 3);
	assert_int_equal(byte_of(fd, 5 * PAGE), 1);
	close(fd);
	close(again);
	munmap(mem, RAM);
}

/* Another process writes to memory that it shares, and this one has not touched. */
static void pages_of_others(void **state)
{
	int ram = memfd_create("ram", 0), fd;
	struct snapshot_memory m;

	(void)state;
	assert_int_equal(ftruncate(ram, RAM), 0);
	start(ram);
	mem[5 * PAGE] = 1;
	assert_int_equal(pwrite(ram, "x", 1, 700 * PAGE), 1);
	fd = save(&m);
	assert_int_equal(m.saved, 2 * PAGE);
	assert_int_equal(byte_of(fd, 5 * PAGE), 1);
	assert_int_equal(byte_of(fd, 700 * PAGE), 'x');
	close(fd);
	munmap(mem, RAM);
}

static void impossible_images_are_refused(void **state)
{
	struct snapshot_memory m, bad;
	int fd;

	(void)state;
	start(-1);
	fd = save(&m);
	bad = m;
	bad.offset++;
	assert_int_equal(snapshot_ram_map(fd, &bad), -EPROTO);
	bad.offset = UINT64_MAX - PAGE + 1;
	assert_int_equal(snapshot_ram_map(fd, &bad), -EPROTO);
	bad.offset = 0;
	assert_int_equal(snapshot_ram_map(fd, &bad), -EPROTO);
	bad = m;
	bad.len += PAGE;
	assert_int_equal(snapshot_ram_map(fd, &bad), -EPROTO);
	assert_int_equal(ftruncate(fd, SNAPSHOT_IMAGE + RAM - 1), 0);
	assert_int_equal(snapshot_ram_map(fd, &m), -ENODATA);
	close(fd);
	munmap(mem, RAM);
}

int main(void)
{
	/* RAM that is shared stays so: that test is the last. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_that_are_not_zero),
		cmocka_unit_test(impossible_images_are_refused),
		cmocka_unit_test(pages_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
