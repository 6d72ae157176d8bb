/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's accesses to its distributor, whichever way they come.
 */
#ifndef VMM_DIST_H
#define VMM_DIST_H

#include <linux/types.h>

struct vcpu;
struct vm;

/* Whether ipa is in it, and at which offset. */
bool dist_offset(const struct vm *vm, u64 ipa, u32 *off);

/*
 * An access of 1, 2 or 4 bytes. May wait for other vCPUs. In the vCPU's thread,
 * interrupts on, no lock of the VM's held.
 */
u32 dist_read(struct vcpu *vcpu, u32 off, unsigned int size);
void dist_write(struct vcpu *vcpu, u32 off, unsigned int size, u32 val);

#endif /* VMM_DIST_H */
