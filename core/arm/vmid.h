/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 255 VMIDs for any number of VMs. A VM has a VMID for one generation. When all
 * have been given out a new generation begins: only the VMs that CPUs may be
 * running keep their VMIDs, and every other VM takes a new one before it runs
 * again.
 */
#ifndef CORE_ARM_VMID_H
#define CORE_ARM_VMID_H

#include "core/types.h"

#define NR_VMIDS 256 /* VTTBR.VMID has 8 bits (DDI 0406C); 0 is the host's */

struct vmid {
	uint64_t generation; /* 0: it has never had one */
	uint32_t number;     /* 1 to 255; 0: as above; read without a lock */
};

struct vmid_pool {
	uint64_t generation;	       /* from 1 on */
	uint32_t given[NR_VMIDS / 32]; /* in this generation */
	uint32_t last;		       /* the VMID given last */
	unsigned int ncpus;
	/*
	 * For each CPU the VM that it may be running, or NULL. Its VMID is always
	 * of this generation. A CPU reads its own entry without a lock.
	 */
	struct vmid **active;
};

/* active has an entry for each of the ncpus CPUs, fewer than 255. */
void vmid_pool_init(struct vmid_pool *pool, struct vmid **active,
		    unsigned int ncpus);

/*
 * Gives the VM, which the CPU is about to run, a VMID of this generation if it has
 * none. True: a generation has begun. Then the caller invalidates the TLB entries
 * of all VMIDs on all CPUs before it lets anybody else call this, or runs the VM.
 * The caller has a lock.
 */
bool vmid_take(struct vmid_pool *pool, struct vmid *vmid, unsigned int cpu);

/* The VM is about to be freed, and no CPU runs it. The caller has the lock. */
void vmid_drop(struct vmid_pool *pool, const struct vmid *vmid);

#endif /* CORE_ARM_VMID_H */
