// SPDX-License-Identifier: BSD-2-Clause
#include "walk.h"

#include <string.h>

#define SCTLR_M	   (1u << 0)
#define SCTLR_C	   (1u << 2)
#define SCTLR_TRE  (1u << 28)
#define TTBCR_EAE  (1u << 31)
#define TABLE_ADDR 0xfffffff000ull

struct ram ram;

bool ram_read(uint64_t pa, unsigned int size, uint64_t *val)
{
	*val = 0;
	if (!ram.bytes || pa < ram.base || pa - ram.base > ram.size - size)
		return false;
	memcpy(val, ram.bytes + (pa - ram.base), size);
	return true;
}

/*
 * Inner attributes of MAIR (DDI 0406C, MAIR0). These cores take Write-Through
 * as Non-cacheable.
 */
static bool mair_cacheable(uint32_t mair0, uint32_t mair1, unsigned int index)
{
	uint32_t attr = (index < 4 ? mair0 : mair1) >> 8 * (index & 3) & 0xff;

	return attr >> 4 && (attr & 0xf) != 4 && (attr & 4);
}

/* Stage 2, as core/arm/lpae.h makes it: 32 bits, from level 1. */
static bool stage2(const struct walk_regs *regs, uint64_t ipa, uint64_t *pa,
		   bool *cacheable)
{
	uint64_t table = regs->vttbr & TABLE_ADDR, desc;

	for (unsigned int level = 1, shift = 30; level <= 3;
	     level++, shift -= 9) {
		uint64_t mask = (1ull << shift) - 1;

		if (!ram_read(table + (ipa >> shift & 0x1ff) * 8, 8, &desc) ||
		    !(desc & 1))
			return false;
		if (level == 3 || !(desc & 2)) {
			*pa = (desc & TABLE_ADDR & ~mask) | (ipa & mask);
			*cacheable = (desc >> 2 & 0xf) == 0xf;
			return true;
		}
		table = desc & TABLE_ADDR;
	}
	return false;
}

/* What a stage 1 table or output address stands for. */
static bool to_pa(const struct walk_regs *regs, enum world world, uint64_t ipa,
		  uint64_t *pa, bool *cacheable)
{
	*pa = ipa;
	*cacheable = true;
	return world != WORLD_GUEST || stage2(regs, ipa, pa, cacheable);
}

static bool read_desc(const struct walk_regs *regs, enum world world,
		      uint64_t ipa, unsigned int size, uint64_t *desc)
{
	uint64_t pa;
	bool cacheable;

	return to_pa(regs, world, ipa, &pa, &cacheable) &&
	       ram_read(pa, size, desc);
}

/* Long descriptors: the leaf's output address, and its index into MAIR. */
static bool walk_long(const struct walk_regs *regs, enum world world,
		      uint64_t table, uint32_t va, unsigned int bits,
		      uint64_t *ipa, unsigned int *index)
{
	unsigned int level = bits > 30 ? 1 : 2;
	unsigned int shift = level == 1 ? 30 : 21;
	uint64_t at = bits < 32 ? va & ((1ull << bits) - 1) : va, desc;

	for (; level <= 3; level++, shift -= 9) {
		uint64_t mask = (1ull << shift) - 1;

		if (!read_desc(regs, world, table + (at >> shift & 0x1ff) * 8,
			       8, &desc) ||
		    !(desc & 1))
			return false;
		if (level == 3 || !(desc & 2)) {
			*ipa = (desc & TABLE_ADDR & ~mask) | (va & mask);
			*index = desc >> 2 & 7;
			return true;
		}
		table = desc & TABLE_ADDR;
	}
	return false;
}

static bool stage1_long(const struct walk_regs *regs, enum world world,
			uint32_t va, uint64_t *ipa, bool *cacheable)
{
	unsigned int t0 = regs->ttbcr & 7, t1 = regs->ttbcr >> 16 & 7, index;
	bool high = t1 ? !(~va >> (32 - t1)) : t0 && va >> (32 - t0);

	if (!walk_long(regs, world,
		       (high ? regs->ttbr1 : regs->ttbr0) & 0xffffffffe0ull, va,
		       32 - (high ? t1 : t0), ipa, &index))
		return false;
	*cacheable = mair_cacheable(regs->mair0, regs->mair1, index);
	return true;
}

