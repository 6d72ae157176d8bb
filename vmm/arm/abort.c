// SPDX-License-Identifier: BSD-2-Clause
/*
 * Stage 2 aborts: maps memory, emulates a device, or raises an external abort.
 */
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/swab.h>

#include <vmm/arm/vmm_regs.h>

#include "core/arm/banked.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/exception.h"
#include "core/arm/hcr.h"
#include "core/arm/hsr.h"
#include "core/bytes.h"
#include "vmm/arm/emulate.h"
#include "vmm/arm/exit.h"
#include "vmm/arm/guest_va.h"
#include "vmm/dist.h"
#include "vmm/ioeventfd.h"
#include "vmm/mem.h"
#include "vmm/trace.h"
#include "vmm/vcpu.h"

struct abort {
	u64 ipa;
	u32 va;
	u32 hsr;
	bool fetch;
	bool write;
};

/* HPFAR[31:4] is IPA[39:12] (DDI 0406C, HPFAR). */
static u64 abort_ipa(const struct hyp_vcpu *hyp, u32 va)
{
	return (u64)(hyp->hpfar & ~0xfu) << 8 | (va & 0xfff);
}

/* A table walk reads, even for a store. */
static bool abort_writes(u32 hsr)
{
	return HSR_EC(hsr) != HSR_EC_PABT && (hsr & HSR_DABT_WNR) &&
	       !(hsr & HSR_S1PTW);
}

static void abort_inject(struct vcpu *vcpu, const struct abort *a,
			 enum arm_fault_type type)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	struct arm_fault fault = { .type = type,
				   .level = HSR_FSC(a->hsr) & 3,
				   .write = a->write };

	if (a->fetch)
		arm_inject_pabt(&hyp->regs, &hyp->cp15, a->va, &fault);
	else
		arm_inject_dabt(&hyp->regs, &hyp->cp15, a->va, &fault);
}

/*
 * Warns once for each VM; the rate limit is for a process that makes many VMs.
 */
static void abort_warn_stray(struct vcpu *vcpu, const struct abort *a)
{
	if (READ_ONCE(vcpu->vm->stray_told))
		return;
	WRITE_ONCE(vcpu->vm->stray_told, true);
	pr_warn_ratelimited(
		"vmm: %s: nothing at guest address %#llx (pc %#x)\n",
		vcpu->vm->name, a->ipa, vcpu->arch.hyp->regs.pc);
}

static int abort_inject_external(struct vcpu *vcpu, const struct abort *a)
{
	vcpu_count(vcpu, VM_STAT_UNCLAIMED);
	abort_warn_stray(vcpu, a);
	abort_inject(vcpu, a,
		     a->hsr & HSR_S1PTW ? ARM_FAULT_EXTERNAL_WALK :
					  ARM_FAULT_EXTERNAL);
	return 1;
}

static u32 abort_swab_size(u32 val, unsigned int size)
{
	return size == 4 ? swab32(val) : size == 2 ? swab16(val) : val;
}

/* HSR never names R15 for a valid syndrome; here it would read as zero. */
static u32 abort_source(struct vcpu *vcpu, const struct vcpu_mmio *m)
{
	u32 val = m->reg < 15 ? *arm_reg(&vcpu->arch.hyp->regs, m->reg) : 0;

	val = low_bytes(val, m->size);
	return m->be ? abort_swab_size(val, m->size) : val;
}

static void abort_load_result(struct vcpu *vcpu, const struct vcpu_mmio *m,
			      u32 val)
{
	unsigned int unused = 32 - 8 * m->size;

	val = low_bytes(val, m->size);
	if (m->be)
		val = abort_swab_size(val, m->size);
	if (m->sign)
		val = (s32)(val << unused) >> unused;
	if (m->reg < 15)
		*arm_reg(&vcpu->arch.hyp->regs, m->reg) = val;
}

static struct vcpu_mmio abort_decode_mmio(const struct vcpu *vcpu,
					  const struct abort *a)
{
	return (struct vcpu_mmio){
		.decoded = true,
		.write = a->write,
		.sign = a->hsr & HSR_DABT_SSE,
		.size = HSR_DABT_SIZE(a->hsr),
		.reg = HSR_DABT_SRT(a->hsr),
		.il4 = a->hsr & HSR_IL,
		.be = vcpu->arch.hyp->regs.cpsr & CPSR_E,
		.far = a->va,
	};
}

