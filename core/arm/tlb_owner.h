/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vCPU of each VM ran last on a CPU: whose TLB entries the CPU may hold
 * under the VM's VMID. One such record per CPU; nobody else looks at it.
 */
#ifndef CORE_ARM_TLB_OWNER_H
#define CORE_ARM_TLB_OWNER_H

#include "core/types.h"

#define TLB_VMIDS 256 /* VTTBR.VMID has 8 bits (DDI 0406C, VTTBR) */

struct tlb_owners {
	uint8_t vcpu[TLB_VMIDS]; /* its number + 1; 0: none */
};

/* After all entries of the CPU's TLB have been invalidated. */
static inline void tlb_owners_reset(struct tlb_owners *owners)
{
	for (unsigned int vmid = 0; vmid < TLB_VMIDS; vmid++)
		owners->vcpu[vmid] = 0;
}

/*
 * vCPU number (0 to 254) of the VM with this VMID is about to run. True: the
 * TLB may hold entries of another vCPU of the VM, and the caller invalidates
 * them. A VMID that went to another VM has been invalidated on every CPU then,
 * so the owner of before costs one flush too many at most.
 */
static inline bool tlb_owner_change(struct tlb_owners *owners, uint8_t vmid,
				    uint32_t number)
{
	uint8_t before = owners->vcpu[vmid];

	owners->vcpu[vmid] = (uint8_t)(number + 1);
	return before && before != number + 1;
}

#endif /* CORE_ARM_TLB_OWNER_H */
