// SPDX-License-Identifier: BSD-2-Clause
/* Posted device memory: which device it is of HYP does not know. */
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

/* VM_MAX_POSTED: none. */
static unsigned int find(const struct hyp_vm *vm, uint32_t gfn)
{
	unsigned int i = 0;

	while (i < VM_MAX_POSTED && vm->posted[i] && vm->posted[i]->gfn != gfn)
		i++;
	return i < VM_MAX_POSTED && vm->posted[i] ? i : VM_MAX_POSTED;
}

static enum posted_done store(struct posted *p, uint32_t off,
			      unsigned int size, uint32_t val)
{
	enum posted_done done = POSTED_NOT;

	if (posted_keeps(p, off, size, val))
		return POSTED;
	if (posted_stores(p, off) && hyp_trylock(&p->lock)) {
		done = posted_store(p, off, size, val);
		hyp_unlock(&p->lock);
	}
	return done;
}

static uint32_t access(struct hyp_vcpu *vcpu, uint32_t hsr, unsigned int i,
		       uint32_t off)
{
	struct posted *p = vcpu->vm->posted[i];
	uint32_t *reg = hyp_reg(vcpu, HSR_DABT_SRT(hsr));
	unsigned int size = HSR_DABT_SIZE(hsr);

	if (!(hsr & HSR_DABT_WNR))
		return posted_load(p, off, size, reg) ? HYP_RESUME :
							HYP_EXIT_TRAP;
	switch (store(p, off, size, *reg)) {
	case POSTED_NOT:
		return HYP_EXIT_TRAP;
	case POSTED_FIRST:
		vcpu->kick = i;
		return HYP_EXIT_POSTED;
	default:
		return HYP_RESUME;
	}
}

uint32_t hyp_posted(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t gfn,
		    uint32_t off)
{
	unsigned int i = find(vcpu->vm, gfn);
	uint32_t ret = HYP_EXIT_TRAP;

	if (i < VM_MAX_POSTED)
		ret = access(vcpu, hsr, i, off);
	if (ret == HYP_EXIT_TRAP)
		return ret;
	vcpu->fast[HYP_FAST_POSTED]++;
	hyp_skip_insn(hsr);
	return ret;
}
