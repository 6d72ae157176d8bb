/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's exits as vmm.ko reports them to user space. The layout is the same
 * for 32- and 64-bit user space: every member has its natural alignment, and
 * none is a pointer.
 */
#ifndef VMM_VMM_H
#define VMM_VMM_H

#include <linux/types.h>
#include <vmm/vmm_posted.h>
#include <vmm/vmm_reg.h>

#define VM_MAXCPU      8
#define VM_MAX_NAMELEN 63

/*
 * Why all vCPUs of a VM have stopped, or are to stop (VM_SUSPEND). The names
 * are those of FreeBSD's bhyve.
 */
enum vm_suspend_how {
	VM_SUSPEND_NONE,
	VM_SUSPEND_RESET,
	VM_SUSPEND_POWEROFF,
	VM_SUSPEND_HALT,
	VM_SUSPEND_DESTROY,
	VM_SUSPEND_LAST
};

enum vm_exitcode {
	VM_EXITCODE_BOGUS, /* nothing to do for user space: call VM_RUN again */
	VM_EXITCODE_INST_EMUL, /* MMIO to emulate: u.inst_emul */
	VM_EXITCODE_SUSPENDED, /* the VM has ended: u.suspended */
	VM_EXITCODE_HYP,       /* an exit that vmm.ko cannot answer: u.hyp */
	VM_EXITCODE_WFI, /* the guest executed WFI; only with VM_CAP_HALT_EXIT */
	VM_EXITCODE_SMCCC, /* reserved: vmm.ko answers every SMCCC call itself */
	VM_EXITCODE_DEBUG, /* VM_SUSPEND_CPU has stopped this vCPU */
	VM_EXITCODE_BPT,   /* a breakpoint, watchpoint or BKPT: u.bpt */
	VM_EXITCODE_MAX
};

#define VIE_F_SIGNED (1u << 0) /* a load sign-extends into reg */
#define VIE_F_WRITE  (1u << 1)
#define VIE_F_VALID  (1u << 2) /* reg is valid; otherwise decode insn */
#define VIE_F_THUMB  (1u << 3) /* insn is a Thumb instruction */
#define VIE_F_BE     (1u << 4) /* CPSR.E: the guest's data is big-endian */

/*
 * A load or store that user space carries out.
 *
 * With VIE_F_VALID the syndrome describes the access: access_size is 1, 2 or 4
 * bytes, and reg is the id of the register that is loaded or stored. For a
 * store, vm_run.mmio_data holds the value, already converted from the guest's
 * byte order. For a load, user space puts the value into mmio_data. The next
 * VM_RUN completes the instruction.
 *
 * Without VIE_F_VALID, insn holds the instruction. A 4-byte Thumb instruction
 * has its first halfword in bits 31:16. User space decodes it, reads and writes
 * the vCPU's registers, and moves PC itself.
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
	__u32 exitcode;	   /* enum vm_exitcode */
	__u32 inst_length; /* bytes; 0 if the instruction could not be read */
	__u64 pc;
	union {
		struct {
			__u64 gpa;
			struct vie vie;
			__u64 far; /* the guest's virtual address */
		} inst_emul;
		/*
		 * The syndrome registers: HSR, HDFAR, HIFAR and HPFAR on ARMv7.
		 * On AArch64 they would be ESR_EL2, FAR_EL2 and HPFAR_EL2.
		 */
		struct {
			__u64 esr;
			__u64 far;
			__u64 ifar;
			__u64 hpfar;
			__u64 pstate; /* CPSR */
			__u64 gpa;
			__u32 insn;   /* 0 if it could not be read */
			__u32 reason; /* enum vm_hyp_reason */
		} hyp;
		struct {
			__u32 how; /* enum vm_suspend_how */
			/* the vCPU that asked; VM_MAXCPU: user space asked */
			__u32 vcpu;
			__u64 arg; /* the cookie of PSCI SYSTEM_RESET2, else 0 */
		} suspended;
		struct {
			__u64 func_id;
			__u64 args[7];
		} smccc_call;
		/*
		 * A breakpoint or a BKPT: pc is its instruction, which has not
		 * been executed. A watchpoint: the instruction at pc is about
		 * to access gla.
		 */
		struct {
			__u32 watch; /* 1: a watchpoint, 0: a breakpoint or BKPT */
			__u32 pad;
			__u64 gla;
		} bpt;
		__u64 reserved[16];
	} u;
};

/* Why vmm.ko could not answer an exit (VM_EXITCODE_HYP). */
enum vm_hyp_reason {
	VM_HYP_UNKNOWN_EC, /* HSR has an exception class that no guest can cause */
	VM_HYP_FAULT,	   /* HYP itself took a fault: u.hyp is HYP's state */
	VM_HYP_INTERNAL, /* an inconsistency in vmm.ko: a bug */
};

/*
 * The page that vmm.ko shares with user space: offset 0 of the vCPU's file.
 * User space can write to it at any time. vmm.ko therefore reads only mmio_data
 * and flags, each once for each VM_RUN.
 */
struct vm_run {
	__u64 mmio_data;
	__u32 flags; /* VM_RUN_* */
	__u32 pad;
	struct vm_exit exit;
};

/*
 * VM_RUN completes the MMIO of the last exit, and returns without running the
 * guest; the exit is VM_EXITCODE_BOGUS then.
 */
#define VM_RUN_COMPLETE (1u << 0)
/*
 * No device answered the MMIO of the last exit: VM_RUN raises an external abort
 * in the guest instead of completing it.
 */
#define VM_RUN_ABORT (1u << 1)

/* vm_capability_args.type */
enum vm_cap_type {
	VM_CAP_HALT_EXIT, /* 1: WFI leaves VM_RUN with VM_EXITCODE_WFI */
	VM_CAP_MAX
};

#endif /* VMM_VMM_H */
