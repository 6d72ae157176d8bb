/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translation tables in the long-descriptor format, read back as the CPU's
 * table walk does, and break-before-make (DDI 0406C, TLB maintenance).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/arm/lpae.h"
#include "core/errno.h"

#define MAX_TABLES 64
#define PA_BASE	   0x123450000ull /* beyond 32 bits */
#define ATTRS	   (LPAE_AF | LPAE_SH_INNER | LPAE_S2_NORMAL | LPAE_S2_RW)
#define PAGE_PA	   0xabcdef000ull
#define BLOCK_PA   0x7c0200000ull

static struct {
	uint64_t table[MAX_TABLES][512];
	uint64_t synced[MAX_TABLES][512]; /* what a table walk sees */
	bool used[MAX_TABLES];
	unsigned int room; /* number of tables that can still be allocated */
	unsigned int flushes;
	/* number of flushes when a table was last freed */
	unsigned int flushed_at;
} mem;
static struct lpae tree;

static void *alloc(void *arg)
{
	unsigned int i;

	assert_ptr_equal(arg, &mem);
	if (!mem.room)
		return NULL;
	mem.room--;
	for (i = 0; mem.used[i]; i++)
		;
	mem.used[i] = true;
	memset(mem.table[i], 0, sizeof(mem.table[i]));
	/* Contents that a walk must not see before the table is synced. */
	memset(mem.synced[i], 0xff, sizeof(mem.synced[i]));
	return mem.table[i];
}

static unsigned int number(const void *table)
{
	size_t off = (size_t)((const char *)table - (const char *)mem.table);

	assert_true(off < sizeof(mem.table));
	return (unsigned int)(off / LPAE_PAGE_SIZE);
}

static void release(void *arg, void *table)
{
	assert_ptr_equal(arg, &mem);
	assert_true(mem.used[number(table)]);
	mem.used[number(table)] = false;
	mem.flushed_at = mem.flushes;
	/* A walk that still uses the freed table finds nonsense. */
	memset(table, 0xee, LPAE_PAGE_SIZE);
}

static uint64_t to_pa(void *table)
{
	return PA_BASE + number(table) * (uint64_t)LPAE_PAGE_SIZE;
}

static void *to_va(uint64_t pa)
{
	return mem.table[(pa - PA_BASE) / LPAE_PAGE_SIZE];
}

static void sync_desc(void *desc, size_t len)
{
	size_t off = (size_t)((char *)desc - (char *)mem.table);

	assert_true(off + len <= sizeof(mem.table));
	memcpy((char *)mem.synced + off, desc, len);
}

static void flush(void *arg)
{
	assert_ptr_equal(arg, &mem);
	mem.flushes++;
}

static const struct lpae_ops ops = { .alloc = alloc,
				     .free = release,
				     .to_pa = to_pa,
				     .to_va = to_va,
				     .sync = sync_desc,
				     .flush = flush };

static int start(void **state)
{
	(void)state;
	memset(&mem, 0, sizeof(mem));
	mem.room = MAX_TABLES;
	return lpae_init(&tree, &ops, &mem);
}

static unsigned int tables(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < MAX_TABLES; i++)
		n += mem.used[i];
	return n;
}

/* Walks what has been synced; returns the output address, or 0. */
static uint64_t walk(uint32_t ia)
{
	unsigned int table = number(tree.root), level;
	uint64_t desc;

	for (level = 1;; level++) {
		unsigned int shift = 39 - 9 * level;

		assert_true(mem.used[table]);
		desc = mem.synced[table][ia >> shift & 511];
		if (!(desc & 1))
			return 0;
		if (level == 3 || !(desc & 2)) {
			/* At level 3 only 0b11 is a page; no level 1 block. */
			assert_int_equal(desc & 2, level == 3 ? 2 : 0);
			assert_true(level > 1);
			assert_int_equal(desc & 0xfff0000000000ffcull, ATTRS);
			return (desc & LPAE_ADDR) | (ia & ((1u << shift) - 1));
		}
		assert_int_equal(desc & 0xfff0000000000ffcull, 0);
		table = (unsigned int)(((desc & LPAE_ADDR) - PA_BASE) /
				       LPAE_PAGE_SIZE);
	}
}

