/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's accesses to its distributor, and to the second page of its CPU
 * interface while that traps, from any kind of exit.
 */
#ifndef VMM_DIST_H
#define VMM_DIST_H

#include <linux/types.h>

#include "core/vgic.h"
#include "vmm/irqfd.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"

/*
 * Whether ipa is in the distributor, or in the page of GICC_DIR; if so, *off is
 * the offset.
 */
static inline bool dist_offset(const struct vm *vm, u64 ipa, u32 *off)
{
	u64 dist = ipa - vm->dist_gpa, dir = ipa - (vm->cpu_gpa + SZ_4K);

	*off = (u32)(dist < VGIC_DIST_SIZE ? dist : VGIC_DIR + dir);
	return dist < VGIC_DIST_SIZE || dir < SZ_4K;
}

/*
 * Carry out an access of 1, 2 or 4 bytes. If it ends an interrupt, signal the
 * interrupt's resamplefds. The vCPU's thread, interrupts on, no lock of the VM
 * held; wait until other vCPUs are out of the guest if the access needs that.
 */
static inline u32 dist_read(struct vcpu *vcpu, u32 off, unsigned int size)
{
	u32 val = off < VGIC_DIR ? vgic_read(vcpu, off, size) : 0;

	irqfd_resample(vcpu->vm);
	return val;
}

static inline void dist_write(struct vcpu *vcpu, u32 off, unsigned int size,
			      u32 val)
{
	/* GICC_DIR takes words; the rest of its page is reserved. */
	if (off < VGIC_DIR || (off == VGIC_DIR && size == sizeof(u32)))
		vgic_write(vcpu, off, size, val);
	irqfd_resample(vcpu->vm);
}

#endif /* VMM_DIST_H */
