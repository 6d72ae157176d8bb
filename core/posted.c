// SPDX-License-Identifier: BSD-2-Clause
/* Loads answered from a page, stores left in its ring. */
#include "core/posted.h"

static bool has(const uint32_t words[], uint32_t off)
{
	return off < 4 * VM_POSTED_WORDS && !(off & 3) &&
	       words[off >> 7] >> (off >> 2 & 31) & 1;
}

static uint32_t low_bytes(uint32_t val, unsigned int size)
{
	return size == 4 ? val : val & ((1u << 8 * size) - 1);
}

static uint32_t word(const struct posted *p, uint32_t off)
{
	return __atomic_load_n(&p->page->word[off / 4], __ATOMIC_RELAXED);
}

bool posted_load(struct posted *p, uint32_t off, unsigned int size,
		 uint32_t *val)
{
	if (!has(p->loads, off))
		return false;
	/* Who asks again and again waits for something: the device may care. */
	if (p->asked >= VM_POSTED_LOADS)
		return false;
	p->asked++;
	*val = low_bytes(word(p, off), size);
	return true;
}

bool posted_keeps(const struct posted *p, uint32_t off, unsigned int size,
		  uint32_t val)
{
	return has(p->keeps, off) && low_bytes(val, size) == word(p, off);
}

bool posted_stores(const struct posted *p, uint32_t off)
{
	return has(p->stores, off);
}

enum posted_done posted_store(struct posted *p, uint32_t off,
			      unsigned int size, uint32_t val)
{
	struct vm_posted *page = p->page;
	uint32_t tail = __atomic_load_n(&page->tail, __ATOMIC_ACQUIRE);
	struct vm_posted_store *store =
		&page->store[p->head % VM_POSTED_STORES];

	if (p->head - tail >= VM_POSTED_STORES)
		return POSTED_NOT;
	p->asked = 0;
	store->offset = (uint16_t)off;
	store->size = (uint16_t)size;
	store->value = low_bytes(val, size);
	__atomic_store_n(&page->head, ++p->head, __ATOMIC_RELEASE);
	/*
	 * The device looks at head once more after it has set tail: either it
	 * sees this store then, or this sees that it has taken all others.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	tail = __atomic_load_n(&page->tail, __ATOMIC_RELAXED);
	return tail == p->head - 1 ? POSTED_FIRST : POSTED;
}
