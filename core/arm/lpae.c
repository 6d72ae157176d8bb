// SPDX-License-Identifier: BSD-2-Clause
/*
 * Long-descriptor translation tables: map, unmap, look up.
 */
#include "core/arm/lpae.h"
#include "core/errno.h"

#define ENTRIES	     512u
#define ROOT_ENTRIES 4u
#define DESC_VALID   1ull
#define DESC_TABLE   3ull /* levels 1 and 2; at level 3: a page */
#define DESC_BLOCK   1ull
#define DESC_TYPE    3ull

static unsigned int lpae_level_shift(unsigned int level)
{
	return 39 - 9 * level;
}

static uint64_t *lpae_entry(uint64_t *table, uint32_t ia, unsigned int level)
{
	return &table[(ia >> lpae_level_shift(level)) & (ENTRIES - 1)];
}

static bool lpae_is_table(uint64_t desc, unsigned int level)
{
	return level < 3 && (desc & DESC_TYPE) == DESC_TABLE;
}

static uint64_t *lpae_next_table(const struct lpae *t, uint64_t desc)
{
	return t->ops->to_va(desc & LPAE_ADDR);
}

/*
 * One STRD writes a 64-bit descriptor; with LPAE it is single-copy atomic for
 * table walks. A table is visible before the descriptor that leads to it:
 * tests/litmus/map.litmus.
 */
static void lpae_set_desc(const struct lpae *t, uint64_t *desc, uint64_t val)
{
	*(volatile uint64_t *)desc = val;
	t->ops->sync(desc, sizeof(*desc));
}

static void lpae_free_below(const struct lpae *t, uint64_t desc,
			    unsigned int level)
{
	uint64_t *table = lpae_next_table(t, desc);

	for (unsigned int i = 0; level == 1 && i < ENTRIES; i++)
		if (lpae_is_table(table[i], 2))
			lpae_free_below(t, table[i], 2);
	t->ops->free(t->arg, table);
}

/* The "break" of break-before-make: no TLB entry of this descriptor is left. */
static void lpae_clear_desc(struct lpae *t, uint64_t *desc, unsigned int level)
{
	uint64_t old = *desc;

	lpae_set_desc(t, desc, 0);
	t->ops->flush(t->arg);
	if (lpae_is_table(old, level)) {
		t->recent = NULL;
		lpae_free_below(t, old, level);
	}
}

static void lpae_make_empty(struct lpae *t, uint64_t *desc, unsigned int level)
{
	if (*desc & DESC_VALID)
		lpae_clear_desc(t, desc, level);
}

/* The table that desc points to; made if there is none. */
static uint64_t *lpae_get_table(struct lpae *t, uint64_t *desc,
				unsigned int level)
{
	uint64_t *table;

	if (lpae_is_table(*desc, level))
		return lpae_next_table(t, *desc);
	table = t->ops->alloc(t->arg);
	if (!table)
		return NULL;
	lpae_make_empty(t, desc, level);
	t->ops->sync(table, LPAE_PAGE_SIZE);
	lpae_set_desc(t, desc, t->ops->to_pa(table) | DESC_TABLE);
	return table;
}

int lpae_init(struct lpae *t, const struct lpae_ops *ops, void *arg)
{
	t->ops = ops;
	t->arg = arg;
	t->recent = NULL;
	t->root = ops->alloc(arg);
	if (!t->root)
		return -ENOMEM;
	ops->sync(t->root, LPAE_PAGE_SIZE);
	return 0;
}

void lpae_destroy(struct lpae *t)
{
	for (unsigned int i = 0; i < ROOT_ENTRIES; i++)
		if (lpae_is_table(t->root[i], 1))
			lpae_free_below(t, t->root[i], 1);
	t->ops->free(t->arg, t->root);
	t->root = NULL;
}

/* Walks from the root to the table for ia at level; NULL: there is none. */
static uint64_t *lpae_walk(struct lpae *t, uint32_t ia, unsigned int level)
{
	uint64_t *table = t->root;

	for (unsigned int l = 1; l < level && table; l++)
		table = lpae_get_table(t, lpae_entry(table, ia, l), l);
	if (level == 3) {
		t->recent = table;
		t->recent_ia = ia;
	}
	return table;
}