static void map(uint32_t ia, uint64_t pa, unsigned int level)
{
	assert_int_equal(lpae_map(&tree, ia, pa, level, ATTRS), 0);
}

static void pages(void **state)
{
	static const uint32_t ias[] = { 0,	    0x1000,	0x1ff000,
					0x200000,   0x3ffff000, 0x40000000,
					0x80201000, 0xfffff000 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++)
		map(ias[i], PAGE_PA + i * LPAE_PAGE_SIZE, 3);
	for (i = 0; i < 8; i++) {
		assert_int_equal(walk(ias[i] + 0x123),
				 PAGE_PA + i * LPAE_PAGE_SIZE + 0x123);
		assert_int_equal(walk(ias[i] ^ 0x100000), 0);
	}
	assert_int_equal(mem.flushes, 0);
	/* The root, four tables at level 2, six at level 3. */
	assert_int_equal(tables(), 11);
}

static void blocks(void **state)
{
	(void)state;
	map(0x40200000, BLOCK_PA, 2);
	assert_int_equal(walk(0x40200000), BLOCK_PA);
	assert_int_equal(walk(0x403fffff), BLOCK_PA + 0x1fffff);
	assert_int_equal(walk(0x401fffff), 0);
	assert_int_equal(walk(0x40400000), 0);
	assert_int_equal(tables(), 2);
}

static void lookup(void **state)
{
	unsigned int level;

	(void)state;
	assert_int_equal(lpae_lookup(&tree, 0x1000, &level), 0);
	assert_int_equal(level, 1);
	map(0x1000, PAGE_PA, 3);
	map(0x200000, BLOCK_PA, 2);
	assert_int_equal(lpae_lookup(&tree, 0x1abc, &level) & LPAE_ADDR,
			 PAGE_PA);
	assert_int_equal(level, 3);
	assert_int_equal(lpae_lookup(&tree, 0x2000, &level), 0);
	assert_int_equal(level, 3);
	assert_int_equal(lpae_lookup(&tree, 0x2abcde, &level) & LPAE_ADDR,
			 BLOCK_PA);
	assert_int_equal(level, 2);
	assert_int_equal(lpae_lookup(&tree, 0x400000, &level), 0);
	assert_int_equal(level, 2);
	assert_int_equal(lpae_lookup(&tree, 0x40000000, &level), 0);
	assert_int_equal(level, 1);
}

/*
 * Another page in its place: the entry becomes invalid, is flushed, and then
 * gets the new page.
 */
static void break_before_make(void **state)
{
	(void)state;
	map(0x1000, PAGE_PA, 3);
	map(0x1000, PAGE_PA + LPAE_PAGE_SIZE, 3);
	assert_int_equal(mem.flushes, 1);
	assert_int_equal(walk(0x1000), PAGE_PA + LPAE_PAGE_SIZE);
}

/* A block in place of pages: their table is freed after the flush. */
static void block_over_pages(void **state)
{
	(void)state;
	map(0x201000, PAGE_PA, 3);
	assert_int_equal(tables(), 3);
	map(0x200000, BLOCK_PA, 2);
	assert_int_equal(mem.flushes, 1);
	assert_int_equal(mem.flushed_at, 1);
	assert_int_equal(tables(), 2);
	assert_int_equal(walk(0x201234), BLOCK_PA + 0x1234);
	/* The freed table is not used for later pages. */
	map(0x202000, PAGE_PA, 3);
	assert_int_equal(walk(0x202000), PAGE_PA);
	assert_int_equal(walk(0x201000), 0);
}

/* A page in place of a block: the rest of the block is unmapped. */
static void page_over_block(void **state)
{
	(void)state;
	map(0x200000, BLOCK_PA, 2);
	map(0x203000, PAGE_PA, 3);
	assert_int_equal(mem.flushes, 1);
	assert_int_equal(walk(0x203000), PAGE_PA);
	assert_int_equal(walk(0x202000), 0);
	assert_int_equal(walk(0x204000), 0);
}

