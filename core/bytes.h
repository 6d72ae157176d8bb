/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of a register that a narrow store stores. */
#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include "core/types.h"

/* The size (1, 2 or 4) lowest bytes of val. */
static inline uint32_t low_bytes(uint32_t val, unsigned int size)
{
	return size == 4 ? val : val & ((1u << 8 * size) - 1);
}

#endif /* CORE_BYTES_H */
