/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trace events: /sys/kernel/tracing/events/vmm. Those about a vCPU name its VM
 * by the process that made it, as "bhyvectl" does, and its number.
 *
 * An event that is off costs one no-op instruction (a static key). There are no
 * events for exits that HYP answers by itself; they are only counted.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vmm

#if !defined(VMM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VMM_TRACE_H

#include <linux/tracepoint.h>

#include "hyp/shared.h"
#include "vmm/vcpu.h"

TRACE_DEFINE_ENUM(HYP_EXIT_TRAP);
TRACE_DEFINE_ENUM(HYP_EXIT_IRQ);
TRACE_DEFINE_ENUM(HYP_EXIT_TIMER);
TRACE_DEFINE_ENUM(HYP_EXIT_KICK);
TRACE_DEFINE_ENUM(HYP_EXIT_POSTED);
TRACE_DEFINE_ENUM(HYP_EXIT_FAULT);

#define VMM_TRACE_EXITS                                               \
	{ HYP_EXIT_TRAP, "trap" }, { HYP_EXIT_IRQ, "irq" },           \
	{ HYP_EXIT_TIMER, "timer" }, { HYP_EXIT_KICK, "kick" },       \
	{ HYP_EXIT_POSTED, "posted" }, { HYP_EXIT_FAULT, "fault" }

/* The guest is about to run: as often as VM_STAT_ENTRIES. */
TRACE_EVENT(vmm_entry,
	TP_PROTO(const struct vcpu *vcpu),
	TP_ARGS(vcpu),
	TP_STRUCT__entry(
		__field(int, vm)
		__field(u32, vcpu)
		__field(u32, pc)
	),
	TP_fast_assign(
		__entry->vm = vcpu->vm->pid;
		__entry->vcpu = vcpu->id;
		__entry->pc = vcpu_arch_pc(&vcpu->arch);
	),
	TP_printk("vm=%d vcpu=%u pc=0x%x", __entry->vm, __entry->vcpu,
		  __entry->pc)
);

/* The guest has run. hsr is 0 if it was not a trap that ended the run. */
TRACE_EVENT(vmm_exit,
	TP_PROTO(const struct vcpu *vcpu),
	TP_ARGS(vcpu),
	TP_STRUCT__entry(
		__field(int, vm)
		__field(u32, vcpu)
		__field(u32, exit)
		__field(u32, hsr)
		__field(u32, pc)
	),
	TP_fast_assign(
		__entry->vm = vcpu->vm->pid;
		__entry->vcpu = vcpu->id;
		__entry->exit = vcpu->arch.hyp_exit;
		__entry->hsr = vcpu->arch.hyp_exit == HYP_EXIT_TRAP ?
				       vcpu_arch_syndrome(&vcpu->arch) : 0;
		__entry->pc = vcpu_arch_pc(&vcpu->arch);
	),
	TP_printk("vm=%d vcpu=%u exit=%s hsr=0x%x pc=0x%x", __entry->vm,
		  __entry->vcpu,
		  __print_symbolic(__entry->exit, VMM_TRACE_EXITS),
		  __entry->hsr, __entry->pc)
);

/* A load or store that goes to user space: VM_STAT_MMIO. */
TRACE_EVENT(vmm_mmio,
	TP_PROTO(const struct vcpu *vcpu, u64 gpa, bool write),
	TP_ARGS(vcpu, gpa, write),
	TP_STRUCT__entry(
		__field(u64, gpa)
		__field(int, vm)
		__field(u32, vcpu)
		__field(u32, pc)
		__field(u8, write)
	),
	TP_fast_assign(
		__entry->gpa = gpa;
		__entry->vm = vcpu->vm->pid;
		__entry->vcpu = vcpu->id;
		__entry->pc = vcpu_arch_pc(&vcpu->arch);
		__entry->write = write;
	),
	TP_printk("vm=%d vcpu=%u %s gpa=0x%llx pc=0x%x", __entry->vm,
		  __entry->vcpu, __entry->write ? "store" : "load",
		  __entry->gpa, __entry->pc)
);

/* VM_RUN returns to user space: VM_STAT_USER. code is an enum vm_exitcode. */
TRACE_EVENT(vmm_user,
	TP_PROTO(const struct vcpu *vcpu, int ret),
	TP_ARGS(vcpu, ret),
	TP_STRUCT__entry(
		__field(int, vm)
		__field(u32, vcpu)
		__field(int, ret)
		__field(u32, code)
	),
	TP_fast_assign(
		__entry->vm = vcpu->vm->pid;
		__entry->vcpu = vcpu->id;
		__entry->ret = ret;
		__entry->code = READ_ONCE(vcpu->run->exit.exitcode);
	),
	TP_printk("vm=%d vcpu=%u ret=%d code=%u", __entry->vm, __entry->vcpu,
		  __entry->ret, __entry->code)
);

DECLARE_EVENT_CLASS(vmm_vcpu,
	TP_PROTO(const struct vcpu *vcpu),
	TP_ARGS(vcpu),
	TP_STRUCT__entry(
		__field(int, vm)
		__field(u32, vcpu)
	),
	TP_fast_assign(
		__entry->vm = vcpu->vm->pid;
		__entry->vcpu = vcpu->id;
	),
	TP_printk("vm=%d vcpu=%u", __entry->vm, __entry->vcpu)
);

/* The vCPU begins to wait (VM_STAT_BLOCKED), and ends waiting. */
DEFINE_EVENT(vmm_vcpu, vmm_block,
	TP_PROTO(const struct vcpu *vcpu), TP_ARGS(vcpu));
DEFINE_EVENT(vmm_vcpu, vmm_unblock,
	TP_PROTO(const struct vcpu *vcpu), TP_ARGS(vcpu));

/* Another thread wakes the vCPU, or makes it leave the guest. */
TRACE_EVENT(vmm_kick,
	TP_PROTO(const struct vcpu *vcpu, bool asleep),
	TP_ARGS(vcpu, asleep),
	TP_STRUCT__entry(
		__field(int, vm)
		__field(u32, vcpu)
		__field(u8, asleep)
	),
	TP_fast_assign(
		__entry->vm = vcpu->vm->pid;
		__entry->vcpu = vcpu->id;
		__entry->asleep = asleep;
	),
	TP_printk("vm=%d vcpu=%u %s", __entry->vm, __entry->vcpu,
		  __entry->asleep ? "asleep" : "in the guest")
);

/*
 * An interrupt's line rises or falls, or it has come as a message or a pulse,
 * which are rises. vcpu is -1 for an SPI: its target is the guest's choice.
 */
TRACE_EVENT(vmm_inject,
	TP_PROTO(const struct vm *vm, int vcpu, u32 intid, bool level),
	TP_ARGS(vm, vcpu, intid, level),
	TP_STRUCT__entry(
		__field(int, vm)
		__field(int, vcpu)
		__field(u32, intid)
		__field(u8, level)
	),
	TP_fast_assign(
		__entry->vm = vm->pid;
		__entry->vcpu = vcpu;
		__entry->intid = intid;
		__entry->level = level;
	),
	TP_printk("vm=%d vcpu=%d intid=%u level=%u", __entry->vm,
		  __entry->vcpu, __entry->intid, __entry->level)
);

#endif /* VMM_TRACE_H */

/* define_trace.h includes this file again, by this path below an -I of Kbuild. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH vmm
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
