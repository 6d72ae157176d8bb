/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIB_ARM_DECODED_H
#define LIB_ARM_DECODED_H

#include "lib/vmmapi.h"

/*
 * Carries out @vie's instruction, which the syndrome did not describe, on the
 * vCPU's registers: every access is translated by the guest's own tables and
 * goes to guest memory or to the callbacks. What the guest did wrong (and a
 * callback's error) becomes an exception in the guest. 0; a callback's
 * error; -ENOSYS: not a load or store.
 */
int emulate_decoded(struct vcpu *vcpu, const struct vie *vie,
		    mem_region_read_t memread, mem_region_write_t memwrite,
		    void *arg);

#endif /* LIB_ARM_DECODED_H */
