/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's stage 2 translation: its tables and its VMID.
 *
 * The caller holds mem.lock for all but init, destroy and new_table.
 */
#ifndef VMM_ARM_STAGE2_H
#define VMM_ARM_STAGE2_H

#include <linux/types.h>

#include "core/arm/lpae.h"

/* A 2 MiB map takes at most one new table, a page two. */
#define STAGE2_TABLES_PER_MAP 2

struct stage2 {
	struct lpae lpae;
	u64 vttbr;
	unsigned int vmid;
	unsigned int nspare; /* tables allocated ahead, for use under the lock */
	void *spare[STAGE2_TABLES_PER_MAP];
};

int stage2_init(struct stage2 *s2);
/* Nothing runs on it any more; not under mem.lock. */
void stage2_destroy(struct stage2 *s2);

/*
 * Tables for maps to come are allocated without the lock (NULL: no memory) and
 * handed over with it; what is too many is freed.
 */
void *stage2_new_table(void);
void stage2_give(struct stage2 *s2, void *table);

enum stage2_kind {
	STAGE2_RAM,
	STAGE2_RAM_RO,
	STAGE2_DEVICE,
	STAGE2_DEVICE_RO,
};

/*
 * A page or a 2 MiB block (size). The guest may fetch instructions from RAM only
 * if exec is set; devices hold none. -ENOMEM: too few tables were given.
 */
int stage2_map(struct stage2 *s2, u32 ipa, u64 pa, u32 size,
	       enum stage2_kind kind, bool exec);

/* Whether ipa is mapped by a leaf of that size to pa, its start. */
bool stage2_maps(struct stage2 *s2, u32 ipa, u64 pa, u32 size);

/* Whether the guest may fetch instructions from ipa; and that it may. */
bool stage2_is_exec(struct stage2 *s2, u32 ipa);
void stage2_allow_exec(struct stage2 *s2, u32 ipa);

/* Empties the instruction caches of all CPUs. Any context. */
void stage2_forget_instructions(void);

/*
 * Before memory is mapped: what the host has in its data caches of it goes to
 * memory. A guest may read past the caches at any time, by its attributes or by
 * SCTLR.C, and would find there what the memory's former owner left (DDI 0406C
 * A3.5.7, B2.2). Process context, without mem.lock.
 */
void stage2_clean(u64 pa, u32 size);

/*
 * Cleans and invalidates what maps ipa, if anything does; returns how many
 * bytes from ipa on are done with.
 */
u32 stage2_flush_caches(struct stage2 *s2, u32 ipa);

/* The same of the one page that has ipa, of memory; nothing where none is. */
void stage2_clean_page(struct stage2 *s2, u32 ipa);

/*
 * Unmaps; whether anything was there. If so the caller owes a flush, before it
 * lets go of the lock.
 */
bool stage2_clear(struct stage2 *s2, u32 ipa, u64 len);
void stage2_flush(struct stage2 *s2);

#endif /* VMM_ARM_STAGE2_H */
