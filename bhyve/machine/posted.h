/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory (VM_POST, coalesced MMIO): vmm.ko answers loads of some
 * registers, and queues the stores to others until the device takes them.
 *
 * The device takes them before it answers any other access, and when it is
 * woken: a millisecond after the first store, so that there are more by then.
 */
#ifndef BHYVE_POSTED_H
#define BHYVE_POSTED_H

#include <stdbool.h>
#include <stdint.h>

struct posted_regs;
struct vm_posted_store;
struct vm_posted_words;
struct vmctx;

/*
 * Posts the page of device memory at @gpa, as vm_post() does. @woken is called
 * on the event thread when there are stores. After mevent_init() and
 * vm_attach_vgic(). 0 or a negative errno.
 */
int posted_add(struct vmctx *ctx, uint64_t gpa,
	       const struct vm_posted_words *words, void (*woken)(void *dev),
	       void *dev, struct posted_regs **postedp);

/*
 * posted_next() gives the next stores, in their order, and returns their
 * number, 0: none; the offsets are multiples of 4. posted_take() removes that
 * many. These and the functions below are called with the device's lock held.
 */
unsigned int posted_next(struct posted_regs *posted,
			 const struct vm_posted_store **stores);
void posted_take(struct posted_regs *posted, unsigned int n);

/*
 * Sets the value that loads at @offset return. If the word is one of words->keeps, a
 * store of this value is dropped, because it changes nothing.
 */
void posted_answer(struct posted_regs *posted, uint32_t offset, uint32_t val);

/*
 * posted_is_busy(): there are many stores. If loads have no side effect now,
 * and posted_answer() has set the value of every register, posted_show() lets
 * the guest read them without an exit. It must be switched off before a load
 * gets a side effect. When there are no longer many stores, @woken is called.
 */
bool posted_is_busy(const struct posted_regs *posted);
void posted_show(struct posted_regs *posted, bool on);

#endif /* BHYVE_POSTED_H */
