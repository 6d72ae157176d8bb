/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Register ids: 32-bit numbers in 64-bit fields. Bits 31:24 are the class; the
 * class defines the other bits. VM_GET_REG_LIST lists the ids of a vCPU.
 */
#ifndef VMM_VMM_REG_H
#define VMM_VMM_REG_H

#define VM_REG_CLASS(id)    ((unsigned int)(id) >> 24)
#define VM_REG_ID(class, n) (((unsigned int)(class) << 24) | (n))

#endif /* VMM_VMM_REG_H */