static int abort_emulate_dist(struct vcpu *vcpu, const struct abort *a, u32 off)
{
	struct vcpu_mmio m = abort_decode_mmio(vcpu, a);

	vcpu_count(vcpu, VM_STAT_GICD);
	if (!(a->hsr & HSR_DABT_ISV))
		return emulate_insn(vcpu);
	if (m.write)
		dist_write(vcpu, off, m.size, abort_source(vcpu, &m));
	else
		abort_load_result(vcpu, &m, dist_read(vcpu, off, m.size));
	arm_skip_insn(&vcpu->arch.hyp->regs, m.il4);
	return 1;
}

static u16 abort_vie_flags(const struct vcpu_mmio *m)
{
	return VIE_F_VALID | (m->write ? VIE_F_WRITE : 0) |
	       (m->sign ? VIE_F_SIGNED : 0) | (m->be ? VIE_F_BE : 0);
}

static struct vm_exit *abort_exit_inst_emul(struct vcpu *vcpu,
					    const struct abort *a)
{
	struct vm_exit *exit = vcpu_exit(vcpu, VM_EXITCODE_INST_EMUL);

	vcpu_count(vcpu, VM_STAT_MMIO);
	trace_vmm_mmio(vcpu, a->ipa, a->write);
	exit->pc = vcpu->arch.hyp->regs.pc;
	exit->u.inst_emul.gpa = a->ipa;
	exit->u.inst_emul.far = a->va;
	vcpu->mmio_pending = true;
	return exit;
}

/*
 * The syndrome does not describe the access: user space decodes the
 * instruction.
 */
static int abort_exit_undecoded(struct vcpu *vcpu, const struct abort *a)
{
	struct vcpu_mmio m = abort_decode_mmio(vcpu, a);
	struct vie vie = { 0 };
	struct vm_exit *exit;
	u32 insn, len;

	/*
	 * The guest has just changed its tables, and executes the instruction
	 * again.
	 */
	if (!guest_va_fetch(vcpu, &insn, &len))
		return 1;
	vie.insn = insn;
	vie.insn_len = len;
	vie.flags = (m.be ? VIE_F_BE : 0) | (m.write ? VIE_F_WRITE : 0);
	if (vcpu->arch.hyp->regs.cpsr & CPSR_T)
		vie.flags |= VIE_F_THUMB;
	exit = abort_exit_inst_emul(vcpu, a);
	exit->inst_length = len;
	exit->u.inst_emul.vie = vie;
	vcpu->arch.mmio.decoded = false;
	vcpu->arch.mmio.far = a->va;
	vcpu->arch.mmio.write = m.write;
	return 0;
}

/* A store with an ioeventfd signals it and is complete. */
static bool abort_try_ioeventfd(struct vcpu *vcpu, u64 ipa,
				const struct vcpu_mmio *m)
{
	if (!m->write ||
	    !ioeventfd_signal(vcpu->vm, ipa, m->size, abort_source(vcpu, m)))
		return false;
	vcpu_count(vcpu, VM_STAT_IOEVENTFD);
	arm_skip_insn(&vcpu->arch.hyp->regs, m->il4);
	return true;
}

/*
 * A load of posted device memory is answered from its page, a store is queued.
 */
static bool abort_try_posted(struct vcpu *vcpu, u64 ipa,
			     const struct vcpu_mmio *m)
{
	u32 val = m->write ? abort_source(vcpu, m) : 0;

	if (!posted_access(vcpu->vm, ipa, m->size, m->write, &val))
		return false;
	vcpu_count(vcpu, VM_STAT_POSTED);
	if (!m->write)
		abort_load_result(vcpu, m, val);
	arm_skip_insn(&vcpu->arch.hyp->regs, m->il4);
	return true;
}

static int abort_exit_mmio(struct vcpu *vcpu, const struct abort *a)
{
	struct vm_exit *exit;

	if (!(a->hsr & HSR_DABT_ISV))
		return abort_exit_undecoded(vcpu, a);
	vcpu->arch.mmio = abort_decode_mmio(vcpu, a);
	if (abort_try_ioeventfd(vcpu, a->ipa, &vcpu->arch.mmio) ||
	    abort_try_posted(vcpu, a->ipa, &vcpu->arch.mmio))
		return 1;
	exit = abort_exit_inst_emul(vcpu, a);
	exit->inst_length = vcpu->arch.mmio.il4 ? 4 : 2;
	exit->u.inst_emul.vie = (struct vie){
		.insn_len = exit->inst_length,
		.access_size = vcpu->arch.mmio.size,
		.flags = abort_vie_flags(&vcpu->arch.mmio),
		.reg = VM_REG_GUEST_CUR_R0 + vcpu->arch.mmio.reg,
	};
	if (vcpu->arch.mmio.write)
		vcpu->run->mmio_data = abort_source(vcpu, &vcpu->arch.mmio);
	return 0;
}

