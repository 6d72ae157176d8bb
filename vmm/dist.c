// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's accesses to its distributor. One of them may end an interrupt,
 * which is then signalled to resamplefds.
 */
#include "vmm/dist.h"
#include "vmm/irqfd.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"

u32 dist_read(struct vcpu *vcpu, u32 off, unsigned int size)
{
	u32 val = vgic_read(vcpu, off, size);

	irqfd_resample(vcpu->vm);
	return val;
}

void dist_write(struct vcpu *vcpu, u32 off, unsigned int size, u32 val)
{
	vgic_write(vcpu, off, size, val);
	irqfd_resample(vcpu->vm);
}