/*
 * TEX remap (DDI 0406C, SCTLR.TRE): PRRR and NMRR are where MAIR0 and MAIR1
 * are.
 */
static bool remapped(const struct walk_regs *regs, unsigned int tex_cb)
{
	unsigned int n = tex_cb & 7;
	unsigned int inner = regs->mair1 >> 2 * n & 3;

	return (regs->mair0 >> 2 * n & 3) == 2 && (inner & 1);
}

/* TEX[2:0], C, B (DDI 0406C, memory attributes): Write-Back, inner. */
static bool short_cacheable(const struct walk_regs *regs, unsigned int tex_cb)
{
	unsigned int tex = tex_cb >> 2, cb = tex_cb & 3;

	if (regs->sctlr & SCTLR_TRE)
		return remapped(regs, tex_cb);
	if (tex & 4)
		return cb & 1;
	return cb == 3 && tex < 2;
}

static bool large_or_small(const struct walk_regs *regs, uint64_t desc,
			   uint32_t va, uint64_t *ipa, bool *cacheable)
{
	unsigned int cb = desc >> 2 & 3;

	if (!(desc & 3))
		return false;
	if (desc & 2) {
		*ipa = (desc & 0xfffff000) | (va & 0xfff);
		*cacheable = short_cacheable(regs, (desc >> 6 & 7) << 2 | cb);
	} else {
		*ipa = (desc & 0xffff0000) | (va & 0xffff);
		*cacheable = short_cacheable(regs, (desc >> 12 & 7) << 2 | cb);
	}
	return true;
}

static bool stage1_short(const struct walk_regs *regs, enum world world,
			 uint32_t va, uint64_t *ipa, bool *cacheable)
{
	unsigned int n = regs->ttbcr & 7;
	bool low = !n || !(va >> (32 - n));
	uint32_t table = low ? (uint32_t)regs->ttbr0 & ~0u << (14 - n) :
			       (uint32_t)regs->ttbr1 & ~0u << 14;
	uint32_t index = low ? (va << n >> n) >> 20 : va >> 20;
	uint64_t desc;

	if (!read_desc(regs, world, table + index * 4, 4, &desc))
		return false;
	if ((desc & 3) == 1)
		return read_desc(regs, world,
				 (desc & 0xfffffc00) + (va >> 12 & 0xff) * 4, 4,
				 &desc) &&
		       large_or_small(regs, desc, va, ipa, cacheable);
	if (!(desc & 2))
		return false;
	*ipa = desc & 1u << 18 ? (desc & 0xff000000) | (va & 0xffffff) :
				 (desc & 0xfff00000) | (va & 0xfffff);
	*cacheable =
		short_cacheable(regs, (desc >> 12 & 7) << 2 | (desc >> 2 & 3));
	return true;
}

static uint32_t control(const struct walk_regs *regs, enum world world)
{
	return world == WORLD_HYP ? regs->hsctlr : regs->sctlr;
}

bool walk_mmu_on(const struct walk_regs *regs, enum world world)
{
	return control(regs, world) & SCTLR_M;
}

static bool stage1(const struct walk_regs *regs, enum world world, uint32_t va,
		   uint64_t *ipa, bool *cacheable)
{
	unsigned int index;

	if (!walk_mmu_on(regs, world)) {
		*ipa = va;
		*cacheable = false;
		return true;
	}
	if (world == WORLD_HYP) {
		if (!walk_long(regs, world, regs->httbr & 0xffffffffe0ull, va,
			       32 - (regs->htcr & 7), ipa, &index))
			return false;
		*cacheable = mair_cacheable(regs->hmair0, regs->hmair1, index);
		return true;
	}
	return regs->ttbcr & TTBCR_EAE ?
		       stage1_long(regs, world, va, ipa, cacheable) :
		       stage1_short(regs, world, va, ipa, cacheable);
}

bool walk(const struct walk_regs *regs, enum world world, uint32_t va,
	  struct walk *result)
{
	bool first, second;
	uint64_t ipa;

	if (!stage1(regs, world, va, &ipa, &first) ||
	    !to_pa(regs, world, ipa, &result->pa, &second))
		return false;
	result->cacheable = first && second && (control(regs, world) & SCTLR_C);
	return true;
}
