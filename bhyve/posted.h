/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device memory that is posted (VM_POST): vmm.ko answers loads of some registers
 * and keeps the stores to others until the device takes them.
 *
 * The device takes them before it answers any access of another kind, and when
 * it is woken: a millisecond after the first, so that there are more by then.
 */
#ifndef BHYVE_POSTED_H
#define BHYVE_POSTED_H

#include <stdbool.h>
#include <stdint.h>

struct posted;
struct vm_posted_words;
struct vmctx;

/*
 * Posts the page of device memory at @gpa, as vm_post() does. @woken is called on
 * the event thread. After mevent_init() and the interrupt controller.
 * Negative errno.
 */
int posted_add(struct vmctx *ctx, uint64_t gpa,
	       const struct vm_posted_words *words, void (*woken)(void *dev),
	       void *dev, struct posted **postedp);

/*
 * The next store, in their order: of @val at @offset, a multiple of 4; false:
 * there is none. With the device's lock.
 */
bool posted_next(struct posted *posted, uint32_t *offset, uint32_t *val);

/* What loads at @offset give from now on, and stores keep. With the device's
 * lock. */
void posted_answer(struct posted *posted, uint32_t offset, uint32_t val);

#endif /* BHYVE_POSTED_H */
