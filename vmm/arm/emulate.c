// SPDX-License-Identifier: BSD-2-Clause
/* Emulates loads and stores of the distributor for which HSR.ISV is 0. */
#include "core/arm/cpu.h"
#include "core/arm/exception.h"
#include "core/arm/insn.h"
#include "core/arm/stage1.h"
#include "vmm/arm/emulate.h"
#include "vmm/arm/exit.h"
#include "vmm/arm/guest_va.h"
#include "vmm/dist.h"
#include "vmm/mem.h"
#include "vmm/vcpu.h"

/* Results of emulate_load() and emulate_store(), beside 0. */
#define FAULT_STAGE1 1
#define FAULT_DEVICE 2

struct emulation {
	struct vcpu *vcpu;
	struct arm_fault fault;
};

static unsigned int emulate_access_flags(const struct vcpu *vcpu, bool unpriv)
{
	return unpriv ? 0 : guest_va_privilege(vcpu);
}

static int emulate_load(void *arg, uint32_t va, unsigned int size, bool unpriv,
			uint32_t *val)
{
	struct emulation *a = arg;
	u64 ipa;
	u32 off;

	*val = 0;
	if (!guest_va_translate(a->vcpu, va,
				emulate_access_flags(a->vcpu, unpriv), &ipa,
				&a->fault))
		return FAULT_STAGE1;
	if (dist_offset(a->vcpu->vm, ipa, &off)) {
		*val = dist_read(a->vcpu, off, size);
		return 0;
	}
	return guest_va_read(a->vcpu, ipa, val, size) ? FAULT_DEVICE : 0;
}

static int emulate_store(void *arg, uint32_t va, unsigned int size, bool unpriv,
			 uint32_t val)
{
	struct emulation *a = arg;
	u64 ipa;
	u32 off;

	if (!guest_va_translate(a->vcpu, va,
				ARM_S1_WRITE |
					emulate_access_flags(a->vcpu, unpriv),
				&ipa, &a->fault))
		return FAULT_STAGE1;
	if (dist_offset(a->vcpu->vm, ipa, &off)) {
		dist_write(a->vcpu, off, size, val);
		return 0;
	}
	return guest_va_write(a->vcpu, ipa, &val, size) ? FAULT_DEVICE : 0;
}

/* The guest's VFP registers are in memory while it is out (hyp/arm/vfp.c). */
static uint64_t emulate_vfp_get(void *arg, unsigned int d)
{
	struct emulation *a = arg;

	return a->vcpu->arch.hyp->vfp.d[d];
}

static void emulate_vfp_set(void *arg, unsigned int d, uint64_t val)
{
	struct emulation *a = arg;

	a->vcpu->arch.hyp->vfp.d[d] = val;
}

static const struct arm_insn_ops emulate_ops = { .read = emulate_load,
						 .write = emulate_store,
						 .vfp_get = emulate_vfp_get,
						 .vfp_set = emulate_vfp_set };

static int emulate_execute(struct vcpu *vcpu, const struct arm_insn *insn)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	struct emulation a = { .vcpu = vcpu };
	struct arm_insn_cpu cpu = { .regs = &hyp->regs,
				    .sctlr = hyp->cp15.sctlr,
				    .ops = &emulate_ops,
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

int emulate_insn(struct vcpu *vcpu)
{
	struct arm_insn insn;
	u32 word, len;

	if (!guest_va_fetch(vcpu, &word, &len))
		return 1;
	if (arm_insn_decode(word, vcpu->arch.hyp->regs.cpsr & CPSR_T, len,
			    &insn))
		return exit_undef(vcpu);
	return emulate_execute(vcpu, &insn);
}
