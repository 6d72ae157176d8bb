/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Emulation of loads and stores that the syndrome does not describe (HSR.ISV is
 * 0): the instruction is decoded.
 */
#include <errno.h>
#include <string.h>
#include <vmm/arm/vmm_regs.h>
#include "core/arm/cpu.h"
#include "core/arm/exception.h"
#include "core/arm/insn.h"
#include "core/arm/stage1.h"
#include "lib/arm/decoded.h"
#include "lib/arm/state.h"

/* Results of do_read() and do_write(), beside 0. */
#define FAULT_STAGE1 1
#define FAULT_DEVICE 2

struct access {
	struct vcpu *vcpu;
	const struct arm_state *before;
	mem_region_read_t memread;
	mem_region_write_t memwrite;
	void *arg;
	struct arm_fault fault;
	int error; /* what a callback returned */
};

/*
 * A table walk reads guest memory only; a table in device memory is an external
 * abort.
 */
static bool read_table(void *arg, uint64_t ipa, unsigned int size,
		       uint64_t *val)
{
	struct access *a = arg;
	const void *mem = vm_map_gpa(vcpu_ctx(a->vcpu), ipa, size);

	*val = 0;
	if (mem)
		memcpy(val, mem, size);
	return mem != NULL;
}

static bool translate(struct access *a, uint32_t va, unsigned int flags,
		      bool unpriv, uint64_t *ipa)
{
	const struct arm_s1 s1 = {
		.cp15 = &a->before->cp15,
		.read = read_table,
		.arg = a,
	};

	if (!unpriv && arm_mode_priv(a->before->regs.cpsr))
		flags |= ARM_S1_PRIV;
	return arm_s1_translate(&s1, va, flags, ipa, &a->fault);
}

/*
 * One instruction may reach both memory and a device: an LDM across the end of
 * RAM, for example.
 */
static int do_read(void *arg, uint32_t va, unsigned int size, bool unpriv,
		   uint32_t *val)
{
	struct access *a = arg;
	uint64_t ipa, data = 0;
	const void *mem;

	*val = 0;
	if (!translate(a, va, 0, unpriv, &ipa))
		return FAULT_STAGE1;
	mem = vm_map_gpa(vcpu_ctx(a->vcpu), ipa, size);
	if (mem) {
		memcpy(val, mem, size);
		return 0;
	}
	a->error = a->memread(a->vcpu, ipa, &data, size, a->arg);
	*val = size == 4 ? data : data & ((1u << 8 * size) - 1);
	return a->error ? FAULT_DEVICE : 0;
}

static int do_write(void *arg, uint32_t va, unsigned int size, bool unpriv,
		    uint32_t val)
{
	struct access *a = arg;
	uint64_t ipa;
	void *mem;

	if (!translate(a, va, ARM_S1_WRITE, unpriv, &ipa))
		return FAULT_STAGE1;
	mem = vm_map_gpa(vcpu_ctx(a->vcpu), ipa, size);
	if (mem) {
		memcpy(mem, &val, size);
		return 0;
	}
	a->error = a->memwrite(a->vcpu, ipa, val, size, a->arg);
	return a->error ? FAULT_DEVICE : 0;
}

static uint64_t vfp_get(void *arg, unsigned int d)
{
	struct access *a = arg;
	uint64_t val = 0;

	vm_get_register(a->vcpu, VM_REG_VFP_D(d), &val);
	return val;
}

static void vfp_set(void *arg, unsigned int d, uint64_t val)
{
	struct access *a = arg;

	vm_set_register(a->vcpu, VM_REG_VFP_D(d), val);
}

static const struct arm_insn_ops ops = {
	.read = do_read,
	.write = do_write,
	.vfp_get = vfp_get,
	.vfp_set = vfp_set,
};

/*
 * Raises the exception that the instruction causes, on the registers as they
 * were before it.
 */
static void raise_fault(struct access *a, const struct arm_insn_cpu *cpu,
			int result, struct arm_state *state)
{
	if (result == ARM_INSN_UNDEF) {
		arm_inject_undef(&state->regs, state->cp15.sctlr,
				 state->cp15.vbar);
		return;
	}
	if (result == ARM_INSN_ALIGN)
		a->fault.type = ARM_FAULT_ALIGNMENT;
	else if (result == FAULT_DEVICE)
		a->fault.type = ARM_FAULT_EXTERNAL;
	a->fault.write = cpu->fault_write;
	arm_inject_dabt(&state->regs, &state->cp15, cpu->fault_va, &a->fault);
}

int emulate_decoded(struct vcpu *vcpu, const struct vie *vie,
		    mem_region_read_t memread, mem_region_write_t memwrite,
		    void *arg)
{
	struct arm_state before, after;
	struct access a = { .vcpu = vcpu,
			    .before = &before,
			    .memread = memread,
			    .memwrite = memwrite,
			    .arg = arg };
	struct arm_insn_cpu cpu = { .regs = &after.regs,
				    .ops = &ops,
				    .arg = &a };
	struct arm_insn insn;
	int ret, result;

	if (arm_insn_decode(vie->insn, vie->flags & VIE_F_THUMB, vie->insn_len,
			    &insn))
		return -ENOSYS;
	ret = arm_state_get(vcpu, &before);
	if (ret)
		return ret;
	after = before;
	cpu.sctlr = before.cp15.sctlr;
	result = arm_insn_execute(&insn, &cpu);
	if (result != ARM_INSN_OK)
		raise_fault(&a, &cpu, result, &after);
	ret = arm_state_put(vcpu, &before, &after);
	return ret ? ret : a.error;
}
