/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vCPU of each VM ran last on a CPU, since the CPU's TLB may hold that
 * vCPU's entries under the VM's VMID. Each CPU has such a record and is the
 * only one to use it.
 */
#ifndef CORE_ARM_TLB_OWNER_H
#define CORE_ARM_TLB_OWNER_H

#include "core/types.h"

#define TLB_VMIDS 256 /* VTTBR.VMID has 8 bits (DDI 0406C, VTTBR) */

struct tlb_owners {
	uint8_t vcpu[TLB_VMIDS]; /* its number + 1; 0: none */
};

/* To be called when all entries of the CPU's TLB have been dropped. */
static inline void tlb_owners_reset(struct tlb_owners *owners)
{
	for (unsigned int vmid = 0; vmid < TLB_VMIDS; vmid++)
		owners->vcpu[vmid] = 0;
}

/*
 * The vCPU with this number (0 to 254) of the VM with this VMID is about to run
 * here. True: the TLB may hold a sibling's entries, and the caller must drop
 * them. A VMID is flushed on every CPU when another VM gets it, so a stale
 * record costs one flush too many at most.
 */
static inline bool tlb_owner_change(struct tlb_owners *owners, uint8_t vmid,
				    uint32_t number)
{
	uint8_t before = owners->vcpu[vmid];

	owners->vcpu[vmid] = (uint8_t)(number + 1);
	return before && before != number + 1;
}

#endif /* CORE_ARM_TLB_OWNER_H */
