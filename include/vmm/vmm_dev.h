/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ioctls of /dev/vmm, of a VM's file and of a vCPU's.
 *
 * /dev/vmm makes VMs, a VM's file makes vCPUs; a vCPU's file keeps its VM
 * alive. All of them go with the process: nothing has to be destroyed by hand.
 * Errors are the usual errno values; EINVAL is an argument out of its range,
 * EBUSY a call that came at the wrong time, EFAULT a bad pointer.
 */
#ifndef VMM_VMM_DEV_H
#define VMM_VMM_DEV_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <vmm/vmm.h>

/* Raised with every change that an older user space would not survive. */
#define VMM_ABI_VERSION 1

struct vm_create_args {
	__u32 abi_version; /* in: VMM_ABI_VERSION, else EPROTO */
	__u32 flags; /* 0 */
	char name[VM_MAX_NAMELEN + 1]; /* for messages; NUL-terminated */
};

#define VM_MEM_F_READONLY (1u << 0)

/* Guest memory is memory of the calling process; length 0 removes a slot. */
struct vm_memory_args {
	__u32 slot; /* 0 to VM_MAX_MEMSLOTS - 1 */
	__u32 flags; /* VM_MEM_F_* */
	__u64 gpa; /* page-aligned, like the two below */
	__u64 len;
	__u64 hva;
};
#define VM_MAX_MEMSLOTS 16

/* The interrupt controller; once, before the first vCPU. */
struct vm_vgic_args {
	__u64 dist_gpa; /* GICD, 4 KiB aligned */
	__u64 cpu_gpa; /* GICC, 8 KiB */
	__u32 nirqs; /* INTIDs in all: 64 to 992 in steps of 32 */
	__u32 ncpus; /* vCPUs the VM will have: 1 to VM_MAXCPU */
};

/* INTIDs from 32 (SPIs); PPIs belong to a vCPU: VM_MAXCPU for SPIs. */
struct vm_irq_args {
	__u32 intid;
	__u32 level; /* 1: assert, 0: deassert */
};

struct vm_msi_args {
	__u64 addr;
	__u64 data;
};

/*
 * A store of the guest's to [gpa, gpa + len) outside of its memory adds one to
 * an eventfd, and the guest goes on at once. Stores that the syndrome does not
 * describe (STRD, STM, writeback) still go to user space, which has to do the
 * same then. ENOSPC: VM_MAX_IOEVENTFDS; EEXIST: it would take another one's
 * stores; ENOENT: nothing to undo.
 */
struct vm_ioeventfd_args {
	__u64 gpa;
	__u64 data; /* with VM_IOEVENTFD_F_DATAMATCH: only where this is stored */
	__u32 len; /* of the store: 1, 2, 4 or 8; 0: any, without DATAMATCH */
	__s32 fd;
	__u32 flags; /* VM_IOEVENTFD_F_* */
	__u32 pad;
};
#define VM_IOEVENTFD_F_DATAMATCH (1u << 0)
/* Undo the call with the same other arguments. */
#define VM_IOEVENTFD_F_DEASSIGN	 (1u << 1)
#define VM_MAX_IOEVENTFDS	 512

/*
 * Each signal to an eventfd is one interrupt: a pulse of an SPI's line (an
 * edge), a message (VM_IRQFD_F_MSI, as VM_RAISE_MSI), or, with
 * VM_IRQFD_F_RESAMPLE, a level: the line stays up until the guest has ended
 * the interrupt; then it falls, and resamplefd gets one, for who raised it to
 * look whether it has to be up again. Several may share an SPI; its line is up
 * while one of them or VM_ASSERT_IRQ holds it. ENXIO: no interrupt controller;
 * EEXIST: fd has that SPI already; ENOSPC: VM_MAX_IRQFDS; ENOENT: nothing to
 * undo. Closing the eventfd undoes nothing.
 */
struct vm_irqfd_args {
	__s32 fd;
	__u32 intid; /* 32 and up */
	__u32 flags; /* VM_IRQFD_F_* */
	__s32 resamplefd; /* with VM_IRQFD_F_RESAMPLE */
};
#define VM_IRQFD_F_MSI	    (1u << 0)
#define VM_IRQFD_F_RESAMPLE (1u << 1)
/* Undo the call with the same fd and intid; the other flags do not count. */
#define VM_IRQFD_F_DEASSIGN (1u << 2)
#define VM_MAX_IRQFDS	    512

/*
 * From now on the guest's loads of words whose bit is set in loads are answered
 * from the page of device memory's struct vm_posted, and its stores to those of
 * stores are left there while there is room; fd gets one when there is a first.
 * A store of what a load would give, to one of keeps that is none of stores,
 * changes nothing and is done with that. Bit 0 of loads[0] is the word at gpa.
 * Everything else goes to user space as ever, and so do accesses that the
 * syndrome does not describe: before it answers one, user space has to take the
 * stores that came before. It lasts as long as the VM. Returns the page's
 * number: the offset to map the VM's file at, in pages. ENXIO: no interrupt
 * controller; EEXIST: that memory is posted already, or the interrupt
 * controller's; ENOSPC: VM_MAX_POSTED.
 */
struct vm_post_args {
	__u64 gpa; /* page-aligned */
	__u32 loads[VM_POSTED_WORDS / 32];
	__u32 stores[VM_POSTED_WORDS / 32];
	__u32 keeps[VM_POSTED_WORDS / 32];
	__s32 fd; /* an eventfd */
	__u32 pad;
};

/*
 * On: loads of posted memory are the guest's own, without an exit, of a page
 * that is mapped read-only for it; off, as it is at first: they are as above.
 * All of that page has to be what loads give, and no load may do anything.
 * Stores are as above. The page's offset in the VM's file is VM_MAX_POSTED more
 * than its number. ENOENT: no such number; EEXIST: a memory slot is there;
 * EINVAL: it is beyond 4 GiB. Without vmm's fast_posted it is never on.
 */
