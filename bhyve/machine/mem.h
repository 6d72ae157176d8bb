/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus: which device answers a guest-physical address.
 *
 * The lock rule: the bus has one lock, and no handler is called with it held.
 * A handler may therefore register and unregister ranges itself (a BAR that
 * moves), devices guard their own state with their own locks, and a handler
 * may still be called once while another thread unregisters its range. What
 * arg1 points to lives as long as the VM.
 */
#ifndef BHYVE_MEM_H
#define BHYVE_MEM_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/vmmapi.h"

#define MEM_F_READ	0x1
#define MEM_F_WRITE	0x2
#define MEM_F_RW	0x3

/*
 * One access: @dir is MEM_F_READ or MEM_F_WRITE, @addr guest-physical, @size
 * 1, 2, 4 or 8 and the whole access inside the range. Reads store *val, writes
 * find it there; bits beyond @size are zero and ignored. An error (negative
 * errno) becomes an external abort in the guest.
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

/* Forgets all ranges. */
void init_mem(void);

/*
 * Adds a copy of @memp. -EINVAL: empty, wraps round, or no handler;
 * -EEXIST: it overlaps another range; -ENOMEM.
 */
int register_mem(const struct mem_range *memp);

/*
 * A copy of @memp answers what no other range in it claims; there is one, and
 * init_mem() forgets it.
 */
void register_mem_background(const struct mem_range *memp);

/* Removes the range with the same base and size, else -ENOENT. */
int unregister_mem(const struct mem_range *memp);

/*
 * Hands an access to its device. -ESRCH: nobody claims it (or not all of it,
 * or not in this direction); it is counted and the first on each page logged.
 */
int read_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval, int size);
int write_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t wval, int size);

/* Whether somebody claims such an access, MEM_F_READ or MEM_F_WRITE. */
bool mem_claimed(uint64_t gpa, int size, int dir);

/* Accesses so far that nobody claimed. */
uint64_t mem_unclaimed_count(void);

#endif /* BHYVE_MEM_H */
