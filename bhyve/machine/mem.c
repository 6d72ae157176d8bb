/* SPDX-License-Identifier: BSD-2-Clause */
/* The bus: a sorted array of ranges under one lock. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/machine/mem.h"

#define LOG_PAGES  64
#define PAGE_SHIFT 12

static pthread_rwlock_t bus_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct mem_range *ranges;
static size_t nranges, room;
/*
 * Generation of the range table; starts at 1 so that a zeroed per-thread cache
 * never matches.
 */
static unsigned int changes = 1;

/*
 * A thread's cache: a range that it has found, and the generation in which it
 * did.
 */
struct hit {
	struct mem_range range;
	unsigned int changes;
};

static struct mem_range backgrounds[MEM_BACKGROUNDS];
static unsigned int nbackgrounds;

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t unclaimed;
/*
 * Pages that were logged. When it is full nothing more is logged: a guest that
 * probes its whole address space must not fill the host's disks.
 */
static uint64_t logged_pages[LOG_PAGES];
static unsigned int nlogged;

static void note_change(void)
{
	__atomic_add_fetch(&changes, 1, __ATOMIC_RELEASE);
}

void init_mem(void)
{
	note_change();
	free(ranges);
	ranges = NULL;
	nranges = room = 0;
	nbackgrounds = 0;
	nlogged = 0;
	unclaimed = 0;
}

/* Index of the first range that ends behind @addr. */
static size_t first_after(uint64_t addr)
{
	size_t lo = 0, hi = nranges;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ranges[mid].base + (ranges[mid].size - 1) < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int make_room(void)
{
	struct mem_range *bigger;

	if (nranges < room)
		return 0;
	bigger = realloc(ranges, (room + 32) * sizeof(*ranges));
	if (!bigger)
		return -ENOMEM;
	ranges = bigger;
	room += 32;
	return 0;
}

static int insert(const struct mem_range *memp)
{
	size_t at = first_after(memp->base);
	int ret;

	if (at < nranges && ranges[at].base <= memp->base + (memp->size - 1))
		return -EEXIST;
	ret = make_room();
	if (ret)
		return ret;
	memmove(&ranges[at + 1], &ranges[at], (nranges - at) * sizeof(*ranges));
	ranges[at] = *memp;
	nranges++;
	return 0;
}

int register_mem(const struct mem_range *memp)
{
	int ret;

	if (!memp->handler || !memp->size ||
	    memp->base + (memp->size - 1) < memp->base)
		return -EINVAL;
	pthread_rwlock_wrlock(&bus_lock);
	note_change();
	ret = insert(memp);
	pthread_rwlock_unlock(&bus_lock);
	return ret;
}

static int remove_range(const struct mem_range *memp)
{
	size_t at = first_after(memp->base);

	if (at == nranges || ranges[at].base != memp->base ||
	    ranges[at].size != memp->size)
		return -ENOENT;
	nranges--;
	memmove(&ranges[at], &ranges[at + 1], (nranges - at) * sizeof(*ranges));
	return 0;
}

int unregister_mem(const struct mem_range *memp)
{
	int ret;

	pthread_rwlock_wrlock(&bus_lock);
	note_change();
	ret = remove_range(memp);
	pthread_rwlock_unlock(&bus_lock);
	return ret;
}

static bool claims(const struct mem_range *r, uint64_t gpa, int size, int dir)
{
	return gpa >= r->base && gpa - r->base < r->size &&
	       r->size - (gpa - r->base) >= (unsigned int)size &&
	       (r->flags & dir);
}

/* Copies the range, so that the handler runs without the lock. */
static bool look_up(uint64_t gpa, int size, int dir, struct hit *found)
{
	bool ok = false;
	size_t at;

	pthread_rwlock_rdlock(&bus_lock);
	at = first_after(gpa);
	if (at < nranges)
		ok = claims(&ranges[at], gpa, size, dir);
	if (ok)
		*found = (struct hit){ ranges[at], changes };
	pthread_rwlock_unlock(&bus_lock);
	return ok;
}

/*
 * Mostly the thread finds the range of its last access, without the lock. Pairs
 * with note_change(): tests/litmus/message.litmus.
 */
static const struct mem_range *find_range(uint64_t gpa, int size, int dir)
{
	static _Thread_local struct hit last;

	if (last.changes == __atomic_load_n(&changes, __ATOMIC_ACQUIRE) &&
	    claims(&last.range, gpa, size, dir))
		return &last.range;
	return look_up(gpa, size, dir, &last) ? &last.range : NULL;
}

/* Counts the access, and returns whether it is the first on its page. */
static bool note_unclaimed(uint64_t gpa)
{
	uint64_t page = gpa >> PAGE_SHIFT;
	bool is_new;

	pthread_mutex_lock(&log_lock);
	unclaimed++;
	is_new = nlogged < LOG_PAGES;
	for (unsigned int i = 0; i < nlogged && is_new; i++)
		is_new = logged_pages[i] != page;
	if (is_new)
		logged_pages[nlogged++] = page;
	pthread_mutex_unlock(&log_lock);
	return is_new;
}

void register_mem_background(const struct mem_range *memp)
{
	if (nbackgrounds == MEM_BACKGROUNDS)
		die("%s: too many ranges behind the others", memp->name);
	backgrounds[nbackgrounds++] = *memp;
}

static const struct mem_range *find_background(uint64_t gpa, int size, int dir)
{
	unsigned int i;

	for (i = 0; i < nbackgrounds; i++)
		if (claims(&backgrounds[i], gpa, size, dir))
			return &backgrounds[i];
	return NULL;
}

static int access_mem(struct vcpu *vcpu, int dir, uint64_t gpa, uint64_t *val,
		      int size)
{
	const struct mem_range *r = find_range(gpa, size, dir);

	if (!r)
		r = find_background(gpa, size, dir);
	if (r)
		return r->handler(vcpu, dir, gpa, size, val, r->arg1, r->arg2);
	if (note_unclaimed(gpa))
		guest_println(
			"no device at 0x%" PRIx64 " (%s of %d bytes): external"
			" abort in the guest; more on this page go unlogged",
			gpa, dir == MEM_F_READ ? "read" : "write", size);
	return -ESRCH;
}

int read_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval, int size)
{
	return access_mem(vcpu, MEM_F_READ, gpa, rval, size);
}

int write_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t wval, int size)
{
	return access_mem(vcpu, MEM_F_WRITE, gpa, &wval, size);
}

bool mem_claimed(uint64_t gpa, int size, int dir)
{
	struct hit hit;

	return look_up(gpa, size, dir, &hit);
}

uint64_t mem_unclaimed_count(void)
{
	uint64_t n;

	pthread_mutex_lock(&log_lock);
	n = unclaimed;
	pthread_mutex_unlock(&log_lock);
	return n;
}
