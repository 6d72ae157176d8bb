/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory (VM_POST): a page that vmm.ko and user space share. It
 * holds the values that loads of some device registers return, and a queue of
 * the guest's stores to some, in their order.
 *
 * vmm.ko writes head and store[]; user space writes word[] and tail. To empty
 * the queue, user space reads head, takes the stores up to it, sets tail to
 * that head, and then reads head once more: the eventfd is signalled only for a
 * store into an empty queue, so only the second read of head finds a store that
 * came meanwhile.
 */
#ifndef VMM_VMM_POSTED_H
#define VMM_VMM_POSTED_H

/* HYP, which writes the page too, has no Linux headers. */
#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define VM_MAX_POSTED	 4  /* posted pages of one VM */
#define VM_POSTED_WORDS	 64 /* words of the first 256 bytes of the page */
#define VM_POSTED_STORES 256
/*
 * After this many loads without a store in between, loads exit to user space
 * until the next store: the guest polls, and the device may want to know.
 */
#define VM_POSTED_LOADS 8

struct vm_posted_store {
	uint16_t offset; /* bytes from the start of the page */
	uint16_t size;	 /* bytes: 1, 2 or 4 */
	uint32_t value;
};

struct vm_posted {
	uint32_t head; /* number of stores ever queued, modulo 2^32 */
	uint32_t tail; /* number of stores ever taken, modulo 2^32 */
	uint32_t word[VM_POSTED_WORDS];
	struct vm_posted_store store[VM_POSTED_STORES];
};

#endif /* VMM_VMM_POSTED_H */