/* An access is permitted without a moment in which nothing is mapped. */
static void allow(void **state)
{
	unsigned int level;
	uint64_t leaf;

	(void)state;
	assert_int_equal(
		lpae_map(&tree, 0x1000, PAGE_PA, 3, LPAE_S2_RO | LPAE_XN), 0);
	lpae_allow(&tree, 0x1234, LPAE_XN, 0);
	assert_int_equal(mem.flushes, 1);
	leaf = lpae_lookup(&tree, 0x1000, &level);
	assert_int_equal(leaf, lpae_page(PAGE_PA, LPAE_S2_RO));
	/* Nothing to do: it is permitted already, or nothing is mapped. */
	lpae_allow(&tree, 0x1000, LPAE_XN, 0);
	lpae_allow(&tree, 0x2000, LPAE_XN, 0);
	lpae_allow(&tree, 0x40000000, LPAE_XN, 0);
	assert_int_equal(mem.flushes, 1);
	assert_int_equal(lpae_lookup(&tree, 0x2000, &level), 0);
}

/* Writes are forbidden to pages and to a whole block, and allowed to one page. */
static void forbid(void **state)
{
	const uint64_t write = LPAE_S2_RW & ~LPAE_S2_RO;
	unsigned int level;

	(void)state;
	map(0x1000, PAGE_PA, 3);
	map(0x2000, PAGE_PA + 0x1000, 3);
	map(0x200000, BLOCK_PA, 2);
	mem.flushes = 0;
	assert_true(lpae_forbid(&tree, 0x2000, 0x1000, write));
	assert_int_equal(mem.flushes, 0);
	assert_int_equal(lpae_lookup(&tree, 0x1000, &level),
			 lpae_page(PAGE_PA, ATTRS));
	assert_int_equal(lpae_lookup(&tree, 0x2000, &level),
			 lpae_page(PAGE_PA + 0x1000, ATTRS & ~write));
	assert_false(lpae_forbid(&tree, 0x2000, 0x1000, write));
	assert_true(lpae_forbid(&tree, 0, 0x80000000, write));
	assert_int_equal(lpae_lookup(&tree, 0x1000, &level),
			 lpae_page(PAGE_PA, ATTRS & ~write));
	assert_int_equal(lpae_lookup(&tree, 0x200000, &level),
			 BLOCK_PA | (ATTRS & ~write) | 1);
	lpae_allow(&tree, 0x2000, 0, write);
	assert_int_equal(lpae_lookup(&tree, 0x2000, &level),
			 lpae_page(PAGE_PA + 0x1000, ATTRS));
	assert_int_equal(mem.flushes, 1);
}

/* The pages map what the block has mapped, with its attributes. */
static void split(void **state)
{
	const uint64_t attrs = (ATTRS & ~(LPAE_S2_RW ^ LPAE_S2_RO)) | LPAE_XN;
	unsigned int level;

	(void)state;
	assert_int_equal(lpae_map(&tree, 0x200000, BLOCK_PA, 2, attrs), 0);
	mem.flushes = 0;
	assert_int_equal(lpae_split(&tree, 0x2ff123), 0);
	assert_int_equal(mem.flushes, 1);
	for (uint32_t off = 0; off < LPAE_BLOCK_SIZE; off += LPAE_PAGE_SIZE) {
		assert_int_equal(lpae_lookup(&tree, 0x200000 + off, &level),
				 lpae_page(BLOCK_PA + off, attrs));
		assert_int_equal(level, 3);
	}
	/* There is nothing to split any more, nor where nothing is mapped. */
	mem.room = 0;
	assert_int_equal(lpae_split(&tree, 0x200000), 0);
	assert_int_equal(lpae_split(&tree, 0x400000), 0);
	assert_int_equal(lpae_split(&tree, 0xc0000000), 0);
	assert_int_equal(mem.flushes, 1);
	map(0x200000, BLOCK_PA, 2);
	assert_int_equal(lpae_split(&tree, 0x200000), -ENOMEM);
	assert_int_equal(lpae_lookup(&tree, 0x200000, &level),
			 BLOCK_PA | ATTRS | 1);
}

