/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system registers that HYP reads and writes, by their names in DDI 0406C.
 * Each line makes read_NAME() and write_NAME(). A write takes effect at the
 * next context synchronization event: an ERET, or isb().
 */
#ifndef HYP_ARM_SYSREG_H
#define HYP_ARM_SYSREG_H

#include "core/types.h"

#define CP15_32(name, crn, opc1, crm, opc2)                            \
	static inline uint32_t read_##name(void)                       \
	{                                                              \
		uint32_t val;                                          \
		asm volatile("mrc p15, " #opc1 ", %0, " #crn ", " #crm \
			     ", " #opc2                                \
			     : "=r"(val));                             \
		return val;                                            \
	}                                                              \
	static inline void write_##name(uint32_t val)                  \
	{                                                              \
		asm volatile("mcr p15, " #opc1 ", %0, " #crn ", " #crm \
			     ", " #opc2                                \
			     :                                         \
			     : "r"(val)                                \
			     : "memory");                              \
	}

#define CP15_64(name, opc1, crm)                                    \
	static inline uint64_t read_##name(void)                    \
	{                                                           \
		uint64_t val;                                       \
		asm volatile("mrrc p15, " #opc1 ", %Q0, %R0, " #crm \
			     : "=r"(val));                          \
		return val;                                         \
	}                                                           \
	static inline void write_##name(uint64_t val)               \
	{                                                           \
		asm volatile("mcrr p15, " #opc1 ", %Q0, %R0, " #crm \
			     :                                      \
			     : "r"(val)                             \
			     : "memory");                           \
	}

/* PL1&0 */
CP15_64(par, 0, c7)
CP15_32(ats1cpr, c7, 0, c8, 0)
CP15_32(cntv_ctl, c14, 0, c3, 1)
CP15_64(cntv_cval, 3, c14)
CP15_64(cntpct, 0, c14)
CP15_32(pmuserenr, c9, 0, c14, 0)

/* HYP */
CP15_32(vpidr, c0, 4, c0, 0)
CP15_32(vmpidr, c0, 4, c0, 5)
CP15_32(hsctlr, c1, 4, c0, 0)
CP15_32(hcr, c1, 4, c1, 0)
CP15_32(hdcr, c1, 4, c1, 1)
CP15_32(hcptr, c1, 4, c1, 2)
CP15_32(hstr, c1, 4, c1, 3)
CP15_32(vtcr, c2, 4, c1, 2)
CP15_64(vttbr, 6, c2)
CP15_32(hsr, c5, 4, c2, 0)
CP15_32(hdfar, c6, 4, c0, 0)
CP15_32(hifar, c6, 4, c0, 2)
CP15_32(hpfar, c6, 4, c0, 4)
CP15_32(hvbar, c12, 4, c0, 0)
CP15_32(htpidr, c13, 4, c0, 2)
CP15_32(cnthctl, c14, 4, c1, 0)
CP15_32(cnthp_ctl, c14, 4, c2, 1)
CP15_64(cnthp_cval, 6, c14)
CP15_64(cntvoff, 4, c14)

/* Caches */
CP15_32(ctr, c0, 0, c0, 1)
CP15_32(dccimvac, c7, 0, c14, 1)
CP15_32(iciallu, c7, 0, c5, 0) /* the operand is ignored */
CP15_32(icialluis, c7, 0, c1, 0)

/* TLB maintenance; the operand is ignored. */
CP15_32(tlbiall, c8, 0, c7, 0)
CP15_32(tlbiallis, c8, 0, c3, 0)
CP15_32(tlbiallhis, c8, 4, c3, 0)
CP15_32(tlbiallnsnhis, c8, 4, c3, 4)
CP15_32(tlbiallh, c8, 4, c7, 0)
CP15_32(tlbimvah, c8, 4, c7, 1) /* this one takes an address */

/* ELR_hyp and SPSR_hyp of the exception that is being handled. */
static inline uint32_t read_elr(void)
{
	uint32_t val;

	asm volatile("mrs %0, elr_hyp" : "=r"(val));
	return val;
}

static inline void write_elr(uint32_t val)
{
	asm volatile("msr elr_hyp, %0" : : "r"(val));
}

static inline uint32_t read_spsr(void)
{
	uint32_t val;

	asm volatile("mrs %0, spsr" : "=r"(val));
	return val;
}

static inline void write_spsr(uint32_t val)
{
	asm volatile("msr spsr_cxsf, %0" : : "r"(val));
}

static inline void isb(void)
{
	asm volatile("isb" : : : "memory");
}

static inline void dsb(void)
{
	asm volatile("dsb sy" : : : "memory");
}

static inline void dsb_ish(void)
{
	asm volatile("dsb ish" : : : "memory");
}

static inline uint32_t mmio_read(const volatile void *addr)
{
	return *(const volatile uint32_t *)addr;
}

static inline void mmio_write(volatile void *addr, uint32_t val)
{
	*(volatile uint32_t *)addr = val;
}

#endif /* HYP_ARM_SYSREG_H */
