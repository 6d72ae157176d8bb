/* SPDX-License-Identifier: BSD-2-Clause */
/* The device's side of posted device memory. */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vmm/vmm_posted.h>
#include "bhyve/base/mevent.h"
#include "bhyve/machine/posted.h"
#include "lib/vmmapi.h"

/* The time of ten characters at 115200 baud, which a reader does not notice. */
#define DELAY_NS UINT64_C(1000000)

/*
 * The page is shown when the ring has run full, and stays shown as long as this many
 * stores come in a millisecond. Showing and hiding it are two system calls, which take as
 * long as 50 loads that trap.
 */
#define MANY (VM_POSTED_STORES / 4)

struct posted_regs {
	struct vmctx *ctx;
	int number;
	struct vm_posted *page;
	volatile uint32_t *shown;
	uint32_t head; /* number of stores known to be in the ring */
	uint32_t tail; /* number of stores taken */
	bool on;       /* vm_show_posted() */
	/* Used by the event thread as well: */
	bool due;	/* the timer will fire */
	bool busy;	/* there are many stores */
	uint32_t taken; /* stores taken since the timer last fired */
	struct mevent *timer;
	void (*woken)(void *dev);
	void *dev;
};

static void on_first(int fd, enum ev_type type, void *arg)
{
	struct posted_regs *posted = arg;
	uint64_t n;

	(void)type;
	if (read(fd, &n, sizeof(n)) != sizeof(n))
		return;
	__atomic_store_n(&posted->due, true, __ATOMIC_RELAXED);
	mevent_timer(posted->timer, DELAY_NS);
}

/* The timer is set again as long as there are many stores. */
static void on_timer(int fd, enum ev_type type, void *arg)
{
	struct posted_regs *posted = arg;
	uint32_t taken =
		__atomic_exchange_n(&posted->taken, 0, __ATOMIC_RELAXED);
	bool busy = posted_is_busy(posted) && taken >= MANY;

	(void)fd, (void)type;
	__atomic_store_n(&posted->busy, busy, __ATOMIC_RELAXED);
	__atomic_store_n(&posted->due, busy, __ATOMIC_RELAXED);
	if (busy)
		mevent_timer(posted->timer, DELAY_NS);
	posted->woken(posted->dev);
}

static int add(struct posted_regs *posted, int fd, uint64_t gpa,
	       const struct vm_posted_words *words)
{
	posted->timer = mevent_timer_add(on_timer, posted);
	if (!posted->timer || !mevent_add(fd, EVF_READ, on_first, posted))
		return -ENOMEM;
	posted->number = vm_post(posted->ctx, gpa, words, fd, &posted->page,
				 &posted->shown);
	return posted->number < 0 ? posted->number : 0;
}

int posted_add(struct vmctx *ctx, uint64_t gpa,
	       const struct vm_posted_words *words, void (*woken)(void *dev),
	       void *dev, struct posted_regs **postedp)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct posted_regs *posted;

	if (fd < 0)
		return -errno;
	posted = calloc(1, sizeof(*posted));
	if (!posted) {
		close(fd);
		return -ENOMEM;
	}
	posted->ctx = ctx;
	posted->woken = woken;
	posted->dev = dev;
	*postedp = posted;
	return add(posted, fd, gpa, words);
}

/*
 * While the timer is due anyway, the last store that was taken stays in the
 * ring, so that the next one is not a first one and wakes nobody.
 */
static void show_tail(struct posted_regs *posted)
{
	uint32_t tail = posted->tail;

	if (__atomic_load_n(&posted->due, __ATOMIC_RELAXED) &&
	    posted->page->tail != tail)
		tail--;
	__atomic_store_n(&posted->page->tail, tail, __ATOMIC_RELEASE);
}

static void look_for_more(struct posted_regs *posted)
{
	uint32_t full = posted->page->tail + VM_POSTED_STORES;

	show_tail(posted);
	/*
	 * A vCPU that posts a store after this has read head sees the new tail
	 * (tests/litmus/posted-wake.litmus).
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	posted->head = __atomic_load_n(&posted->page->head, __ATOMIC_ACQUIRE);
	if (posted->head == full)
		__atomic_store_n(&posted->busy, true, __ATOMIC_RELAXED);
}

unsigned int posted_next(struct posted_regs *posted,
			 const struct vm_posted_store **stores)
{
	unsigned int at = posted->tail % VM_POSTED_STORES;
	unsigned int n;

	if (posted->head == posted->tail)
		look_for_more(posted);
	*stores = &posted->page->store[at];
	n = posted->head - posted->tail;
	return n < VM_POSTED_STORES - at ? n : VM_POSTED_STORES - at;
}

void posted_take(struct posted_regs *posted, unsigned int n)
{
	posted->tail += n;
	__atomic_fetch_add(&posted->taken, n, __ATOMIC_RELAXED);
}

void posted_answer(struct posted_regs *posted, uint32_t offset, uint32_t val)
{
	if (offset < 4 * VM_POSTED_WORDS)
		__atomic_store_n(&posted->page->word[offset / 4], val,
				 __ATOMIC_RELEASE);
	posted->shown[offset / 4] = val;
}

bool posted_is_busy(const struct posted_regs *posted)
{
	return __atomic_load_n(&posted->busy, __ATOMIC_RELAXED);
}

void posted_show(struct posted_regs *posted, bool on)
{
	if (posted->on != on &&
	    !vm_show_posted(posted->ctx, posted->number, on))
		posted->on = on;
}