void vcpu_arch_complete_mmio(struct vcpu *vcpu, u64 data, bool abort)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	struct vcpu_mmio *m = &vcpu->arch.mmio;
	struct arm_fault fault = { .type = ARM_FAULT_EXTERNAL,
				   .write = m->write };

	vcpu->mmio_pending = false;
	if (abort) {
		vcpu_count(vcpu, VM_STAT_UNCLAIMED);
		arm_inject_dabt(&hyp->regs, &hyp->cp15, m->far, &fault);
		return;
	}
	/* User space has emulated the whole instruction, PC included. */
	if (!m->decoded)
		return;
	if (!m->write)
		abort_load_result(vcpu, m, data);
	arm_skip_insn(&hyp->regs, m->il4);
}

static int abort_at_device(struct vcpu *vcpu, const struct abort *a)
{
	u32 off;

	if (a->fetch || (a->hsr & HSR_S1PTW))
		return abort_inject_external(vcpu, a);
	if (dist_offset(vcpu->vm, a->ipa, &off))
		return abort_emulate_dist(vcpu, a, off);
	/*
	 * Cache maintenance by address does nothing on a device. It is an MCR
	 * of four bytes; IL is not valid, because ISV is 0 (DDI 0406C, HSR).
	 */
	if (a->hsr & HSR_DABT_CM) {
		arm_skip_insn(&vcpu->arch.hyp->regs, true);
		return 1;
	}
	return abort_exit_mmio(vcpu, a);
}

static bool abort_is_mmu_fault(u32 hsr)
{
	switch (HSR_FSC_TYPE(hsr)) {
	case HSR_FSC_TRANSLATION:
	case HSR_FSC_ACCESS_FLAG:
	case HSR_FSC_PERMISSION:
		return true;
	}
	return false;
}

/*
 * The hardware has aborted the guest's access: an alignment fault, if stage 2
 * made the memory a device, or an external abort. The guest gets the same
 * abort. No core with HYP mode for which this is built reports TLB conflicts.
 */
static int abort_at_hardware(struct vcpu *vcpu, const struct abort *a)
{
	struct arm_fault fault;

	pr_warn_ratelimited("vmm: %s: abort, hsr %#x address %#x\n",
			    vcpu->vm->name, a->hsr, a->va);
	if (HSR_FSC(a->hsr) == HSR_FSC_ASYNC)
		vcpu->arch.hyp->hcr |= HCR_VA;
	else if (arm_fault_from_fsc(HSR_FSC(a->hsr), &fault) &&
		 fault.type == ARM_FAULT_ALIGNMENT)
		abort_inject(vcpu, a, ARM_FAULT_ALIGNMENT);
	else
		abort_inject(vcpu, a, ARM_FAULT_EXTERNAL);
	return 1;
}

int exit_abort(struct vcpu *vcpu, u32 hsr)
{
	const struct hyp_vcpu *hyp = vcpu->arch.hyp;
	bool fetch = HSR_EC(hsr) == HSR_EC_PABT;
	u32 va = fetch ? hyp->hifar : hyp->hdfar;
	const struct abort a = { .ipa = abort_ipa(hyp, va),
				 .va = va,
				 .hsr = hsr,
				 .fetch = fetch,
				 .write = abort_writes(hsr) };
	/*
	 * A table walk for a fetch reads the table, and does not fetch from it.
	 */
	const struct mem_access access = {
		.write = a.write,
		.fetch = fetch && !(hsr & HSR_S1PTW),
		.mapped = HSR_FSC_TYPE(hsr) == HSR_FSC_PERMISSION,
	};
	int ret;

	if (!abort_is_mmu_fault(hsr))
		return abort_at_hardware(vcpu, &a);
	ret = mem_fault(vcpu->vm, a.ipa, &access);
	if (ret == MEM_NONE)
		return abort_at_device(vcpu, &a);
	vcpu_count(vcpu, VM_STAT_FAULT);
	return ret && ret != -EAGAIN ? ret : 1;
}