struct vm_show_posted_args {
	__u32 number;
	__u32 on; /* 0 or 1 */
};

struct vm_suspend_args {
	__u32 how; /* enum vm_suspend_how */
	__u32 pad;
};

struct vm_register_args {
	__u64 id;
	__u64 val;
};

struct vm_reg_list_args {
	__u32 n; /* in: room in ids; out: how many there are */
	__u32 pad;
	__u64 ids; /* user pointer to __u64[n]; ENOSPC: too small */
};

struct vm_capability_args {
	__u32 type; /* enum vm_cap_type */
	__u32 val;
};

/*
 * An exception into the guest: esr in the format of HSR, of which EC, FSC and
 * WnR count. Undefined Instruction (EC 0), Supervisor Call (0x11), Prefetch
 * and Data Abort (0x20, 0x24) come before the next instruction; a Data Abort
 * with the code of an asynchronous external abort (0x11) when CPSR.A lets it.
 */
struct vm_exception_args {
	__u64 esr;
	__u64 far; /* DFAR or IFAR */
};

/* Counters of one vCPU, indexed by enum vm_stat of vmm_stat.h. */
struct vm_stats_args {
	__u32 n; /* in: room in values; out: how many there are */
	__u32 pad;
	__u64 values; /* user pointer to __u64[n] */
};

/*
 * Breakpoints and watchpoints of a debugger, by the guest's virtual addresses,
 * in the CPU's own registers: neither the guest nor its memory sees them. While
 * VM_DEBUG_F_ON is set, they and every BKPT instruction of the guest's leave
 * VM_RUN with VM_EXITCODE_BPT; otherwise both are as if this had never been
 * called. Each call replaces the last. EINVAL: a flag or an entry that the
 * hardware cannot hold; ENODEV: the CPU has no such registers.
 */
struct vm_debug_point {
	__u64 gla;
	/*
	 * 0: not used. Breakpoints: 4 for an ARM instruction, 2 for a Thumb one
	 * of either size. Watchpoints: bytes, all in one word, or a power of two
	 * from 8 on with gla a multiple of it.
	 */
	__u32 len;
	__u32 flags; /* VM_WATCH_*; 0 for a breakpoint */
};
#define VM_WATCH_LOAD	(1u << 0)
#define VM_WATCH_STORE	(1u << 1)

#define VM_MAX_BREAKPOINTS 6
#define VM_MAX_WATCHPOINTS 4

struct vm_debug_args {
	__u32 flags; /* VM_DEBUG_F_* */
	__u32 pad;
	struct vm_debug_point bp[VM_MAX_BREAKPOINTS];
	struct vm_debug_point wp[VM_MAX_WATCHPOINTS];
};
#define VM_DEBUG_F_ON	(1u << 0)

/*
 * User space has written instructions into guest memory: every vCPU executes
 * them from now on. EINVAL: it wraps round, or is longer than 1 MiB.
 */
struct vm_sync_args {
	__u64 gpa;
	__u64 len;
};

/* The counter that the guest reads as its physical one (CNTPCT), in ticks. */
struct vm_time_args {
	__u64 count;
};

/* /dev/vmm */
#define VMM_CREATE_VM		_IOW('v', 0x01, struct vm_create_args) /* -> fd */
/* a VM */
#define VM_CREATE_VCPU		_IO('v', 0x10) /* arg: 0 to VM_MAXCPU-1; -> fd */
#define VM_SET_MEMORY		_IOW('v', 0x11, struct vm_memory_args)
#define VM_ATTACH_VGIC		_IOW('v', 0x12, struct vm_vgic_args)
#define VM_ASSERT_IRQ		_IOW('v', 0x13, struct vm_irq_args)
#define VM_RAISE_MSI		_IOW('v', 0x14, struct vm_msi_args)
#define VM_SUSPEND		_IOW('v', 0x15, struct vm_suspend_args)
#define VM_SUSPEND_CPU		_IO('v', 0x16) /* arg: vCPU; VM_MAXCPU: all */
#define VM_RESUME_CPU		_IO('v', 0x17)
#define VM_IOEVENTFD		_IOW('v', 0x18, struct vm_ioeventfd_args)
#define VM_IRQFD		_IOW('v', 0x19, struct vm_irqfd_args)
#define VM_REINIT		_IO('v', 0x1a)
#define VM_GET_TIME		_IOR('v', 0x1b, struct vm_time_args)
#define VM_SET_TIME		_IOW('v', 0x1c, struct vm_time_args)
#define VM_POST			_IOW('v', 0x1d, struct vm_post_args)
#define VM_SHOW_POSTED		_IOW('v', 0x1e, struct vm_show_posted_args)
#define VM_SYNC_CODE		_IOW('v', 0x1f, struct vm_sync_args)
/* a vCPU */
#define VM_RUN			_IO('v', 0x20)
#define VM_SET_REGISTER		_IOW('v', 0x21, struct vm_register_args)
#define VM_GET_REGISTER		_IOWR('v', 0x22, struct vm_register_args)
#define VM_GET_REG_LIST		_IOWR('v', 0x23, struct vm_reg_list_args)
#define VM_SET_CAPABILITY	_IOW('v', 0x24, struct vm_capability_args)
#define VM_INJECT_EXCEPTION	_IOW('v', 0x25, struct vm_exception_args)
#define VM_STATS		_IOWR('v', 0x26, struct vm_stats_args)
#define VM_SET_DEBUG		_IOW('v', 0x27, struct vm_debug_args)

#endif /* VMM_VMM_DEV_H */
