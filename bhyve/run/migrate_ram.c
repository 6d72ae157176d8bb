/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/machine/written.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/snapshot_ram.h"
#include "lib/vmmapi.h"

#define PAGE 4096u
#define WORD 64u
/* A section is small, so that the event loop serves devices between two. */
#define MAX_PAGES  64u
#define MAX_ZEROES 1024u
#define MAX_LOOKED 1024u
/* The most that a section can bring; see SNAPSHOT_MAX_SECTION. */
#define ENTRY (sizeof(uint64_t) + PAGE)

static struct {
	struct vmctx *ctx;
	uint8_t *mem;
	uint64_t base, size, pages;
	/* Bitmaps of pages. */
	uint64_t *listed; /* to be sent in this round */
	uint64_t *fresh;  /* just read from the dirty log */
	uint64_t *stored; /* in the file, with other contents than zeroes */
	uint64_t at;	  /* the pages below this one have been sent */
	/* The receiver's memory is still zero, so zero pages are left out. */
	bool first_round;
	struct migrate_copied copied;
} ram;

/* Pages for one pair of sections, "pages" and "zeroes". */
static struct batch {
	uint64_t page[MAX_PAGES];
	uint64_t zero[MAX_ZEROES];
	uint32_t npages, nzeroes;
} batch;

void migrate_ram_init(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	ram.ctx = ctx;
	ram.base = base;
	ram.size = size;
	ram.pages = size / PAGE;
	ram.mem = vm_map_gpa(ctx, base, size);
	ram.copied = (struct migrate_copied){ 0 };
}

static size_t words(void)
{
	return (ram.pages + WORD - 1) / WORD;
}

int migrate_ram_begin(void)
{
	int ret;

	ram.listed = calloc(words(), sizeof(*ram.listed));
	ram.fresh = calloc(words(), sizeof(*ram.fresh));
	ram.stored = calloc(words(), sizeof(*ram.stored));
	ret = ram.listed && ram.fresh && ram.stored ?
		      written_begin(ram.mem, ram.size) :
		      -ENOMEM;
	if (!ret)
		ret = vm_log_dirty(ram.ctx, ram.base, true);
	if (ret) {
		migrate_ram_end();
		return ret;
	}
	ram.at = 0;
	ram.first_round = true;
	ram.copied = (struct migrate_copied){ 0 };
	return 0;
}

/* A page that has come to exist since the log began is in it. */
void migrate_ram_list_existing(void)
{
	snapshot_ram_existing(ram.listed);
}

void migrate_ram_end(void)
{
	vm_log_dirty(ram.ctx, ram.base, false);
	written_end();
	free(ram.listed);
	free(ram.fresh);
	free(ram.stored);
	ram.listed = ram.fresh = ram.stored = NULL;
}

static bool is_zero(const uint8_t *page)
{
	static const uint8_t zeroes[PAGE];

	return !memcmp(page, zeroes, PAGE);
}

/* False: the batch has no room for another. */
static bool add_page(uint64_t page)
{
	if (!is_zero(ram.mem + page * PAGE)) {
		batch.page[batch.npages++] = page;
		return batch.npages < MAX_PAGES;
	}
	if (!ram.first_round)
		batch.zero[batch.nzeroes++] = page;
	return batch.nzeroes < MAX_ZEROES;
}

static void fill_batch(void)
{
	unsigned int looked = 0;
	bool room = true;

	batch.npages = batch.nzeroes = 0;
	while (room && ram.at < ram.pages && looked < MAX_LOOKED) {
		uint64_t *word = &ram.listed[ram.at / WORD];
		uint64_t rest = *word >> ram.at % WORD;

		if (!rest) {
			ram.at = (ram.at / WORD + 1) * WORD;
			continue;
		}
		ram.at += (uint64_t)__builtin_ctzll(rest);
		*word &= ~(UINT64_C(1) << ram.at % WORD);
		room = add_page(ram.at++);
		looked++;
	}
}

/* A page may change meanwhile: then it is in the log, and is sent again. */
static void put_pages(struct snapshot_writer *w)
{
	static uint8_t data[MAX_PAGES * ENTRY];
	uint8_t *to = data + batch.npages * sizeof(*batch.page);

	memcpy(data, batch.page, batch.npages * sizeof(*batch.page));
	for (uint32_t i = 0; i < batch.npages; i++)
		memcpy(to + i * PAGE, ram.mem + batch.page[i] * PAGE, PAGE);
	snapshot_put(w, "pages", 0, 1, data, batch.npages * ENTRY);
}

