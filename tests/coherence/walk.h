/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks the translation tables as a CPU does (DDI 0406C, short- and
 * long-descriptor formats): finds the physical address, and whether the access
 * goes through the caches.
 */
#ifndef COHERENCE_WALK_H
#define COHERENCE_WALK_H

#include "caches.h"

#define HCR_VM	(1u << 0)
#define HCR_TVM (1u << 26)
#define HCR_TSW (1u << 22)

/* The registers of one CPU that control its translation. */
struct walk_regs {
	uint32_t sctlr, ttbcr, mair0, mair1, hcr, hsctlr, htcr, hmair0, hmair1;
	uint64_t ttbr0, ttbr1, httbr, vttbr;
};

struct walk {
	uint64_t pa;
	bool cacheable; /* for data: Normal, Write-Back, caches on */
};

/* The board's RAM, at bytes in this process. */
struct ram {
	const uint8_t *bytes;
	uint64_t base, size;
};

extern struct ram ram;

/* Reads size (4 or 8) bytes of the board's RAM. False: pa is not in RAM. */
bool ram_read(uint64_t pa, unsigned int size, uint64_t *val);

/* Translates va in this world. False: va is not mapped. */
bool walk(const struct walk_regs *regs, enum world world, uint32_t va,
	  struct walk *result);

/* Whether instructions are fetched through the caches. */
bool walk_mmu_on(const struct walk_regs *regs, enum world world);

#endif /* COHERENCE_WALK_H */
