// SPDX-License-Identifier: BSD-2-Clause
/*
 * Data aborts on the guest's distributor and on posted device memory. HYP does
 * not know which device the posted memory is.
 */
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

/*
 * Whether HYP can answer the abort: a stage 2 translation or permission fault
 * (a shown page can be loaded only) whose syndrome is valid, without sign
 * extension, with a register that is in vcpu->regs, in little-endian state.
 */
static inline bool data_abort_is_plain(uint32_t hsr)
{
	const uint32_t either = HSR_FSC_TRANSLATION ^ HSR_FSC_PERMISSION;
	const uint32_t looked_at = HSR_DABT_ISV | HSR_DABT_SSE | HSR_S1PTW |
				   (HSR_FSC_TYPE(~0u) & ~either);
	const uint32_t plain = HSR_DABT_ISV | (HSR_FSC_TRANSLATION & ~either);

	return (hsr & looked_at) == plain && hyp_has_reg(HSR_DABT_SRT(hsr)) &&
	       !(read_spsr() & CPSR_E);
}

/*
 * The posted page with this frame number, or NULL. Pairs with
 * vm_arch_publish_posted(): tests/litmus/publish.litmus.
 */
static inline struct posted *const *find(const struct hyp_vm *vm, uint32_t gfn)
{
	struct posted *const *at = vm->posted;

	do {
		if (!*at)
			return NULL;
		if ((*at)->gfn == gfn)
			return at;
	} while (++at < vm->posted + VM_MAX_POSTED);
	return NULL;
}

static inline enum posted_done data_abort_store(struct posted *p, uint32_t off,
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

static inline uint32_t data_abort_count_and_skip(struct hyp_vcpu *vcpu,
						 uint32_t hsr, uint32_t ret)
{
	vcpu->fast[HYP_FAST_POSTED]++;
	hyp_skip_insn(hsr);
	return ret;
}

__attribute__((noinline)) static uint32_t
posted(struct hyp_vcpu *vcpu, uint32_t hsr, uint32_t gfn, uint32_t off)
{
	struct posted *const *at = find(vcpu->vm, gfn);
	uint32_t *reg = &vcpu->regs.r[HSR_DABT_SRT(hsr)];
	unsigned int size = HSR_DABT_SIZE(hsr);

	if (!at)
		return hyp_abort(vcpu, hsr);
	if (!(hsr & HSR_DABT_WNR))
		return posted_load(*at, off, size, reg) ?
			       data_abort_count_and_skip(vcpu, hsr,
							 HYP_RESUME) :
			       hyp_abort(vcpu, hsr);
	switch (data_abort_store(*at, off, size, *reg)) {
	case POSTED_NOT:
		return hyp_abort(vcpu, hsr);
	case POSTED_FIRST:
		vcpu->kick = at - vcpu->vm->posted;
		return data_abort_count_and_skip(vcpu, hsr, HYP_EXIT_POSTED);
	default:
		return data_abort_count_and_skip(vcpu, hsr, HYP_RESUME);
	}
}

/*
 * A store to a posted page that is shown to the guest: a permission fault, for
 * which HPFAR is not valid. If the guest's tables no longer map va, the guest
 * executes the instruction again.
 */
__attribute__((noinline)) static uint32_t shown(struct hyp_vcpu *vcpu,
						uint32_t hsr)
{
	uint32_t va = read_hdfar();
	uint32_t gfn;

	if (!hyp_translate(va, &gfn))
		return HYP_RESUME;
	return posted(vcpu, hsr, gfn, va & 0xfff);
}

/*
 * This function has no stack frame; each of those it calls last makes its own.
 */
uint32_t hyp_data_abort(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	uint32_t gfn;

	if (!data_abort_is_plain(hsr))
		return hyp_abort(vcpu, hsr);
	if (HSR_FSC_TYPE(hsr) == HSR_FSC_PERMISSION)
		return shown(vcpu, hsr);
	gfn = read_hpfar() >> 4;
	if (gfn == vcpu->vm->dist_page)
		return hyp_dist(vcpu, hsr, read_hdfar() & 0xfff);
	return posted(vcpu, hsr, gfn, read_hdfar() & 0xfff);
}