bool migrate_ram_next(struct snapshot_writer *w)
{
	fill_batch();
	if (batch.npages)
		put_pages(w);
	if (batch.nzeroes)
		snapshot_put(w, "zeroes", 0, 1, batch.zero,
			     batch.nzeroes * sizeof(*batch.zero));
	ram.copied.pages += batch.npages;
	ram.copied.zeroes += batch.nzeroes;
	return ram.at < ram.pages || batch.npages || batch.nzeroes;
}

/* Writes page @page, and notes whether the file has it: a hole is zero already. */
static int store_page(int fd, uint64_t page, bool zero,
		      struct snapshot_memory *memory)
{
	uint64_t *word = &ram.stored[page / WORD];
	uint64_t bit = UINT64_C(1) << page % WORD;

	if (zero && !(*word & bit))
		return 0;
	if (zero)
		memory->saved -= PAGE;
	else if (!(*word & bit))
		memory->saved += PAGE;
	*word = zero ? *word & ~bit : *word | bit;
	return snapshot_ram_put(fd, ram.mem + page * PAGE, PAGE,
				memory->offset + page * PAGE);
}

int migrate_ram_store(int fd, struct snapshot_memory *memory)
{
	bool more;
	int ret = 0;

	fill_batch();
	for (uint32_t i = 0; i < batch.npages && !ret; i++)
		ret = store_page(fd, batch.page[i], false, memory);
	for (uint32_t i = 0; i < batch.nzeroes && !ret; i++)
		ret = store_page(fd, batch.zero[i], true, memory);
	ram.copied.pages += batch.npages;
	more = ram.at < ram.pages || batch.npages || batch.nzeroes;
	return ret ? ret : more;
}

int64_t migrate_ram_list(void)
{
	int64_t n = 0;
	int ret;

	ret = vm_get_dirty(ram.ctx, ram.base, ram.size, ram.fresh);
	if (ret)
		return ret;
	written_take(ram.fresh);
	for (size_t i = 0; i < words(); i++) {
		ram.listed[i] |= ram.fresh[i];
		n += __builtin_popcountll(ram.listed[i]);
	}
	ram.at = 0;
	ram.first_round = false;
	return n;
}

uint64_t migrate_ram_sent(void)
{
	return ram.copied.pages;
}

uint64_t migrate_ram_pages(void)
{
	return ram.pages;
}

void migrate_ram_put_copied(struct snapshot_writer *w)
{
	snapshot_put(w, "copied", 0, 1, &ram.copied, sizeof(ram.copied));
}

static const char *take_pages(const uint8_t *data, size_t n)
{
	const uint8_t *from = data + n * sizeof(uint64_t);

	for (size_t i = 0; i < n; i++) {
		uint64_t page;

		memcpy(&page, data + i * sizeof(page), sizeof(page));
		if (page >= ram.pages)
			return "a page is outside of RAM";
		memcpy(ram.mem + page * PAGE, from + i * PAGE, PAGE);
	}
	ram.copied.pages += n;
	return NULL;
}

/* Memory that is zero already is not touched. */
static const char *take_zeroes(const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t page;

		memcpy(&page, data + i * sizeof(page), sizeof(page));
		if (page >= ram.pages)
			return "a page is outside of RAM";
		if (!is_zero(ram.mem + page * PAGE))
			memset(ram.mem + page * PAGE, 0, PAGE);
	}
	ram.copied.zeroes += n;
	return NULL;
}

static const char *compare_copied(const struct section *section)
{
	if (section->len != sizeof(ram.copied))
		return "it has another length";
	return memcmp(section->data, &ram.copied, sizeof(ram.copied)) ?
		       "not all pages of memory have come" :
		       NULL;
}

const char *migrate_ram_take(const struct section *section)
{
	if (section->version != 1)
		return "this bhyve does not know its version";
	if (!strcmp(section->tag, "copied"))
		return compare_copied(section);
	if (!strcmp(section->tag, "pages") && section->len % ENTRY == 0)
		return take_pages(section->data, section->len / ENTRY);
	if (!strcmp(section->tag, "zeroes") &&
	    section->len % sizeof(uint64_t) == 0)
		return take_zeroes(section->data,
				   section->len / sizeof(uint64_t));
	return "it is not where it belongs";
}
