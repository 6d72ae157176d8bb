/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flat translation: everything below RAM is Device memory that holds no code,
 * the GiB from 0x40000000 Normal write-back shareable, the rest faults.
 */
#ifndef KIT_MMU_H
#define KIT_MMU_H

#include <stdint.h>

struct mmu_state {
	uint32_t sctlr, ttbcr, dacr, mair0, mair1;
	uint64_t ttbr0;
};

/* MMU, caches and branch prediction on, by either format of descriptors. */
void mmu_on_short(void);
void mmu_on_long(void);
void mmu_off(void);

/* As this CPU runs now; another one takes it over with mmu_set_state(). */
void mmu_get_state(struct mmu_state *state);
void mmu_set_state(const struct mmu_state *state);

/* Short descriptors of mmu_on_short(), one a MiB. */
extern uint32_t mmu_sections[4096];
/* Long descriptors of mmu_on_long(), one a GiB. */
extern uint64_t mmu_gigs[4];

void tlb_flush(void);

#endif
