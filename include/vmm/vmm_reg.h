/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How registers are named: by 32-bit ids held in 64-bit fields, the class in
 * bits 31:24, the rest per class. VM_GET_REG_LIST enumerates what a vCPU has.
 */
#ifndef VMM_VMM_REG_H
#define VMM_VMM_REG_H

#define VM_REG_CLASS(id)	((unsigned int)(id) >> 24)
#define VM_REG_ID(class, n)	(((unsigned int)(class) << 24) | (n))

#endif /* VMM_VMM_REG_H */
