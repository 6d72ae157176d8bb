/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory (struct vm_posted): loads that are answered without
 * asking the device, and stores that do not wait for it. User space can write
 * the page, so nothing in it is trusted.
 */
#ifndef CORE_POSTED_H
#define CORE_POSTED_H

#include <vmm/vmm_posted.h>
#include "core/bytes.h"
#include "core/lock.h"
#include "core/types.h"

/* How accesses to a word are handled; see struct vm_post_args. */
#define POSTED_LOADS  1
#define POSTED_STORES 2
#define POSTED_KEEPS  4

struct posted {
	uint32_t gfn;	      /* IPA[39:12] of the device memory */
	struct hyp_lock lock; /* protects head, page->head and page->store */
	uint32_t head;	      /* number of stores ever posted */
	/* loads since the last store; approximate, as no lock is held */
	uint32_t asked;
	struct vm_posted *page;
	uint8_t words[VM_POSTED_WORDS]; /* POSTED_* bits of each word */
};

/*
 * Adds what (POSTED_*) to the words whose bits are set; bit 0 of bits[0] is the
 * first word.
 */
void posted_set(struct posted *p, const uint32_t bits[VM_POSTED_WORDS / 32],
		uint8_t what);

/*
 * The POSTED_* bits for an access at off (below 4096); 0 beyond the posted
 * words, and for an access that does not start a word. Sizes are 1, 2 or 4
 * bytes.
 */
static inline uint8_t posted_word(const struct posted *p, uint32_t off)
{
	return off & ~(4 * VM_POSTED_WORDS - 4) ? 0 : p->words[off / 4];
}

static inline uint32_t posted_value(const struct posted *p, uint32_t off)
{
	return __atomic_load_n(&p->page->word[off / 4], __ATOMIC_RELAXED);
}

/* Answers a load; false: the device has to. Takes no lock. */
static inline bool posted_load(struct posted *p, uint32_t off,
			       unsigned int size, uint32_t *val)
{
	if (!(posted_word(p, off) & POSTED_LOADS))
		return false;
	/*
	 * A polling guest: after VM_POSTED_LOADS loads in a row, let the device
	 * see one.
	 */
	if (p->asked >= VM_POSTED_LOADS)
		return false;
	p->asked++;
	*val = low_bytes(posted_value(p, off), size);
	return true;
}

/* Whether a store at off is to be posted. Takes no lock. */
static inline bool posted_stores(const struct posted *p, uint32_t off)
{
	return posted_word(p, off) & POSTED_STORES;
}

/* Whether a store of val would change nothing. Takes no lock. */
static inline bool posted_keeps(const struct posted *p, uint32_t off,
				unsigned int size, uint32_t val)
{
	return (posted_word(p, off) & POSTED_KEEPS) &&
	       low_bytes(val, size) == posted_value(p, off);
}

enum posted_done {
	POSTED_NOT, /* no room: the device has to take the queued stores first */
	POSTED,
	POSTED_FIRST, /* posted into an empty queue: wake the device */
};

/* Queues a store for which posted_stores() is true. p->lock is held. */
static inline enum posted_done posted_store(struct posted *p, uint32_t off,
					    unsigned int size, uint32_t val)
{
	struct vm_posted *page = p->page;
	uint32_t tail = __atomic_load_n(&page->tail, __ATOMIC_ACQUIRE);
	uint32_t head = p->head;
	struct vm_posted_store *store = &page->store[head % VM_POSTED_STORES];

	if (head - tail >= VM_POSTED_STORES)
		return POSTED_NOT;
	p->asked = 0;
	store->offset = (uint16_t)off;
	store->size = (uint16_t)size;
	store->value = low_bytes(val, size);
	p->head = head + 1;
	__atomic_store_n(&page->head, head + 1, __ATOMIC_RELEASE);
	/*
	 * The device reads head once more after it has set tail. Either that
	 * read sees this store, or the load of tail below sees that the device
	 * has taken all others, and the device is signalled
	 * (tests/litmus/posted-wake.litmus; without the fences neither may
	 * happen, tests/litmus/posted-wake-no-fence.litmus). The acquire of
	 * tail above keeps this store out of a slot that the device still reads
	 * (tests/litmus/posted-reuse.litmus).
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	tail = __atomic_load_n(&page->tail, __ATOMIC_RELAXED);
	return tail == head ? POSTED_FIRST : POSTED;
}

#endif /* CORE_POSTED_H */
