/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus: which device answers a guest-physical address.
 *
 * The bus has one lock, and calls no handler with it held. So a handler may
 * register and unregister ranges (a BAR that moves), and devices guard their
 * state with locks of their own. A handler may still be called once while
 * another thread unregisters its range; what arg1 points to lives as long as
 * the VM, or until all vCPUs have been stopped.
 */
#ifndef BHYVE_MEM_H
#define BHYVE_MEM_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/vmmapi.h"

#define MEM_F_READ  0x1
#define MEM_F_WRITE 0x2
#define MEM_F_RW    0x3

/*
 * An access: @dir is MEM_F_READ or MEM_F_WRITE, @addr is guest-physical, @size
 * is 1, 2, 4 or 8, and the whole access is inside the range. A read stores its
 * value in *val, a write finds it there; bits beyond @size are zero and are
 * ignored. An error (negative errno) raises an external abort in the guest. The
 * vCPU's thread.
 */
typedef int (*mem_func_t)(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			  uint64_t *val, void *arg1, long arg2);

struct mem_range {
	const char *name;
	int flags; /* MEM_F_*: which accesses the handler answers */
	mem_func_t handler;
	void *arg1;
	long arg2;
	uint64_t base;
	uint64_t size;
};

/* Removes all ranges. */
void init_mem(void);

/*
 * Adds a copy of @memp. 0; -EINVAL: it is empty, wraps round, or has no
 * handler; -EEXIST: it overlaps another range; -ENOMEM.
 */
int register_mem(const struct mem_range *memp);

/*
 * Adds a range, copied from @memp, that answers what no other range claims. At
 * most MEM_BACKGROUNDS of them, at start-up; init_mem() removes them.
 */
#define MEM_BACKGROUNDS 2
void register_mem_background(const struct mem_range *memp);

/* Removes the range with this base and size. 0 or -ENOENT. */
int unregister_mem(const struct mem_range *memp);

/*
 * Performs an access by its device's handler. -ESRCH: no range claims it, or
 * not all of it, or not in this direction; this is counted, and the first on
 * each page is logged.
 */
int read_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval, int size);
int write_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t wval, int size);

/* Whether a range claims such an access (MEM_F_READ or MEM_F_WRITE). */
bool mem_claimed(uint64_t gpa, int size, int dir);

/* Number of accesses that no range has claimed. */
uint64_t mem_unclaimed_count(void);

#endif /* BHYVE_MEM_H */
