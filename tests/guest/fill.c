/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills its RAM with pages of which no two are alike, waits for a character, checks
 * all of them, changes every 16th, and checks those again. Whatever the host does to
 * the guest's pages meanwhile, the guest must read what it has written. A page takes
 * few bytes when it is compressed, and two guests of one size have the same pages.
 */
#include "exception.h"
#include "io.h"
#include "pl011.h"
#include "test.h"

#define FIRST_PAGE 0x40400000u
#define MIB	   0x100000u
#define PAGE	   0x1000u
#define STEP	   0x400u /* between the words that are written */
#define CHANGE	   (16 * PAGE)
#define CHANGED	   0xa5a5a5a5u

static bool is_ram(uint32_t addr)
{
	struct trap trap;

	return TRAP(&trap, read32(addr)) == VECTOR_NONE;
}

static uint32_t ram_end(void)
{
	uint32_t end = FIRST_PAGE;

	while (is_ram(end))
		end += MIB;
	return end;
}

static void write_page(uint32_t page, uint32_t change)
{
	for (uint32_t at = 0; at < PAGE; at += STEP)
		write32(page + at, (page + at) ^ change);
}

static bool page_holds(uint32_t page, uint32_t change)
{
	for (uint32_t at = 0; at < PAGE; at += STEP)
		if (read32(page + at) != ((page + at) ^ change))
			return false;
	return true;
}

static void write_pages(uint32_t end, uint32_t distance, uint32_t change)
{
	for (uint32_t page = FIRST_PAGE; page < end; page += distance)
		write_page(page, change);
}

static void check_pages(const char *name, uint32_t end, uint32_t distance,
			uint32_t change)
{
	uint32_t bad = 0;

	for (uint32_t page = FIRST_PAGE; page < end; page += distance)
		bad += !page_holds(page, change);
	check_eq(name, bad, 0);
}

int main(void)
{
	uint32_t end = ram_end();

	write_pages(end, PAGE, 0);
	ok("fill/filled");
	while (pl011_get() < 0)
		;
	check_pages("fill/keeps-its-pages", end, PAGE, 0);
	write_pages(end, CHANGE, CHANGED);
	check_pages("fill/keeps-what-it-changed", end, CHANGE, CHANGED);
	return 0;
}
