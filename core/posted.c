// SPDX-License-Identifier: BSD-2-Clause
/* Stores left in a page's ring. */
#include "core/posted.h"

void posted_set(struct posted *p, const uint32_t bits[VM_POSTED_WORDS / 32],
		uint8_t what)
{
	for (unsigned int i = 0; i < VM_POSTED_WORDS; i++)
		if (bits[i / 32] >> i % 32 & 1)
			p->words[i] |= what;
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
