/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers by their operands, and barriers. */
#ifndef KIT_SYSREG_H
#define KIT_SYSREG_H

#include <stdint.h>

#define READ_CP(cp, opc1, crn, crm, opc2)                                  \
	({                                                                 \
		uint32_t value_;                                           \
		asm volatile("mrc " #cp ", " #opc1 ", %0, " #crn ", " #crm \
			     ", " #opc2                                    \
			     : "=r"(value_)                                \
			     :                                             \
			     : "memory");                                  \
		value_;                                                    \
	})
#define WRITE_CP(cp, opc1, crn, crm, opc2, value)                             \
	asm volatile("mcr " #cp ", " #opc1 ", %0, " #crn ", " #crm ", " #opc2 \
		     :                                                        \
		     : "r"((uint32_t)(value))                                 \
		     : "memory")
#define READ_CP15(opc1, crn, crm, opc2) READ_CP(p15, opc1, crn, crm, opc2)
#define WRITE_CP15(opc1, crn, crm, opc2, value) \
	WRITE_CP(p15, opc1, crn, crm, opc2, value)

#define READ_CP15_64(opc1, crm)                                     \
	({                                                          \
		uint64_t value_;                                    \
		asm volatile("mrrc p15, " #opc1 ", %Q0, %R0, " #crm \
			     : "=r"(value_)                         \
			     :                                      \
			     : "memory");                           \
		value_;                                             \
	})
#define WRITE_CP15_64(opc1, crm, value)                     \
	asm volatile("mcrr p15, " #opc1 ", %Q0, %R0, " #crm \
		     :                                      \
		     : "r"((uint64_t)(value))               \
		     : "memory")

#define READ_SCTLR()	   READ_CP15(0, c1, c0, 0)
#define WRITE_SCTLR(value) WRITE_CP15(0, c1, c0, 0, value)

#define SCTLR_M	 (1u << 0)
#define SCTLR_A	 (1u << 1)
#define SCTLR_C	 (1u << 2)
#define SCTLR_Z	 (1u << 11)
#define SCTLR_I	 (1u << 12)
#define SCTLR_V	 (1u << 13)
#define SCTLR_EE (1u << 25)
#define SCTLR_TE (1u << 30)

#define CPSR_MODE 0x1fu
#define CPSR_T	  (1u << 5)
#define CPSR_F	  (1u << 6)
#define CPSR_I	  (1u << 7)
#define CPSR_A	  (1u << 8)
#define CPSR_E	  (1u << 9)

static inline void isb(void)
{
	asm volatile("isb" ::: "memory");
}

static inline void dsb(void)
{
	asm volatile("dsb sy" ::: "memory");
}

static inline void dmb(void)
{
	asm volatile("dmb sy" ::: "memory");
}

static inline void wfi(void)
{
	asm volatile("dsb sy\n\twfi" ::: "memory");
}

static inline uint32_t read_cpsr(void)
{
	uint32_t value;

	asm volatile("mrs %0, cpsr" : "=r"(value) : : "memory");
	return value;
}

static inline void irq_enable(void)
{
	asm volatile("cpsie i" ::: "memory");
}

static inline void irq_disable(void)
{
	asm volatile("cpsid i" ::: "memory");
}

#endif
