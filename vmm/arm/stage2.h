/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's stage 2 translation: its tables and its VMID. The caller holds
 * mem.lock, except where a function says otherwise.
 */
#ifndef VMM_ARM_STAGE2_H
#define VMM_ARM_STAGE2_H

#include <linux/types.h>

#include "core/arm/lpae.h"
#include "core/arm/vmid.h"

/* Mapping a block takes at most one new table, mapping a page at most two. */
#define STAGE2_TABLES_PER_MAP 2

struct stage2 {
	struct lpae lpae;
	struct vmid vmid;
	unsigned int nspare; /* tables allocated ahead, without the lock */
	void *spare[STAGE2_TABLES_PER_MAP];
};

/* Called once, when the module is loaded. */
void stage2_init_vmids(void);

int stage2_init(struct stage2 *s2);
/* Frees the tables. No vCPU uses them any more. Without mem.lock; may sleep. */
void stage2_destroy(struct stage2 *s2);

/*
 * stage2_has_vmid() tells whether this CPU may run the guest with the VTTBR that
 * stage2_take_vmid() returned last. If not, the caller takes a new one. Interrupts
 * are off, and stay off until the guest is left.
 */
bool stage2_has_vmid(const struct stage2 *s2);
u64 stage2_take_vmid(struct stage2 *s2);

/*
 * stage2_new_table() allocates a table ahead, without the lock (NULL: no
 * memory); stage2_give() hands it over under the lock, or frees it if there are
 * enough.
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
 * Maps a page or a 2 MiB block (size in bytes). exec lets the guest fetch
 * instructions from it; only for RAM. 0; -ENOMEM: more tables must be given
 * first.
 */
int stage2_map(struct stage2 *s2, u32 ipa, u64 pa, u32 size,
	       enum stage2_kind kind, bool exec);

/*
 * Whether the page or block (size in bytes) that has ipa is mapped to pa, by a
 * leaf of this size or a larger one.
 */
bool stage2_maps(struct stage2 *s2, u32 ipa, u64 pa, u32 size);

/* Permits the guest to write to the RAM at ipa, if it is mapped. */
void stage2_allow_write(struct stage2 *s2, u32 ipa);

/*
 * Forbids writes to [ipa, ipa + len), and to all of a block that overlaps it.
 * True: something there was writable, and is so until the caller has called
 * stage2_flush(), which it must before it releases the lock.
 */
bool stage2_forbid_write(struct stage2 *s2, u32 ipa, u64 len);

/* Replaces a block that maps ipa by pages. 0; -ENOMEM: give a table first. */
int stage2_split(struct stage2 *s2, u32 ipa);

/* Whether the guest may fetch instructions from ipa; and permits it to. */
bool stage2_is_exec(struct stage2 *s2, u32 ipa);
void stage2_allow_exec(struct stage2 *s2, u32 ipa);

/*
 * Invalidates the instruction caches of all CPUs. Any context, no lock needed.
 */
void stage2_forget_instructions(void);

/*
 * Cleans memory that is about to be mapped. A guest may read past the caches at
 * any time, by its memory attributes or by SCTLR.C, and would see what the
 * memory's former owner left there. Process context, without mem.lock.
 */
void stage2_clean(u64 pa, u32 size);

/*
 * Cleans and invalidates the leaf that maps ipa, if there is one. Returns how
 * many bytes from ipa on are done.
 */
u32 stage2_flush_caches(struct stage2 *s2, u32 ipa);

/* Cleans and invalidates the page of RAM that has ipa, if it is mapped. */
void stage2_clean_page(struct stage2 *s2, u32 ipa);

/*
 * Unmaps [ipa, ipa + len). True: something was mapped, and the caller must call
 * stage2_flush() before it releases the lock.
 */
bool stage2_clear(struct stage2 *s2, u32 ipa, u64 len);
void stage2_flush(struct stage2 *s2);

#endif /* VMM_ARM_STAGE2_H */
