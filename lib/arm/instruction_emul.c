/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Emulation of the loads and stores of device memory that vmm.ko leaves to user
 * space.
 */
#include <errno.h>
#include "lib/arm/decoded.h"
#include "lib/internal.h"

/*
 * The syndrome describes the access (HSR.ISV is 1; DDI 0406C, HSR). vmm.ko has
 * put a store's value into mmio_data, and will extend a load's value, convert
 * it to the guest's byte order, and write it to the register.
 */
static int emulate_described(struct vcpu *vcpu, uint64_t gpa,
			     const struct vie *vie, mem_region_read_t memread,
			     mem_region_write_t memwrite, void *arg)
{
	uint64_t val = 0;
	int ret;

	if (vie->flags & VIE_F_WRITE)
		return memwrite(vcpu, gpa, vcpu->run->mmio_data,
				vie->access_size, arg);
	ret = memread(vcpu, gpa, &val, vie->access_size, arg);
	if (!ret)
		vcpu->run->mmio_data = val;
	return ret;
}

int vmm_emulate_instruction(struct vcpu *vcpu, uint64_t gpa,
			    const struct vie *vie, mem_region_read_t memread,
			    mem_region_write_t memwrite, void *arg)
{
	int ret;

	if (!(vie->flags & VIE_F_VALID)) {
		ret = emulate_decoded(vcpu, vie, memread, memwrite, arg);
		if (ret != -ENOSYS)
			return ret;
	} else {
		ret = emulate_described(vcpu, gpa, vie, memread, memwrite, arg);
	}
	if (ret)
		vcpu->run->flags = VM_RUN_ABORT;
	return ret;
}
