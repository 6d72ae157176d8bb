// SPDX-License-Identifier: BSD-2-Clause
/* Posted device memory: which device it is of HYP does not know. */
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

/* NULL: none. */
static inline struct posted *find(const struct hyp_vm *vm, uint32_t gfn,
				  uint32_t *number)
{
	struct posted *p;

	for (uint32_t i = 0; i < VM_MAX_POSTED && (p = vm->posted[i]); i++) {
		*number = i;
		if (p->gfn == gfn)
			return p;
	}
	return NULL;
}

static inline enum posted_done store(struct posted *p, uint32_t off,
				     unsigned int size, uint32_t val)
{
	enum posted_done done = POSTED_NOT;

	if (posted_stores(p, off) && hyp_trylock(&p->lock)) {
		done = posted_store(p, off, size, val);
		hyp_unlock(&p->lock);
	} else if (posted_keeps(p, off, size, val)) {
		done = POSTED;
	}
	return done;
}

static inline uint32_t done(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t ret)
{
	vcpu->fast[HYP_FAST_POSTED]++;
	hyp_skip_insn(hsr);
	return ret;
}

uint32_t hyp_posted(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t gfn,
		    uint32_t off)
{
	struct posted *p = find(vcpu->vm, gfn, &vcpu->kick);
	uint32_t *reg = hyp_reg(vcpu, HSR_DABT_SRT(hsr));
	unsigned int size = HSR_DABT_SIZE(hsr);

	if (!p)
		return HYP_EXIT_TRAP;
	if (!(hsr & HSR_DABT_WNR))
		return posted_load(p, off, size, reg) ?
			       done(vcpu, hsr, HYP_RESUME) :
			       HYP_EXIT_TRAP;
	switch (store(p, off, size, *reg)) {
	case POSTED_NOT:
		return HYP_EXIT_TRAP;
	case POSTED_FIRST:
		return done(vcpu, hsr, HYP_EXIT_POSTED);
	default:
		return done(vcpu, hsr, HYP_RESUME);
	}
}
