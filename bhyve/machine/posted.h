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

struct posted_regs;
struct vm_posted_store;
struct vm_posted_words;
struct vmctx;

/*
 * Posts the page of device memory at @gpa, as vm_post() does. @woken is called on
 * the event thread. After mevent_init() and the interrupt controller.
 * Negative errno.
 */
int posted_add(struct vmctx *ctx, uint64_t gpa,
	       const struct vm_posted_words *words, void (*woken)(void *dev),
	       void *dev, struct posted_regs **postedp);

/*
 * The next stores, in their order: how many, 0: there is none; offsets are
 * multiples of 4. With the device's lock, as all that follows. posted_take():
 * so many of them are done with.
 */
unsigned int posted_next(struct posted_regs *posted,
			 const struct vm_posted_store **stores);
void posted_take(struct posted_regs *posted, unsigned int n);

/* What loads at @offset give from now on, and stores keep. */
void posted_answer(struct posted_regs *posted, uint32_t offset, uint32_t val);

/*
 * Stores come in great numbers: if loads have no effect on the device just now,
 * and posted_answer() has said what each of its registers gives, it is worth to
 * show that to the guest, which then need not leave for loads. Off: it has to,
 * before that changes. When it is not busy any more @woken is called.
 */
bool posted_is_busy(const struct posted_regs *posted);
void posted_show(struct posted_regs *posted, bool on);

#endif /* BHYVE_POSTED_H */
