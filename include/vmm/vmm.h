/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What vmm.ko and user space say to each other about a vCPU: registers and
 * exits. The layout is the same for 32- and 64-bit user space: every member
 * sits at its natural alignment and no pointer is among them.
 */
#ifndef VMM_VMM_H
#define VMM_VMM_H

#include <linux/types.h>
#include <vmm/vmm_posted.h>
#include <vmm/vmm_reg.h>

#define VM_MAXCPU	8
#define VM_MAX_NAMELEN	63

/* Why vCPUs stopped for good, or should (VM_SUSPEND); bhyve's names. */
enum vm_suspend_how {
	VM_SUSPEND_NONE,
	VM_SUSPEND_RESET,
	VM_SUSPEND_POWEROFF,
	VM_SUSPEND_HALT,
	VM_SUSPEND_DESTROY,
	VM_SUSPEND_LAST
};

enum vm_exitcode {
	VM_EXITCODE_BOGUS, /* nothing for user space: call VM_RUN again */
	VM_EXITCODE_INST_EMUL, /* MMIO: u.inst_emul */
	VM_EXITCODE_SUSPENDED, /* u.suspended */
	VM_EXITCODE_HYP, /* an exit nothing answers: u.hyp */
	VM_EXITCODE_WFI, /* only with VM_CAP_HALT_EXIT */
	VM_EXITCODE_SMCCC, /* u.smccc_call: a range bhyve has claimed */
	VM_EXITCODE_DEBUG, /* VM_SUSPEND_CPU was asked for */
	VM_EXITCODE_BPT, /* u.bpt: only with VM_SET_DEBUG */
	VM_EXITCODE_MAX
};

#define VIE_F_SIGNED	(1u << 0) /* sign-extend a read to the register */
#define VIE_F_WRITE	(1u << 1)
#define VIE_F_VALID	(1u << 2) /* else decode insn: HSR.ISV was 0 */
#define VIE_F_THUMB	(1u << 3) /* insn is Thumb */
#define VIE_F_BE	(1u << 4) /* CPSR.E: data is big-endian */

/*
 * A load or store to be carried out by user space.
 *
 * With VIE_F_VALID the syndrome described it whole: access_size bytes (1, 2,
 * 4, 8) and reg, a register id of this file's numbering. A write's data is in
 * vm_run.mmio_data already, in the guest's byte order undone; a read's result
 * is put there before the next VM_RUN, which completes the instruction.
 *
 * Without it, insn is the instruction (for a 4-byte Thumb one the first
 * halfword is in the high half), and user space emulates it with registers it
 * gets and sets, PC included.
 */
struct vie {
	__u32 insn;
	__u8 insn_len; /* 2 or 4 */
	__u8 access_size;
	__u16 flags;
	__u32 reg;
	__u32 pad;
};

struct vm_exit {
	__u32 exitcode; /* enum vm_exitcode */
	__u32 inst_length; /* bytes; 0 where it could not be read */
	__u64 pc;
	union {
		struct {
			__u64 gpa;
			struct vie vie;
			__u64 far; /* the guest's virtual address */
		} inst_emul;
		/* The architecture's own words: HSR, HDFAR, HIFAR, HPFAR on
		 * ARMv7, ESR_EL2 and kin on AArch64. */
		struct {
			__u64 esr;
			__u64 far;
			__u64 ifar;
			__u64 hpfar;
			__u64 pstate; /* CPSR */
			__u64 gpa;
			__u32 insn; /* 0 where it could not be read */
			__u32 reason; /* enum vm_hyp_reason */
		} hyp;
		struct {
			__u32 how; /* enum vm_suspend_how */
			__u32 vcpu; /* who asked; VM_MAXCPU: user space */
			__u64 arg; /* SYSTEM_RESET2's cookie */
		} suspended;
		struct {
			__u64 func_id;
			__u64 args[7];
		} smccc_call;
		/*
		 * A breakpoint, or a BKPT, on the instruction at pc, which has
		 * not been executed; or a watchpoint: the instruction at pc is
		 * about to access gla.
		 */
		struct {
			__u32 watch; /* 1: a watchpoint */
			__u32 pad;
			__u64 gla;
		} bpt;
		__u64 reserved[16];
	} u;
};

/* Why an exit is VM_EXITCODE_HYP. */
enum vm_hyp_reason {
	VM_HYP_UNKNOWN_EC, /* an exception class without an answer */
	VM_HYP_FAULT, /* HYP itself faulted: u.hyp is HYP's own state */
	VM_HYP_INTERNAL, /* vmm lost its footing: a bug */
};

/*
 * The page shared with user space, mapped from the vCPU file at offset 0.
 * User space can write all of it at any time: vmm reads mmio_data and flags
 * once on VM_RUN and trusts nothing else.
 */
struct vm_run {
	__u64 mmio_data;
	__u32 flags; /* VM_RUN_* */
	__u32 pad;
	struct vm_exit exit;
};

/* Complete a pending MMIO, run nothing; the exit is VM_EXITCODE_BOGUS. */
#define VM_RUN_COMPLETE	(1u << 0)
/* The pending MMIO met no device: external abort into the guest instead. */
#define VM_RUN_ABORT	(1u << 1)

/* vm_set_capability */
enum vm_cap_type {
	VM_CAP_HALT_EXIT, /* WFI exits to user space: VM_EXITCODE_WFI */
	VM_CAP_MAX
};

#endif /* VMM_VMM_H */
