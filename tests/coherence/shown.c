// SPDX-License-Identifier: BSD-2-Clause
/*
 * A table is known from VTTBR, or from a descriptor in one that is known. It
 * has a copy here of what it held, so that a store shows whether a leaf is new.
 * A page that gets what is no descriptor is no table any more.
 */
#include "shown.h"

#include <stdlib.h>

#include "walk.h"

#define ENTRIES	     512
#define ADDR	     0xfffffff000ull
#define ROOT_ENTRIES 4

struct table {
	unsigned int level;
	uint64_t entry[ENTRIES];
};

static struct table **tables;
static uint64_t leaves;

bool shown_init(uint64_t size)
{
	tables = calloc(size / PAGE_SIZE, sizeof(*tables));
	return tables;
}

uint64_t shown_count(void)
{
	return leaves;
}

static struct table **slot(uint64_t pa)
{
	return pa - ram.base < ram.size ? &tables[(pa - ram.base) / PAGE_SIZE] :
					  NULL;
}

static bool is_table(unsigned int level, uint64_t entry)
{
	return level < 3 && (entry & 3) == 3;
}

static bool is_leaf(unsigned int level, uint64_t entry)
{
	return (entry & 3) == (level == 3 ? 3 : 1);
}

/* Bits 53 to 40 are zero in what vmm.ko writes; so is a block of 1 GiB. */
static bool plausible(unsigned int level, uint64_t entry)
{
	return !(entry & 1) ? !entry :
			      !(entry >> 40 & 0x3fff) &&
				      (is_table(level, entry) ||
				       (level > 1 && is_leaf(level, entry)));
}

static void forget(uint64_t pa)
{
	struct table **t = slot(pa);

	if (!t || !*t)
		return;
	for (unsigned int i = 0; i < ENTRIES; i++)
		if (is_table((*t)->level, (*t)->entry[i]))
			forget((*t)->entry[i] & ADDR);
	free(*t);
	*t = NULL;
}

static void learn(uint64_t pa, unsigned int level)
{
	struct table **t = slot(pa);

	if (!t || *t)
		return;
	*t = calloc(1, sizeof(**t));
	if (!*t)
		abort();
	(*t)->level = level;
	for (unsigned int i = 0; i < (level == 1 ? ROOT_ENTRIES : ENTRIES);
	     i++) {
		ram_read(pa + i * 8, 8, &(*t)->entry[i]);
		if (is_table(level, (*t)->entry[i]))
			learn((*t)->entry[i] & ADDR, level + 1);
	}
}

void shown_root(uint64_t vttbr)
{
	if (vttbr & ADDR)
		learn(vttbr & ADDR, 1);
}

/* If a leaf is new, or maps another page than before, its pages are shown. */
static void look(unsigned int level, uint64_t old, uint64_t new,
		 const struct actor *by)
{
	uint64_t size = level == 3 ? PAGE_SIZE : 512 * PAGE_SIZE;
	uint64_t pa = new &ADDR & ~(size - 1);

	if (is_leaf(level, old) && (old & ADDR) == (new &ADDR))
		return;
	leaves++;
	for (uint64_t off = 0; off < size; off += PAGE_SIZE)
		caches_show(pa + off, by);
}

void shown_store(uint64_t pa, const struct actor *by)
{
	struct table **t = slot(pa);
	unsigned int i = pa % PAGE_SIZE / 8;
	uint64_t new, old;

	if (!t || !*t || !ram_read(pa & ~7ull, 8, &new))
		return;
	old = (*t)->entry[i];
	if (!plausible((*t)->level, new)) {
		forget(pa & ~(uint64_t)(PAGE_SIZE - 1));
		return;
	}
	(*t)->entry[i] = new;
	if (is_table((*t)->level, old) && old != new)
		forget(old & ADDR);
	if (is_table((*t)->level, new))
		learn(new &ADDR, (*t)->level + 1);
	else if (is_leaf((*t)->level, new))
		look((*t)->level, old, new, by);
}
