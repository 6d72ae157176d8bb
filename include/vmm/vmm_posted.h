/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory (VM_POST), a page mapped from the VM's file: what loads
 * of some of the device's registers give, and the stores to some, in their
 * order. vmm writes head and store, user space word and tail, which it sets to
 * head as it was when it has taken everything up to it; then it looks at head
 * once more, since the eventfd tells of the first store alone.
 */
#ifndef VMM_VMM_POSTED_H
#define VMM_VMM_POSTED_H

/* HYP, which writes it, too, has no headers of Linux's. */
#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define VM_MAX_POSTED	4 /* such pages of a VM */
#define VM_POSTED_WORDS	64 /* the first 256 bytes of the device memory */
#define VM_POSTED_STORES 256
/* After so many loads in a row they go to user space, until the next store. */
#define VM_POSTED_LOADS	8

struct vm_posted_store {
	uint16_t offset; /* bytes from the device memory's start */
	uint16_t size; /* bytes: 1, 2 or 4 */
	uint32_t value;
};

struct vm_posted {
	uint32_t head; /* stores ever posted, modulo 2^32 */
	uint32_t tail; /* stores ever taken */
	uint32_t word[VM_POSTED_WORDS];
	struct vm_posted_store store[VM_POSTED_STORES];
};

#endif /* VMM_VMM_POSTED_H */