static void unmap(void **state)
{
	(void)state;
	map(0x1000, PAGE_PA, 3);
	map(0x2000, PAGE_PA, 3);
	map(0x3000, PAGE_PA, 3);
	assert_true(lpae_unmap(&tree, 0x2000, 0x1000));
	assert_int_not_equal(walk(0x1000), 0);
	assert_int_equal(walk(0x2000), 0);
	assert_int_not_equal(walk(0x3000), 0);
	assert_false(lpae_unmap(&tree, 0x2000, 0x1000));
	assert_false(lpae_unmap(&tree, 0x4000, 0x40000000));
	/* The caller flushes, since it may have more to unmap. */
	assert_int_equal(mem.flushes, 0);
	assert_true(lpae_unmap(&tree, 0, 0x100000000ull));
	assert_int_equal(walk(0x1000), 0);
	assert_int_equal(walk(0x3000), 0);
}

/* Across tables, and with a block that overlaps only in part. */
static void unmap_ranges(void **state)
{
	uint32_t ia;

	(void)state;
	for (ia = 0x3fe00000; ia < 0x40200000; ia += 0x100000)
		map(ia, PAGE_PA, 3);
	map(0x40400000, BLOCK_PA, 2);
	map(0xffe00000, BLOCK_PA, 2);
	assert_true(lpae_unmap(&tree, 0x3ff00000, 0x200000));
	assert_int_not_equal(walk(0x3fe00000), 0);
	assert_int_equal(walk(0x3ff00000), 0);
	assert_int_equal(walk(0x40000000), 0);
	assert_int_not_equal(walk(0x40100000), 0);
	assert_int_not_equal(walk(0x40400000), 0);
	assert_true(lpae_unmap(&tree, 0x405ff000, 0x1000));
	assert_int_equal(walk(0x40400000), 0);
	assert_true(lpae_unmap(&tree, 0xfffff000, 0x1000));
	assert_int_equal(walk(0xffe00000), 0);
}

/*
 * Out of memory at each step: an error, and nothing that a walk could follow.
 */
static void no_memory(void **state)
{
	unsigned int room;

	(void)state;
	map(0x200000, BLOCK_PA, 2);
	for (room = 0; room < 2; room++) {
		mem.room = room;
		assert_int_equal(lpae_map(&tree, 0x80000000, PAGE_PA, 3, ATTRS),
				 -ENOMEM);
		assert_int_equal(walk(0x80000000), 0);
	}
	/* The block stays if there is no table for its pages. */
	mem.room = 0;
	assert_int_equal(lpae_map(&tree, 0x201000, PAGE_PA, 3, ATTRS), -ENOMEM);
	assert_int_equal(walk(0x201000), BLOCK_PA + 0x1000);
	lpae_destroy(&tree);
	assert_int_equal(lpae_init(&tree, &ops, &mem), -ENOMEM);
	mem.room = 1;
	assert_int_equal(lpae_init(&tree, &ops, &mem), 0);
}

/* Entries for a caller that writes them: of consecutive pages, and empty. */
static void entries(void **state)
{
	uint64_t *entry;

	(void)state;
	map(0x10000000, PAGE_PA, 3);
	entry = lpae_entries(&tree, 0x10000000);
	assert_non_null(entry);
	assert_int_equal(walk(0x10000000), 0);
	assert_int_equal(mem.flushes, 1);
	entry[0] = lpae_page(PAGE_PA, ATTRS);
	entry[15] = lpae_page(PAGE_PA + LPAE_PAGE_SIZE, ATTRS);
	sync_desc(entry, 16 * sizeof(*entry));
	assert_int_equal(walk(0x10000123), PAGE_PA + 0x123);
	assert_int_equal(walk(0x1000f123), PAGE_PA + LPAE_PAGE_SIZE + 0x123);
	mem.room = 1;
	assert_null(lpae_entries(&tree, 0x80000000));
}

static void destroy(void **state)
{
	(void)state;
	map(0x1000, PAGE_PA, 3);
	map(0x40001000, PAGE_PA, 3);
	map(0x40201000, PAGE_PA, 3);
	map(0xc0000000, BLOCK_PA, 2);
	assert_int_equal(tables(), 7);
	lpae_destroy(&tree);
	assert_int_equal(tables(), 0);
	assert_null(tree.root);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages),
		TEST(blocks),
		TEST(lookup),
		TEST(break_before_make),
		TEST(block_over_pages),
		TEST(page_over_block),
		TEST(allow),
		TEST(forbid),
		TEST(split),
		TEST(unmap),
		TEST(unmap_ranges),
		TEST(no_memory),
		TEST(entries),
		TEST(destroy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
