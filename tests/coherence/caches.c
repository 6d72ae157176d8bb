// SPDX-License-Identifier: BSD-2-Clause
#include "caches.h"

#include <stdlib.h>
#include <string.h>

/*
 * The state of one line. Each mask has a bit for each word, so that a store to
 * one word says nothing about the others.
 */
struct line {
	uint16_t dirty; /* the data caches have newer data than memory */
	uint16_t split; /* ... at the first level alone: fetches do not see it */
	uint16_t bypassed;   /* memory has newer data than caches may have */
	uint16_t new_code;   /* stored to since instruction caches were told */
	uint32_t unified_at; /* when it came to where fetches see it */
	uint32_t writer_pc;
	uint8_t writer_world;
	bool cached; /* accessed through the caches since it was invalidated */
};

struct page {
	struct line line[PAGE_LINES];
};

static struct page **pages;
static uint64_t ram_base, ram_size;
/* Counts invalidations of instruction caches. */
static uint32_t clock_now;
static uint32_t forgotten_at[MAX_CPUS];
/* Whether caches_flush_all() has anything to do. */
static bool any_dirty;

bool caches_init(uint64_t base, uint64_t size)
{
	ram_base = base;
	ram_size = size;
	pages = calloc(size / PAGE_SIZE, sizeof(*pages));
	return pages;
}

static struct page *page_at(uint64_t pa)
{
	return pa - ram_base < ram_size ? pages[(pa - ram_base) / PAGE_SIZE] :
					  NULL;
}

/*
 * The line's state; NULL: nobody has accessed it yet, so all copies are equal.
 */
static struct line *line_at(uint64_t pa)
{
	struct page *page = page_at(pa);

	return page ? &page->line[pa % PAGE_SIZE / LINE_SIZE] : NULL;
}

static struct line *make_line(uint64_t pa)
{
	if (pa - ram_base >= ram_size)
		return NULL;
	if (!page_at(pa)) {
		struct page *page = calloc(1, sizeof(*page));

		if (!page)
			abort();
		pages[(pa - ram_base) / PAGE_SIZE] = page;
	}
	return line_at(pa);
}

static uint16_t words(uint64_t pa, unsigned int size)
{
	unsigned int first = pa % LINE_SIZE / 4;
	unsigned int last = (pa + size - 1) % LINE_SIZE / 4;

	return (uint16_t)((2u << last) - (1u << first));
}

static void tell(enum fault fault, uint64_t pa, const struct line *line,
		 const struct actor *by)
{
	struct actor writer = { line->writer_world, 0, line->writer_pc };

	report_fault(fault, pa & ~(uint64_t)(LINE_SIZE - 1), by, &writer);
}

/*
 * After a report the line counts as clean, so that one cause is reported once.
 */
static void forget_dirty(struct line *line)
{
	line->dirty = line->split = 0;
}

static void read_cached(struct line *line, uint16_t bits, uint64_t pa,
			const struct actor *by)
{
	line->cached = true;
	if (!(line->bypassed & bits))
		return;
	tell(FAULT_STALE_CACHE, pa, line, by);
	line->bypassed = 0;
}

void caches_load(uint64_t pa, unsigned int size, bool cacheable,
		 const struct actor *by)
{
	struct line *line = make_line(pa);

	if (!line)
		return;
	if (cacheable) {
		read_cached(line, words(pa, size), pa, by);
	} else if (line->dirty & words(pa, size)) {
		tell(FAULT_STALE_MEMORY, pa, line, by);
		forget_dirty(line);
	}
}

/* The words beside it stay as old as they may be. */
static void store_cached(struct line *line, uint16_t bits)
{
	line->cached = true;
	line->bypassed &= (uint16_t)~bits;
	line->dirty |= bits;
	line->split |= bits;
	any_dirty = true;
}

/*
 * A guest's memory is always in the host's cacheable mappings too, from where
 * speculation may fetch an older copy into the caches. Before the host's
 * MMU is on there is no such mapping: then it is only what was accessed so.
 */
