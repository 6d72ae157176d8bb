/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include "bhyve/machine/written.h"

#define PAGE_SHIFT 12
#define WORD	   32u /* bits that every host changes atomically */

bool written_is_logged;

/* The bitmap stays, because a thread may still be about to set a bit of it. */
static struct {
	uint32_t *bitmap;
	uintptr_t ram;
	size_t size, words;
} logged;

static const char *back_end;

int written_begin(const void *ram, size_t size)
{
	size_t words = ((size >> PAGE_SHIFT) + WORD - 1) / WORD;

	if (!logged.bitmap)
		logged.bitmap = calloc(words, sizeof(*logged.bitmap));
	if (!logged.bitmap)
		return -ENOMEM;
	logged.ram = (uintptr_t)ram;
	logged.size = size;
	logged.words = words;
	for (size_t i = 0; i < words; i++)
		__atomic_store_n(&logged.bitmap[i], 0, __ATOMIC_RELAXED);
	__atomic_store_n(&written_is_logged, true, __ATOMIC_RELAXED);
	return 0;
}

void written_end(void)
{
	__atomic_store_n(&written_is_logged, false, __ATOMIC_RELAXED);
}

void written_note(const void *mem, size_t len)
{
	size_t at = (uintptr_t)mem - logged.ram;

	if (!len || (uintptr_t)mem < logged.ram || at >= logged.size)
		return;
	if (len > logged.size - at)
		len = logged.size - at;
	/* The release is for who takes the bit, and then reads the page. */
	for (size_t page = at >> PAGE_SHIFT;
	     page <= (at + len - 1) >> PAGE_SHIFT; page++)
		__atomic_fetch_or(&logged.bitmap[page / WORD],
				  UINT32_C(1) << page % WORD, __ATOMIC_RELEASE);
}

void written_take(uint64_t *bitmap)
{
	for (size_t i = 0; i < logged.words; i++) {
		uint64_t bits = 0;

		if (__atomic_load_n(&logged.bitmap[i], __ATOMIC_RELAXED))
			bits = __atomic_exchange_n(&logged.bitmap[i], 0,
						   __ATOMIC_ACQUIRE);
		bitmap[i / 2] |= bits << i % 2 * WORD;
	}
}

void written_by_back_end(const char *tag)
{
	back_end = tag;
}

const char *written_by_others(void)
{
	return back_end;
}
