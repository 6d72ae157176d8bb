/* SPDX-License-Identifier: BSD-2-Clause */
/* The GICv2 (IHI 0048B): registers by name, and the usual sequences. */
#ifndef KIT_GIC_H
#define KIT_GIC_H

#include <stdbool.h>
#include <stdint.h>
#include "io.h"

#define GICD_BASE 0x08000000u
#define GICC_BASE 0x08010000u

#define GICD_CTLR	0x000
#define GICD_TYPER	0x004
#define GICD_IIDR	0x008
#define GICD_IGROUPR	0x080
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ICPENDR	0x280
#define GICD_ISACTIVER	0x300
#define GICD_ICACTIVER	0x380
#define GICD_IPRIORITYR 0x400
#define GICD_ITARGETSR	0x800
#define GICD_ICFGR	0xc00
#define GICD_SGIR	0xf00
#define GICD_CPENDSGIR	0xf10
#define GICD_SPENDSGIR	0xf20

#define GICC_CTLR  0x000
#define GICC_PMR   0x004
#define GICC_BPR   0x008
#define GICC_IAR   0x00c
#define GICC_EOIR  0x010
#define GICC_RPR   0x014
#define GICC_HPPIR 0x018
#define GICC_IIDR  0x0fc
#define GICC_DIR   0x1000

#define GICC_CTLR_ENABLE  (1u << 0)
#define GICC_CTLR_EOIMODE (1u << 9)
#define SPURIOUS	  1023
#define IAR_INTID	  0x3ffu

static inline uint32_t gicd_read(uint32_t reg)
{
	return read32(GICD_BASE + reg);
}

static inline void gicd_write(uint32_t reg, uint32_t value)
{
	write32(GICD_BASE + reg, value);
}

static inline uint32_t gicc_read(uint32_t reg)
{
	return read32(GICC_BASE + reg);
}

static inline void gicc_write(uint32_t reg, uint32_t value)
{
	write32(GICC_BASE + reg, value);
}

/* @intid's bit in an array of registers such as GICD_ISENABLER. */
static inline bool gicd_bit(uint32_t array, uint32_t intid)
{
	return gicd_read(array + intid / 32 * 4) >> intid % 32 & 1;
}

static inline void gicd_set_bit(uint32_t array, uint32_t intid)
{
	gicd_write(array + intid / 32 * 4, 1u << intid % 32);
}

/*
 * Resets this CPU's interface and banked registers, and turns the distributor
 * on.
 */
void gic_init(void);

/* Enables @intid at @priority; an SPI goes to CPU 0. */
void gic_enable(uint32_t intid, uint8_t priority);
void gic_disable(uint32_t intid);
void gic_set_priority(uint32_t intid, uint8_t priority);
void gic_set_targets(uint32_t intid, uint8_t cpus);

/* Sends SGI @intid to the CPUs in the mask. */
void gic_send_sgi(uint32_t intid, uint8_t cpus);

/*
 * Waits for an interrupt that has to come, and returns its IAR; SPURIOUS after
 * the deadline.
 */
uint32_t gic_wait(void);
/* Waits a short while: returns SPURIOUS if no interrupt comes, else its IAR. */
uint32_t gic_quiet(void);

static inline uint32_t gic_ack(void)
{
	return gicc_read(GICC_IAR);
}

static inline void gic_eoi(uint32_t iar)
{
	gicc_write(GICC_EOIR, iar);
}

#endif
