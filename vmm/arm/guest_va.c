// SPDX-License-Identifier: BSD-2-Clause
/*
 * Instruction fetch, and loads and stores of the distributor by instructions
 * that leave no syndrome.
 */
#include <linux/string.h>

#include "core/arm/cpu.h"
#include "core/arm/exception.h"
#include "core/arm/insn.h"
#include "core/arm/stage1.h"
#include "vmm/arm/exit.h"
#include "vmm/arm/guest_va.h"
#include "vmm/arm/hyp.h"
#include "vmm/mem.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"

static bool guest_va_read_table(void *arg, uint64_t ipa, unsigned int size,
				uint64_t *val)
{
	struct vcpu *vcpu = arg;

	*val = 0;
	return !mem_read(vcpu->vm, ipa, val, size);
}

static bool guest_va_translate(struct vcpu *vcpu, u32 va, unsigned int access,
			       u64 *ipa, struct arm_fault *fault)
{
	struct arm_s1 s1 = { .cp15 = &vcpu->arch.hyp->cp15,
			     .read = guest_va_read_table,
			     .arg = vcpu };

	return arm_s1_translate(&s1, va, access, ipa, fault);
}

static unsigned int guest_va_privilege(const struct vcpu *vcpu)
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
	       !mem_read(vcpu->vm, ipa, to, len);
}

/* Each halfword by itself: the second may be in another page. */
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

/* Positive results of the callbacks below. */
#define FAULT_STAGE1 1
#define FAULT_DEVICE 2

struct access {
	struct vcpu *vcpu;
	struct arm_fault fault;
};

static bool guest_va_dist_offset(const struct vcpu *vcpu, u64 ipa, u32 *off)
{
	*off = ipa - vcpu->vm->dist_gpa;
	return ipa >= vcpu->vm->dist_gpa &&
	       ipa - vcpu->vm->dist_gpa < VGIC_DIST_SIZE;
}

static unsigned int guest_va_access_flags(const struct vcpu *vcpu, bool unpriv)
{
	return unpriv ? 0 : guest_va_privilege(vcpu);
}

static int guest_va_load(void *arg, uint32_t va, unsigned int size, bool unpriv,
			 uint32_t *val)
{
	struct access *a = arg;
	u64 ipa;
	u32 off;

	*val = 0;
	if (!guest_va_translate(a->vcpu, va,
				guest_va_access_flags(a->vcpu, unpriv), &ipa,
				&a->fault))
		return FAULT_STAGE1;
	if (guest_va_dist_offset(a->vcpu, ipa, &off)) {
		*val = vgic_read(a->vcpu, off, size);
		return 0;
	}
	return mem_read(a->vcpu->vm, ipa, val, size) ? FAULT_DEVICE : 0;
}

static int guest_va_store(void *arg, uint32_t va, unsigned int size,
			  bool unpriv, uint32_t val)
{
	struct access *a = arg;
	u64 ipa;
	u32 off;

	if (!guest_va_translate(a->vcpu, va,
				ARM_S1_WRITE |
					guest_va_access_flags(a->vcpu, unpriv),
				&ipa, &a->fault))
		return FAULT_STAGE1;
	if (guest_va_dist_offset(a->vcpu, ipa, &off)) {
		vgic_write(a->vcpu, off, size, val);
		return 0;
	}
	return mem_write(a->vcpu->vm, ipa, &val, size) ? FAULT_DEVICE : 0;
}

/* The guest's VFP registers are in memory while it is out (hyp/arm/vfp.c). */
static uint64_t guest_va_vfp_get(void *arg, unsigned int d)
{
	struct access *a = arg;

	return a->vcpu->arch.hyp->vfp.d[d];
}

static void guest_va_vfp_set(void *arg, unsigned int d, uint64_t val)
{
	struct access *a = arg;

	a->vcpu->arch.hyp->vfp.d[d] = val;
}

static const struct arm_insn_ops guest_va_ops = { .read = guest_va_load,
						  .write = guest_va_store,
						  .vfp_get = guest_va_vfp_get,
						  .vfp_set = guest_va_vfp_set };

static int guest_va_execute(struct vcpu *vcpu, const struct arm_insn *insn)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	struct access a = { .vcpu = vcpu };
	struct arm_insn_cpu cpu = { .regs = &hyp->regs,
				    .sctlr = hyp->cp15.sctlr,
				    .ops = &guest_va_ops,
				    .arg = &a };
	int ret = arm_insn_execute(insn, &cpu);

	if (ret == ARM_INSN_OK)
		return 1;
	if (ret == ARM_INSN_UNDEF)
		return exit_undef(vcpu);
	if (ret == ARM_INSN_ALIGN)
		a.fault.type = ARM_FAULT_ALIGNMENT;
	else if (ret == FAULT_DEVICE)
		a.fault.type = ARM_FAULT_EXTERNAL;
	a.fault.write = cpu.fault_write;
	arm_inject_dabt(&hyp->regs, &hyp->cp15, cpu.fault_va, &a.fault);
	return 1;
}

int guest_va_emulate(struct vcpu *vcpu)
{
	struct arm_insn insn;
	u32 word, len;

	if (!guest_va_fetch(vcpu, &word, &len))
		return 1;
	if (arm_insn_decode(word, vcpu->arch.hyp->regs.cpsr & CPSR_T, len,
			    &insn))
		return exit_undef(vcpu);
	return guest_va_execute(vcpu, &insn);
}
