/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flat translation: all below RAM is Device memory without code, the GiB from
 * 0x40000000 is Normal write-back shareable, and the rest faults.
 */
#ifndef KIT_MMU_H
#define KIT_MMU_H

#include <stdint.h>

struct mmu_state {
	uint32_t sctlr, ttbcr, dacr, mair0, mair1;
	uint64_t ttbr0;
};

/*
 * Turn on MMU, caches and branch prediction, with either format of descriptors.
 */
void mmu_on_short(void);
void mmu_on_long(void);
void mmu_off(void);

/* The state of this CPU's MMU; another CPU adopts it by mmu_set_state(). */
void mmu_get_state(struct mmu_state *state);
void mmu_set_state(const struct mmu_state *state);

/* The descriptors of mmu_on_short(), one for each MiB. */
extern uint32_t mmu_sections[4096];
/* The descriptors of mmu_on_long(), one for each GiB. */
extern uint64_t mmu_gigs[4];

void tlb_flush(void);

#endif
