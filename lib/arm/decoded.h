/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_ARM_DECODED_H
#define LIB_ARM_DECODED_H

#include "lib/vmmapi.h"

/*
 * Decodes and carries out @vie's instruction on the vCPU's registers. Each
 * access is translated by the guest's own tables and goes to guest memory or to
 * a callback. A fault, or a callback's error, raises the exception in the
 * guest. Returns 0, a callback's error, or -ENOSYS: not a load or store. The
 * vCPU's own thread calls it.
 */
int emulate_decoded(struct vcpu *vcpu, const struct vie *vie,
		    mem_region_read_t memread, mem_region_write_t memwrite,
		    void *arg);

#endif /* LIB_ARM_DECODED_H */