static void store_past(struct line *line, uint16_t bits, uint64_t pa,
		       const struct actor *by)
{
	if (line->dirty) {
		tell(FAULT_OVERWRITTEN, pa, line, by);
		forget_dirty(line);
	}
	if (by->world == WORLD_GUEST || line->cached)
		line->bypassed |= bits;
	line->unified_at = clock_now;
}

void caches_store(uint64_t pa, unsigned int size, bool cacheable,
		  const struct actor *by)
{
	struct line *line = make_line(pa);

	if (!line)
		return;
	if (cacheable)
		store_cached(line, words(pa, size));
	else
		store_past(line, words(pa, size), pa, by);
	line->new_code |= words(pa, size);
	line->writer_pc = by->pc;
	line->writer_world = by->world;
}

static void fetch_new(struct line *line, uint16_t bits, uint64_t pa,
		      bool cacheable, const struct actor *by)
{
	if ((cacheable ? line->split : line->dirty) & bits)
		tell(FAULT_FETCH_UNCLEANED, pa, line, by);
	else if (cacheable && line->bypassed & bits)
		tell(FAULT_STALE_CACHE, pa, line, by);
	else if (forgotten_at[by->cpu] <= line->unified_at)
		tell(FAULT_FETCH_STALE, pa, line, by);
	else
		return;
	line->new_code = 0;
}

void caches_fetch(uint64_t pa, unsigned int size, bool cacheable,
		  const struct actor *by)
{
	struct line *line = line_at(pa);

	if (line && line->new_code & words(pa, size))
		fetch_new(line, words(pa, size), pa, cacheable, by);
}

static void clean_to_pou(struct line *line)
{
	if (line->split)
		line->unified_at = clock_now;
	line->split = 0;
}

static void clean_to_poc(struct line *line)
{
	clean_to_pou(line);
	line->dirty = 0;
}

static void clean_and_invalidate(struct line *line)
{
	clean_to_poc(line);
	line->bypassed = 0;
	line->cached = false;
}

void caches_maintain(uint64_t pa, enum maintenance op, const struct actor *by)
{
	struct line *line = line_at(pa);

	if (!line)
		return;
	switch (op) {
	case MAINT_CLEAN_POU:
		clean_to_pou(line);
		break;
	case MAINT_CLEAN_POC:
		clean_to_poc(line);
		break;
	case MAINT_INVALIDATE_POC:
		if (line->dirty)
			tell(FAULT_DISCARDED, pa, line, by);
		clean_and_invalidate(line);
		break;
	case MAINT_CLEAN_INVALIDATE_POC:
		clean_and_invalidate(line);
		break;
	case MAINT_ICACHE_LINE:
		if (!line->split)
			line->new_code = 0;
		break;
	default:
		break;
	}
}

void caches_forget_code(unsigned int cpu)
{
	forgotten_at[cpu] = ++clock_now;
}

void caches_forget_all_code(void)
{
	clock_now++;
	for (unsigned int cpu = 0; cpu < MAX_CPUS; cpu++)
		forgotten_at[cpu] = clock_now;
}

static void flush_page(struct page *page)
{
	for (unsigned int i = 0; i < PAGE_LINES; i++)
		clean_and_invalidate(&page->line[i]);
}

void caches_flush_all(void)
{
	if (!any_dirty)
		return;
	for (uint64_t i = 0; i < ram_size / PAGE_SIZE; i++)
		if (pages[i])
			flush_page(pages[i]);
	any_dirty = false;
}

void caches_show(uint64_t pa, const struct actor *by)
{
	struct page *page = page_at(pa);

	if (!page)
		return;
	for (unsigned int i = 0; i < PAGE_LINES; i++) {
		if (!page->line[i].dirty)
			continue;
		tell(FAULT_SHOWN, pa + i * LINE_SIZE, &page->line[i], by);
		return;
	}
}
