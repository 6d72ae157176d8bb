/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory (struct vm_posted): loads that nobody has to be asked for
 * and stores that nobody has to be waited for. The page is user space's, too:
 * nothing in it is trusted.
 */
#ifndef CORE_POSTED_H
#define CORE_POSTED_H

#include <vmm/vmm_posted.h>
#include "core/lock.h"
#include "core/types.h"

struct posted {
	uint32_t gfn; /* IPA[39:12] of the device memory */
	struct hyp_lock lock; /* of the stores: head, page->head, page->store */
	uint32_t head; /* stores ever posted */
	uint32_t asked; /* loads since the last store; about so many */
	/* Words, from the page's start: struct vm_post_args. */
	uint32_t loads[VM_POSTED_WORDS / 32];
	uint32_t stores[VM_POSTED_WORDS / 32];
	uint32_t keeps[VM_POSTED_WORDS / 32];
	struct vm_posted *page;
};

/*
 * A load of size bytes (1, 2, 4) at offset off (below 4096) of the device
 * memory: false if the device has to be asked. No lock.
 */
bool posted_load(struct posted *p, uint32_t off, unsigned int size,
		 uint32_t *val);

/* Whether a store of val, of size bytes, changes nothing there. No lock. */
bool posted_keeps(const struct posted *p, uint32_t off, unsigned int size,
		  uint32_t val);

/* Whether a store there is one to be posted. No lock. */
bool posted_stores(const struct posted *p, uint32_t off);

enum posted_done {
	POSTED_NOT, /* there is no room: the device has to take the others first */
	POSTED,
	POSTED_FIRST, /* ... and the device knows of none yet: wake it */
};

/* Posts one for which posted_stores() is true. With p->lock. */
enum posted_done posted_store(struct posted *p, uint32_t off,
			      unsigned int size, uint32_t val);

#endif /* CORE_POSTED_H */
