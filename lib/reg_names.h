/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of registers, for bhyve and bhyvectl; no part of libvmmapi. */
#ifndef LIB_REG_NAMES_H
#define LIB_REG_NAMES_H

#include <stdint.h>

#define ARCH_REG_NAMELEN 24

/* The architecture's name for a register that VM_GET_REG_LIST lists. */
void arch_reg_name(uint64_t id, char name[ARCH_REG_NAMELEN]);

#endif /* LIB_REG_NAMES_H */
