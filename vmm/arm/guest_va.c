// SPDX-License-Identifier: BSD-2-Clause
/*
 * Translates the guest's virtual addresses, and fetches the instruction at PC.
 */
#include "core/arm/cpu.h"
#include "core/arm/exception.h"
#include "core/arm/insn.h"
#include "core/arm/stage1.h"
#include "vmm/arm/guest_va.h"
#include "vmm/mem.h"
#include "vmm/vcpu.h"

bool guest_va_caches_on(const struct vcpu *vcpu)
{
	u32 both = SCTLR_M | SCTLR_C;

	return (vcpu->arch.hyp->cp15.sctlr & both) == both;
}

/*
 * A guest whose caches are off reads and writes memory past them. The host's
 * cacheable mapping may have brought older data into the cache, so the page is
 * cleaned before the host reads; and it is cleaned after the host writes, so
 * that the guest finds the data in memory (DDI 0406C, mismatched memory
 * attributes).
 */
int guest_va_read(struct vcpu *vcpu, u64 ipa, void *to, size_t len)
{
	if (!guest_va_caches_on(vcpu))
		mem_clean_page(vcpu->vm, ipa);
	return mem_read(vcpu->vm, ipa, to, len);
}

int guest_va_write(struct vcpu *vcpu, u64 ipa, const void *from, size_t len)
{
	int ret = mem_write(vcpu->vm, ipa, from, len);

	if (!guest_va_caches_on(vcpu))
		mem_clean_page(vcpu->vm, ipa);
	return ret;
}

static bool guest_va_read_table(void *arg, uint64_t ipa, unsigned int size,
				uint64_t *val)
{
	struct vcpu *vcpu = arg;

	*val = 0;
	return !guest_va_read(vcpu, ipa, val, size);
}

bool guest_va_translate(struct vcpu *vcpu, u32 va, unsigned int access,
			u64 *ipa, struct arm_fault *fault)
{
	struct arm_s1 s1 = { .cp15 = &vcpu->arch.hyp->cp15,
			     .read = guest_va_read_table,
			     .arg = vcpu };

	return arm_s1_translate(&s1, va, access, ipa, fault);
}

unsigned int guest_va_privilege(const struct vcpu *vcpu)
{
	return arm_mode_priv(vcpu->arch.hyp->regs.cpsr) ? ARM_S1_PRIV : 0;
}

static bool guest_va_read_code(struct vcpu *vcpu, u32 va, void *to, size_t len)
{
	struct arm_fault fault;
	u64 ipa;

	return guest_va_translate(vcpu, va,
				  ARM_S1_EXEC | guest_va_privilege(vcpu), &ipa,
				  &fault) &&
	       !guest_va_read(vcpu, ipa, to, len);
}

/* Reads the halfwords separately: the second may be in another page. */
static bool guest_va_fetch_thumb(struct vcpu *vcpu, u32 pc, u32 *insn, u32 *len)
{
	u16 first, second;

	if (!guest_va_read_code(vcpu, pc, &first, sizeof(first)))
		return false;
	*insn = first;
	*len = 2;
	if (!arm_thumb_is_32(first))
		return true;
	if (!guest_va_read_code(vcpu, pc + 2, &second, sizeof(second)))
		return false;
	*insn = (u32)first << 16 | second;
	*len = 4;
	return true;
}

bool guest_va_fetch(struct vcpu *vcpu, u32 *insn, u32 *len)
{
	const struct arm_regs *regs = &vcpu->arch.hyp->regs;

	if (regs->cpsr & CPSR_T)
		return guest_va_fetch_thumb(vcpu, regs->pc, insn, len);
	*len = 4;
	return guest_va_read_code(vcpu, regs->pc, insn, sizeof(*insn));
}
