/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translation tables in the long-descriptor format, with 4 KiB pages and a
 * 32-bit input address, starting at level 1: a guest's stage 2 and HYP's own
 * stage 1. The caller serializes changes to a tree.
 */
#ifndef CORE_ARM_LPAE_H
#define CORE_ARM_LPAE_H

#include "core/types.h"

#define LPAE_PAGE_SIZE	0x1000u
#define LPAE_BLOCK_SIZE 0x200000u	      /* a level 2 block */
#define LPAE_ADDR	0x000000fffffff000ull /* address bits of a descriptor */

/* Attributes of a leaf. Both stages: */
#define LPAE_SH_INNER (3ull << 8)
#define LPAE_AF	      (1ull << 10)
#define LPAE_XN	      (1ull << 54)
/* HYP's stage 1: AP[2:1], and the index into HMAIR. */
#define LPAE_ATTR(n) ((uint64_t)(n) << 2)
#define LPAE_AP_RW   (1ull << 6)
#define LPAE_AP_RO   (3ull << 6)
/* Stage 2: MemAttr and HAP. */
#define LPAE_S2_NORMAL (0xfull << 2)
#define LPAE_S2_DEVICE (0x1ull << 2)
#define LPAE_S2_RO     (1ull << 6)
#define LPAE_S2_RW     (3ull << 6)

struct lpae_ops {
	/* Returns a zeroed table, or NULL. */
	void *(*alloc)(void *arg);
	void (*free)(void *arg, void *table);
	uint64_t (*to_pa)(void *table);
	void *(*to_va)(uint64_t pa);
	/* Makes written descriptors visible to table walks. */
	void (*sync)(void *desc, size_t len);
	/* Drops the TLB entries of this tree on all CPUs. */
	void (*flush)(void *arg);
};

struct lpae {
	uint64_t *root; /* one page, of which 4 entries are used */
	const struct lpae_ops *ops;
	void *arg;
	/*
	 * The level 3 table that was last asked for, or NULL, and the 2 MiB it
	 * maps.
	 */
	uint64_t *recent;
	uint32_t recent_ia;
};

/* Makes an empty tree. Returns 0 or -ENOMEM. */
int lpae_init(struct lpae *t, const struct lpae_ops *ops, void *arg);

/* Frees all tables. No walk may use the tree any more. */
void lpae_destroy(struct lpae *t);

/*
 * Maps one page (level 3) or one 2 MiB block (level 2); ia and pa are multiples
 * of its size. A former mapping is replaced by break-before-make, so flush may
 * be called. Allocates at most two tables. Returns 0 or -ENOMEM.
 */
int lpae_map(struct lpae *t, uint32_t ia, uint64_t pa, unsigned int level,
	     uint64_t attrs);

/*
 * Returns the level 3 entry of ia, after it has made the tables above it and has
 * unmapped what was there. The entries of the next pages of the table follow it.
 * The caller writes lpae_page() to it. NULL: no memory.
 */
uint64_t *lpae_entries(struct lpae *t, uint32_t ia);

/* A level 3 entry for the page at pa. */
static inline uint64_t lpae_page(uint64_t pa, uint64_t attrs)
{
	return pa | attrs | 3;
}

/*
 * Unmaps what overlaps [ia, ia + len), len up to 4 GiB. A block that overlaps
 * in part goes as a whole. Returns true if anything was mapped; the caller must
 * then flush before the memory is used again. Frees no tables.
 */
bool lpae_unmap(struct lpae *t, uint32_t ia, uint64_t len);

/*
 * Clears and sets attribute bits of the leaf that maps ia, if there is one, to
 * permit an access. That needs no break-before-make but a flush, which is
 * called.
 */
void lpae_allow(struct lpae *t, uint32_t ia, uint64_t clear, uint64_t set);

/*
 * Clears attribute bits of all leaves that overlap [ia, ia + len), to forbid an
 * access. Returns true if one had such a bit: the access is forbidden only after
 * the caller has flushed.
 */
bool lpae_forbid(struct lpae *t, uint32_t ia, uint64_t len, uint64_t bits);

/*
 * If a block maps ia, replaces it by pages that map the same in the same way.
 * Break-before-make, so flush is called. Allocates at most one table. Returns 0
 * or -ENOMEM.
 */
int lpae_split(struct lpae *t, uint32_t ia);

/* The leaf that maps ia, with its level in *level; 0: none. */
uint64_t lpae_lookup(const struct lpae *t, uint32_t ia, unsigned int *level);

#endif /* CORE_ARM_LPAE_H */
