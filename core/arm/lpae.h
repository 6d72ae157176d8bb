/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translation tables in the long-descriptor format with 4 KiB granule and a
 * 32-bit input address that starts at level 1: a guest's stage 2 and HYP's own
 * stage 1 (Arm ARM DDI 0406C B3.6). The caller serializes changes to a tree.
 */
#ifndef CORE_ARM_LPAE_H
#define CORE_ARM_LPAE_H

#include "core/types.h"

#define LPAE_PAGE_SIZE	0x1000u
#define LPAE_BLOCK_SIZE 0x200000u /* level 2 */
#define LPAE_ADDR	0x000000fffffff000ull /* of a descriptor */

/* Attributes of a leaf. Both stages (B3.6.2): */
#define LPAE_SH_INNER	(3ull << 8)
#define LPAE_AF		(1ull << 10)
#define LPAE_XN		(1ull << 54)
/* Stage 1 of HYP: AP[2:1], and the index into HMAIR. */
#define LPAE_ATTR(n)	((uint64_t)(n) << 2)
#define LPAE_AP_RW	(1ull << 6)
#define LPAE_AP_RO	(3ull << 6)
/* Stage 2: MemAttr and HAP. */
#define LPAE_S2_NORMAL	(0xfull << 2)
#define LPAE_S2_DEVICE	(0x1ull << 2)
#define LPAE_S2_RO	(1ull << 6)
#define LPAE_S2_RW	(3ull << 6)

struct lpae_ops {
	/* A zeroed table, or NULL. */
	void *(*alloc)(void *arg);
	void (*free)(void *arg, void *table);
	uint64_t (*to_pa)(void *table);
	void *(*to_va)(uint64_t pa);
	/* Make descriptors written since visible to table walks. */
	void (*sync)(void *desc, size_t len);
	/* Invalidate every TLB entry of this tree on all CPUs. */
	void (*flush)(void *arg);
};

struct lpae {
	uint64_t *root; /* one page; 4 entries used */
	const struct lpae_ops *ops;
	void *arg;
	/* The level 3 table that was asked for last, or NULL, and whose. */
	uint64_t *recent;
	uint32_t recent_ia;
};

/* Make an empty tree. 0 or -ENOMEM. */
int lpae_init(struct lpae *t, const struct lpae_ops *ops, void *arg);

/* Free all tables. No walk may use the tree any more. */
void lpae_destroy(struct lpae *t);

/*
 * Map one page (level 3) or one 2 MiB block (level 2); ia and pa are aligned
 * to it. What was mapped there before goes away by break-before-make
 * (B3.10.1), so flush may be called. 0 or -ENOMEM. At most two tables are
 * allocated.
 */
int lpae_map(struct lpae *t, uint32_t ia, uint64_t pa, unsigned int level,
	     uint64_t attrs);

/*
 * The level 3 entry of ia, which becomes empty, and those after it in its table:
 * for a caller that writes lpae_page() there by itself. NULL: no memory for the
 * tables.
 */
uint64_t *lpae_entries(struct lpae *t, uint32_t ia);

/* A level 3 entry for the page at pa. */
static inline uint64_t lpae_page(uint64_t pa, uint64_t attrs)
{
	return pa | attrs | 3;
}

/*
 * Unmap what overlaps [ia, ia + len), len up to 4 GiB; a block that overlaps
 * in part goes whole. Returns whether anything was mapped: if so the caller
 * owes a flush before the memory is reused. Frees no tables.
 */
bool lpae_unmap(struct lpae *t, uint32_t ia, uint64_t len);

/*
 * Clears bits of the attributes of the leaf that maps ia, where one does: to allow
 * an access that they forbid. Such a change needs no break (B3.10.1), only a
 * flush, which is called.
 */
void lpae_allow(struct lpae *t, uint32_t ia, uint64_t bits);

/* The leaf that maps ia, or 0; *level is its level then. */
uint64_t lpae_lookup(const struct lpae *t, uint32_t ia, unsigned int *level);

#endif /* CORE_ARM_LPAE_H */
