/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses to device registers, by instructions with a valid syndrome, whatever
 * the compiler would have made of a pointer.
 */
#ifndef KIT_IO_H
#define KIT_IO_H

#include <stdint.h>

#define IO_ACCESSORS(name, type, suffix)                          \
	static inline type read##name(uint32_t addr)              \
	{                                                         \
		uint32_t value;                                   \
		asm volatile("ldr" suffix " %0, [%1]"             \
			     : "=r"(value)                        \
			     : "r"(addr)                          \
			     : "memory");                         \
		return (type)value;                               \
	}                                                         \
	static inline void write##name(uint32_t addr, type value) \
	{                                                         \
		asm volatile("str" suffix " %0, [%1]"             \
			     :                                    \
			     : "r"((uint32_t)value), "r"(addr)    \
			     : "memory");                         \
	}

IO_ACCESSORS(8, uint8_t, "b")
IO_ACCESSORS(16, uint16_t, "h")
IO_ACCESSORS(32, uint32_t, "")

#endif
