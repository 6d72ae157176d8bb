/* SPDX-License-Identifier: BSD-2-Clause */
/* What all of Arm's PrimeCell peripherals share. */
#include "bhyve/machine/machine.h"
#include "bhyve/machine/primecell.h"

/* arg1 is the device, arg2 its struct primecell. */
static int access_primecell(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			    uint64_t *val, void *arg1, long arg2)
{
	const struct primecell *pc = (const struct primecell *)arg2;
	uint32_t offset = addr & 0xffc;
	uint32_t reg;

	(void)vcpu, (void)size;
	if (dir == MEM_F_WRITE) {
		if (offset < PRIMECELL_ID && !(addr & 3))
			pc->write(arg1, offset, *val);
		return 0;
	}
	if (offset >= PRIMECELL_ID)
		reg = pc->id[(offset - PRIMECELL_ID) / 4];
	else
		reg = pc->read(arg1, offset);
	*val = reg >> 8 * (addr & 3);
	return 0;
}

int primecell_register(const struct primecell *pc, void *dev,
		       const struct machine_range *range)
{
	struct mem_range mr = {
		.name = pc->name,
		.flags = MEM_F_RW,
		.handler = access_primecell,
		.arg1 = dev,
		.arg2 = (long)pc,
		.base = range->base,
		.size = range->size,
	};

	return register_mem(&mr);
}
