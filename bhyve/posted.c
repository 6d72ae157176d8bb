/* SPDX-License-Identifier: BSD-2-Clause */
/* Posted device memory, at the device's end. */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vmm/vmm_posted.h>
#include "bhyve/mevent.h"
#include "bhyve/posted.h"
#include "lib/vmmapi.h"

/* Ten characters at 115200 baud; nothing to who reads them. */
#define DELAY_NS UINT64_C(1000000)

struct posted {
	struct vm_posted *page;
	uint32_t head; /* of those that are known to be there */
	uint32_t tail; /* of those that have been taken */
	bool due;      /* the timer will fire */
	struct mevent *timer;
	void (*woken)(void *dev);
	void *dev;
};

static void on_first(int fd, enum ev_type type, void *arg)
{
	struct posted *posted = arg;
	uint64_t n;

	(void)type;
	if (read(fd, &n, sizeof(n)) != sizeof(n))
		return;
	__atomic_store_n(&posted->due, true, __ATOMIC_RELAXED);
	mevent_timer(posted->timer, DELAY_NS);
}

static void on_timer(int fd, enum ev_type type, void *arg)
{
	struct posted *posted = arg;

	(void)fd, (void)type;
	__atomic_store_n(&posted->due, false, __ATOMIC_RELAXED);
	posted->woken(posted->dev);
}

static int add(struct posted *posted, struct vmctx *ctx, int fd, uint64_t gpa,
	       const struct vm_posted_words *words)
{
	posted->timer = mevent_timer_add(on_timer, posted);
	if (!posted->timer || !mevent_add(fd, EVF_READ, on_first, posted))
		return -ENOMEM;
	return vm_post(ctx, gpa, words, fd, &posted->page);
}

int posted_add(struct vmctx *ctx, uint64_t gpa,
	       const struct vm_posted_words *words, void (*woken)(void *dev),
	       void *dev, struct posted **postedp)
{
	struct posted *posted = calloc(1, sizeof(*posted));
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (!posted)
		return -ENOMEM;
	if (fd < 0)
		return -errno;
	posted->woken = woken;
	posted->dev = dev;
	*postedp = posted;
	return add(posted, ctx, fd, gpa, words);
}

/*
 * As long as the timer will fire anyhow, the last one taken is kept, so that
 * the next store is not a first one and wakes nobody.
 */
static void show_tail(struct posted *posted)
{
	uint32_t tail = posted->tail;

	if (__atomic_load_n(&posted->due, __ATOMIC_RELAXED) &&
	    posted->page->tail != tail)
		tail--;
	__atomic_store_n(&posted->page->tail, tail, __ATOMIC_RELEASE);
}

bool posted_next(struct posted *posted, uint32_t *offset, uint32_t *val)
{
	struct vm_posted *page = posted->page;
	const struct vm_posted_store *store =
		&page->store[posted->tail % VM_POSTED_STORES];

	if (posted->head == posted->tail) {
		show_tail(posted);
		/* Whoever posts when head has been looked at sees the tail. */
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		posted->head = __atomic_load_n(&page->head, __ATOMIC_ACQUIRE);
	}
	if (posted->head == posted->tail)
		return false;
	*offset = store->offset;
	*val = store->value;
	posted->tail++;
	return true;
}

void posted_answer(struct posted *posted, uint32_t offset, uint32_t val)
{
	__atomic_store_n(&posted->page->word[offset / 4], val,
			 __ATOMIC_RELEASE);
}
