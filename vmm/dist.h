/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's accesses to its distributor, from any kind of exit. */
#ifndef VMM_DIST_H
#define VMM_DIST_H

#include <linux/types.h>

#include "core/vgic.h"
#include "vmm/irqfd.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"

/* Whether ipa is in the distributor; if so, *off is the offset. */
static inline bool dist_offset(const struct vm *vm, u64 ipa, u32 *off)
{
	u64 offset = ipa - vm->dist_gpa;

	*off = (u32)offset;
	return offset < VGIC_DIST_SIZE;
}

/*
 * An access of 1, 2 or 4 bytes, after which resamplefds hear of an interrupt that
 * it ended. The vCPU's thread, interrupts on, no lock of the VM held; waits until
 * other vCPUs are out of the guest where that is needed.
 */
static inline u32 dist_read(struct vcpu *vcpu, u32 off, unsigned int size)
{
	u32 val = vgic_read(vcpu, off, size);

	irqfd_resample(vcpu->vm);
	return val;
}

static inline void dist_write(struct vcpu *vcpu, u32 off, unsigned int size,
			      u32 val)
{
	vgic_write(vcpu, off, size, val);
	irqfd_resample(vcpu->vm);
}

#endif /* VMM_DIST_H */
