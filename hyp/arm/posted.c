// SPDX-License-Identifier: BSD-2-Clause
/* Posted device memory: which device it is of HYP does not know. */
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

/* Where vm->posted has it; NULL: nowhere. */
static inline struct posted *const *find(const struct hyp_vm *vm, uint32_t gfn)
{
	struct posted *const *at = vm->posted;

	for (; at < vm->posted + VM_MAX_POSTED && *at; at++)
		if ((*at)->gfn == gfn)
			return at;
	return NULL;
}

static inline enum posted_done store(struct posted *p, uint32_t off,
				     unsigned int size, uint32_t val)
{
	enum posted_done done;

	if (!posted_stores(p, off))
		return posted_keeps(p, off, size, val) ? POSTED : POSTED_NOT;
	if (!hyp_trylock(&p->lock))
		return POSTED_NOT;
	done = posted_store(p, off, size, val);
	hyp_unlock(&p->lock);
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
	struct posted *const *at = find(vcpu->vm, gfn);
	uint32_t *reg = hyp_reg(vcpu, HSR_DABT_SRT(hsr));
	unsigned int size = HSR_DABT_SIZE(hsr);

	if (!at)
		return HYP_EXIT_TRAP;
	if (!(hsr & HSR_DABT_WNR))
		return posted_load(*at, off, size, reg) ?
			       done(vcpu, hsr, HYP_RESUME) :
			       HYP_EXIT_TRAP;
	switch (store(*at, off, size, *reg)) {
	case POSTED_NOT:
		return HYP_EXIT_TRAP;
	case POSTED_FIRST:
		vcpu->kick = at - vcpu->vm->posted;
		return done(vcpu, hsr, HYP_EXIT_POSTED);
	default:
		return done(vcpu, hsr, HYP_RESUME);
	}
}