/* Pages are mostly touched in sequence, so it is often the same table again. */
static bool lpae_is_recent(const struct lpae *t, uint32_t ia,
			   unsigned int level)
{
	return level == 3 && t->recent &&
	       (ia ^ t->recent_ia) < 1u << lpae_level_shift(2);
}

/* The entry for ia at level, without a table below it; NULL: no memory. */
static uint64_t *lpae_get_entry(struct lpae *t, uint32_t ia, unsigned int level)
{
	uint64_t *table = lpae_is_recent(t, ia, level) ?
				  t->recent :
				  lpae_walk(t, ia, level);
	uint64_t *desc;

	if (!table)
		return NULL;
	desc = lpae_entry(table, ia, level);
	lpae_make_empty(t, desc, level);
	return desc;
}

int lpae_map(struct lpae *t, uint32_t ia, uint64_t pa, unsigned int level,
	     uint64_t attrs)
{
	uint64_t *desc = lpae_get_entry(t, ia, level);

	if (!desc)
		return -ENOMEM;
	lpae_set_desc(t, desc,
		      level == 3 ? lpae_page(pa, attrs) :
				   pa | attrs | DESC_BLOCK);
	return 0;
}

uint64_t *lpae_entries(struct lpae *t, uint32_t ia)
{
	return lpae_get_entry(t, ia, 3);
}

/* The entry at which the walk for ia ends, and its level. */
static uint64_t *lpae_last_entry(const struct lpae *t, uint32_t ia,
				 unsigned int *level)
{
	uint64_t *desc = lpae_entry(t->root, ia, 1);

	*level = 1;
	while (lpae_is_table(*desc, *level))
		desc = lpae_entry(lpae_next_table(t, *desc), ia, ++*level);
	return desc;
}

/*
 * Clears bits of all valid entries that overlap [ia, ia + len) and end a walk.
 * Returns true if one of them had one of these bits.
 */
static bool lpae_clear_range(struct lpae *t, uint32_t ia, uint64_t len,
			     uint64_t bits)
{
	uint64_t end = ia + len;
	uint64_t at = ia;
	bool any = false;

	while (at < end) {
		unsigned int level;
		uint64_t *desc = lpae_last_entry(t, (uint32_t)at, &level);

		if ((*desc & DESC_VALID) && (*desc & bits)) {
			lpae_set_desc(t, desc, *desc & ~bits);
			any = true;
		}
		at |= (1ull << lpae_level_shift(level)) - 1;
		at++;
	}
	return any;
}

bool lpae_unmap(struct lpae *t, uint32_t ia, uint64_t len)
{
	return lpae_clear_range(t, ia, len, ~0ull);
}

bool lpae_forbid(struct lpae *t, uint32_t ia, uint64_t len, uint64_t bits)
{
	return lpae_clear_range(t, ia, len, bits);
}

void lpae_allow(struct lpae *t, uint32_t ia, uint64_t clear, uint64_t set)
{
	unsigned int level;
	uint64_t *desc = lpae_last_entry(t, ia, &level);
	uint64_t val = (*desc & ~clear) | set;

	if (!(*desc & DESC_VALID) || *desc == val)
		return;
	lpae_set_desc(t, desc, val);
	t->ops->flush(t->arg);
}

int lpae_split(struct lpae *t, uint32_t ia)
{
	unsigned int level;
	uint64_t *desc = lpae_last_entry(t, ia, &level);
	uint64_t block = *desc;
	uint64_t *table;

	if (!(block & DESC_VALID) || level != 2)
		return 0;
	table = t->ops->alloc(t->arg);
	if (!table)
		return -ENOMEM;
	for (unsigned int i = 0; i < ENTRIES; i++)
		table[i] = lpae_page((block & LPAE_ADDR) + i * LPAE_PAGE_SIZE,
				     block & ~(LPAE_ADDR | DESC_TYPE));
	lpae_clear_desc(t, desc, level);
	t->ops->sync(table, LPAE_PAGE_SIZE);
	lpae_set_desc(t, desc, t->ops->to_pa(table) | DESC_TABLE);
	return 0;
}

uint64_t lpae_lookup(const struct lpae *t, uint32_t ia, unsigned int *level)
{
	uint64_t desc = *lpae_last_entry(t, ia, level);

	return desc & DESC_VALID ? desc : 0;
}
