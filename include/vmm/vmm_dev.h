/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ioctls of /dev/vmm, of a VM's file and of a vCPU's file, and VM_RUN.
 *
 * /dev/vmm makes VMs and a VM's file makes vCPUs. A vCPU's file keeps its VM
 * alive. A VM is freed when the last of its files is closed, so that nothing
 * has to be destroyed by hand. Errors are errno values. EINVAL: an argument is
 * out of its range; EBUSY: the call came at the wrong time; EFAULT: a bad
 * pointer; ENOMEM; EBADF: a descriptor without a file; ENOTTY: no such ioctl.
 *
 * VM_RUN is no ioctl: read(fd, NULL, 0) of a vCPU's file runs the vCPU. It
 * returns 0 once the page at offset 0 of that file says in vm_run.exit what
 * user space has to do. EINTR: a signal came; EINVAL: the length is not 0;
 * EPERM: the caller is not the process that made the VM; EFAULT or ENOMEM:
 * guest memory cannot be mapped. It is a read() because that is cheaper under a
 * seccomp filter: from 5.11 on, Linux runs no filter for a system call that the
 * filter allows whatever its arguments are. For ioctl() a filter has to look at
 * the arguments, so it is run for each call.
 *
 * VM_RUN and the ioctls of a vCPU take its lock, and fail with EBUSY while
 * another thread has the vCPU in one of them (in VM_RUN as a rule). VM_STATS
 * and VM_GET_REG_LIST work at any time.
 */
#ifndef VMM_VMM_DEV_H
#define VMM_VMM_DEV_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <vmm/vmm.h>
#include <vmm/vmm_vgic.h>

/* Raised with each change that breaks an older user space. */
#define VMM_ABI_VERSION 2

/*
 * Makes a VM of the calling process. name is 1 to VM_MAX_NAMELEN letters,
 * digits, '.', '_' or '-', else EINVAL. EEXIST: a VM of the same user has that
 * name; EDQUOT: the user has as many VMs as vmm.ko's parameter max_vms allows.
 */
struct vm_create_args {
	__u32 abi_version;	       /* in: VMM_ABI_VERSION, else EPROTO */
	__u32 flags;		       /* must be 0 */
	char name[VM_MAX_NAMELEN + 1]; /* NUL-terminated */
};

#define VM_MEM_F_READONLY (1u << 0)

/*
 * Makes memory of the calling process guest memory. The new range replaces the
 * one that the slot had; with len 0 it empties the slot. EINVAL: an address is
 * not page-aligned, or the range ends above 4 GiB; EEXIST: it overlaps another
 * slot or the interrupt controller; EPERM: the caller is not the process that
 * made the VM.
 */
struct vm_memory_args {
	__u32 slot;  /* 0 to VM_MAX_MEMSLOTS - 1 */
	__u32 flags; /* VM_MEM_F_* */
	__u64 gpa; /* guest-physical; gpa, len and hva are multiples of 4 KiB */
	__u64 len;
	__u64 hva;
};
#define VM_MAX_MEMSLOTS 16

/*
 * Begins or ends the dirty log of a slot. While it is on, vmm.ko notes which
 * pages the guest writes, and which pages vmm.ko writes for the guest. It does
 * not note writes of user space. VM_GET_DIRTY reads and clears the notes. The
 * log costs a fault at the first write to each page after each VM_GET_DIRTY.
 * VM_SET_MEMORY of that slot ends it. EINVAL: there is no memory in the slot;
 * EEXIST: the log is on already; ENOENT: it is not on.
 */
struct vm_log_dirty_args {
	__u32 slot;
	__u32 on; /* 1: begin, 0: end */
};

/*
 * Reads and clears the notes of a range of pages: writes a bit for each page to
 * bitmap, and protects the pages that were noted against writes again. A write
 * that is not in bitmap is in memory when the call returns, or is in the bitmap
 * of the next call; so user space reads the pages after the call. EINVAL: pad,
 * the slot or the range is wrong; ENOENT: the log is not on; EFAULT: bitmap
 * cannot be written; pages whose bits were not written are still noted.
 */
struct vm_get_dirty_args {
	__u32 slot;
	__u32 first;  /* number of a page of the slot: a multiple of 64 */
	__u32 pages;  /* a multiple of 64, or up to the slot's end */
	__u32 pad;    /* must be 0 */
	__u64 bitmap; /* user pointer to __u64[]; bit 0 is the first page */
};

/*
 * Makes the interrupt controller, a GICv2: once, before the first vCPU. EEXIST:
 * it is there, or memory is in its place; EBUSY: there is a vCPU.
 */
struct vm_vgic_args {
	__u64 dist_gpa; /* GICD: 4 KiB, 4 KiB aligned, below 4 GiB */
	__u64 cpu_gpa;	/* GICC: 8 KiB, 4 KiB aligned, below 4 GiB */
	__u32 nirqs;	/* number of INTIDs: 64 to 992 in steps of 32 */
	__u32 ncpus;	/* number of vCPUs: 1 to VM_MAXCPU */
};

/*
 * Sets the line of an SPI, INTID 32 to nirqs - 1. The line keeps its level
 * until it is set again. ENXIO: no interrupt controller.
 */
struct vm_irq_args {
	__u32 intid;
	__u32 level; /* 1: assert, 0: deassert */
};

/*
 * A message-signalled interrupt: an edge on an SPI. ENXIO: no interrupt
 * controller.
 */
struct vm_msi_args {
	__u64 addr; /* address of the doorbell; ignored */
	__u64 data; /* INTID of the SPI, else EINVAL */
};

/*
 * ioeventfd: a store of the guest to gpa, outside of its memory, adds one to
 * the eventfd fd, and the guest goes on at once. Stores for which HSR.ISV is 0
 * (STRD, STM, writeback) still exit to user space, which has to signal the
 * device itself then. ENOSPC: there are VM_MAX_IOEVENTFDS; EEXIST: one of these
 * stores signals another ioeventfd already; ENOENT: there is none to remove.
 */
struct vm_ioeventfd_args {
	__u64 gpa;
	__u64 data; /* with VM_IOEVENTFD_F_DATAMATCH: only stores of this value */
	/*
	 * size of the store in bytes: 1, 2, 4 or 8; 0: any size, not with
	 * DATAMATCH
	 */
	__u32 len;
	__s32 fd;
	__u32 flags; /* VM_IOEVENTFD_F_* */
	__u32 pad;
};
#define VM_IOEVENTFD_F_DATAMATCH (1u << 0)
/* Removes the ioeventfd with the same other arguments. */
#define VM_IOEVENTFD_F_DEASSIGN (1u << 1)
#define VM_MAX_IOEVENTFDS	512

/*
 * irqfd: each signal to the eventfd fd is one interrupt. Without a flag it is a
 * pulse of the line of SPI intid, an edge. VM_IRQFD_F_MSI: a message, as of
 * VM_RAISE_MSI. VM_IRQFD_F_RESAMPLE: a level. The line rises and stays up until
 * the guest has ended the interrupt; then vmm.ko lowers it and adds one to
 * resamplefd, so that the device can raise it again if it still has a reason.
 *
 * Several irqfds may share an SPI: its line is up while one of them, or
 * VM_ASSERT_IRQ, holds it up. Closing the eventfd removes nothing. ENXIO: no
 * interrupt controller; EEXIST: fd has that SPI already; ENOSPC: there are
 * VM_MAX_IRQFDS; ENOENT: there is none to remove.
 */
struct vm_irqfd_args {
	__s32 fd;
	__u32 intid;	  /* INTID of an SPI: 32 to nirqs - 1 */
	__u32 flags;	  /* VM_IRQFD_F_* */
	__s32 resamplefd; /* with VM_IRQFD_F_RESAMPLE */
};
#define VM_IRQFD_F_MSI	    (1u << 0)
#define VM_IRQFD_F_RESAMPLE (1u << 1)
/* Removes the irqfd with the same fd and intid; other flags are ignored. */
#define VM_IRQFD_F_DEASSIGN (1u << 2)
#define VM_MAX_IRQFDS	    512

/*
 * Posted device memory (coalesced MMIO, with loads as well). Three lists choose
 * words among the first 256 bytes of the page at gpa; bit 0 of element 0 is the
 * word at gpa.
 *
 * loads:  a load is answered from vm_posted.word[].
 * stores: a store is queued in vm_posted.store[] while there is room; fd is
 *         signalled for the first store in an empty queue.
 * keeps:  a store of the value that word[] holds is dropped. If the word is in
 *         stores as well, every store to it is queued.
 *
 * Every other access to the page exits to user space as before, and so does one
 * for which HSR.ISV is 0. Before user space answers such an exit, it must take
 * what is in the queue, so that the device sees the accesses in order.
 *
 * The call returns the page's number, which is the offset in pages at which the
 * VM's file maps its struct vm_posted. A page stays posted as long as the VM
 * lives. ENXIO: no interrupt controller; EEXIST: the page is posted already, or
 * is the interrupt controller's; ENOSPC: there are VM_MAX_POSTED.
 */
struct vm_post_args {
	__u64 gpa; /* a multiple of 4 KiB below 2^40 */
	__u32 loads[VM_POSTED_WORDS / 32];
	__u32 stores[VM_POSTED_WORDS / 32];
	__u32 keeps[VM_POSTED_WORDS / 32];
	__s32 fd; /* an eventfd; it may be closed after the call */
	__u32 pad;
};

/*
 * Shows the guest a page in place of posted device memory (shadow registers),
 * or hides it. While it is shown, a load reads that page and does not trap;
 * stores are treated as posted ones. The page must therefore hold what every
 * load of the device returns, and no load may have a side effect.
 *
 * It is hidden at first. User space maps it from the VM's file at page offset
 * VM_MAX_POSTED + number. ENOENT: no such number; EEXIST: a memory slot is
 * there; EINVAL: the device memory is above 4 GiB. Without vmm.ko's parameter
 * fast_posted the call succeeds and shows nothing.
 */
struct vm_show_posted_args {
	__u32 number;
	__u32 on; /* 0: hide, 1: show */
};

/*
 * Ends the VM: VM_RUN of every vCPU returns VM_EXITCODE_SUSPENDED from now on.
 * The first reason stays until VM_REINIT.
 */
struct vm_suspend_args {
	__u32 how; /* enum vm_suspend_how */
	__u32 pad;
};

/*
 * Reads or writes one register. ENOENT: no such register; EINVAL: it cannot hold
 * val. A register that the guest cannot change (MIDR, an ID register) can be set
 * only to the value that it has, so a host whose CPU differs refuses the state of
 * a guest at that register.
 */
struct vm_register_args {
	__u64 id;
	__u64 val;
};

struct vm_reg_list_args {
	__u32 n; /* in: room in ids; out: number of ids */
	__u32 pad;
	__u64 ids; /* user pointer to __u64[n]; ENOSPC: n is too small */
};

struct vm_capability_args {
	__u32 type; /* enum vm_cap_type */
	__u32 val;
};

/*
 * Raises an exception in the guest. esr has the format of HSR, of which EC, FSC
 * and WnR are used. Undefined Instruction (EC 0), Supervisor Call (0x11),
 * Prefetch Abort (0x20) and Data Abort (0x24) are taken before the next
 * instruction; a Data Abort with FSC 0x11, an asynchronous external abort, is
 * taken when CPSR.A allows it. EINVAL: any other EC or FSC.
 */
struct vm_exception_args {
	__u64 esr;
	__u64 far; /* the faulting address: DFAR or IFAR */
};

/* The counters of one vCPU, indexed by enum vm_stat of vmm_stat.h. */
struct vm_stats_args {
	__u32 n; /* in: room in values; out: number of counters */
	__u32 pad;
	__u64 values; /* user pointer to __u64[n] */
};

/*
 * Breakpoints and watchpoints of a debugger, at virtual addresses of the guest.
 * They are in the CPU's debug registers while this vCPU runs; the guest sees
 * neither these nor a change of its memory. While VM_DEBUG_F_ON is set, VM_RUN
 * returns with VM_EXITCODE_BPT when the guest meets one of them, or a BKPT
 * instruction. Without the flag they have no effect. Each call replaces all of
 * them. EINVAL: an unknown flag, or an entry that the hardware cannot hold;
 * ENODEV: the CPU has no usable debug registers.
 */
struct vm_debug_point {
	__u64 gla;
	/*
	 * 0: unused. Breakpoint: 4 for an ARM instruction, 2 for a Thumb one of
	 * either size. Watchpoint: number of bytes, all of them in one word; or
	 * a power of two from 8 up, gla being a multiple of it.
	 */
	__u32 len;
	__u32 flags; /* VM_WATCH_*; 0 for a breakpoint */
};
#define VM_WATCH_LOAD  (1u << 0)
#define VM_WATCH_STORE (1u << 1)

#define VM_MAX_BREAKPOINTS 6
#define VM_MAX_WATCHPOINTS 4

struct vm_debug_args {
	__u32 flags; /* VM_DEBUG_F_* */
	__u32 pad;
	struct vm_debug_point bp[VM_MAX_BREAKPOINTS];
	struct vm_debug_point wp[VM_MAX_WATCHPOINTS];
};
#define VM_DEBUG_F_ON (1u << 0)

/*
 * User space has written instructions to guest memory at [gpa, gpa + len): when
 * the call returns, no vCPU executes older ones from its caches. EINVAL: the
 * range is longer than 1 MiB or ends above 4 GiB. Parts of the range that are
 * not guest memory are skipped.
 */
struct vm_sync_args {
	__u64 gpa;
	__u64 len;
};

/*
 * The value of the guest's physical counter (CNTPCT), in ticks. VM_SET_TIME
 * fails with EBUSY while a vCPU is in VM_RUN.
 */
struct vm_time_args {
	__u64 count;
};

/*
 * VM_GET_VGIC and VM_SET_VGIC read and replace the state of the interrupt
 * controller, struct vm_vgic_state. EBUSY: a vCPU is in VM_RUN or has an MMIO
 * that VM_RUN has not completed yet (VM_RUN_COMPLETE). ENXIO: no interrupt
 * controller. EINVAL: see vmm_vgic.h; then nothing has changed.
 *
 * If a vCPU that is on has its caches off, VM_GET_VGIC also cleans and invalidates
 * guest memory in the host's caches. So user space that saves a guest calls it
 * before it reads memory.
 *
 * This state, the registers of VM_GET_REG_LIST, VM_GET_TIME and guest memory are
 * all that the guest can know of vmm.ko. That a vCPU waits in WFI is not part of
 * it, because a WFI may end at any time: once VM_RUN has returned, PC is behind
 * the WFI.
 */

/* /dev/vmm */
#define VMM_CREATE_VM _IOW('v', 0x01, struct vm_create_args) /* returns an fd */
/* a VM: 0x10 to 0x1f, and from 0x30 on */
#define VM_CREATE_VCPU _IO('v', 0x10) /* arg: 0 to ncpus - 1; returns an fd */
#define VM_SET_MEMORY  _IOW('v', 0x11, struct vm_memory_args)
#define VM_ATTACH_VGIC _IOW('v', 0x12, struct vm_vgic_args)
#define VM_ASSERT_IRQ  _IOW('v', 0x13, struct vm_irq_args)
#define VM_RAISE_MSI   _IOW('v', 0x14, struct vm_msi_args)
#define VM_SUSPEND     _IOW('v', 0x15, struct vm_suspend_args)
/* arg: vCPU, or VM_MAXCPU for all */
#define VM_SUSPEND_CPU _IO('v', 0x16)
#define VM_RESUME_CPU  _IO('v', 0x17)
#define VM_IOEVENTFD   _IOW('v', 0x18, struct vm_ioeventfd_args)
#define VM_IRQFD       _IOW('v', 0x19, struct vm_irqfd_args)
#define VM_REINIT      _IO('v', 0x1a)
#define VM_GET_TIME    _IOR('v', 0x1b, struct vm_time_args)
#define VM_SET_TIME    _IOW('v', 0x1c, struct vm_time_args)
#define VM_POST	       _IOW('v', 0x1d, struct vm_post_args)
#define VM_SHOW_POSTED _IOW('v', 0x1e, struct vm_show_posted_args)
#define VM_SYNC_CODE   _IOW('v', 0x1f, struct vm_sync_args)
#define VM_GET_VGIC    _IOR('v', 0x30, struct vm_vgic_state)
#define VM_SET_VGIC    _IOW('v', 0x31, struct vm_vgic_state)
#define VM_LOG_DIRTY   _IOW('v', 0x32, struct vm_log_dirty_args)
#define VM_GET_DIRTY   _IOW('v', 0x33, struct vm_get_dirty_args)
/* a vCPU: 0x20 to 0x2f */
#define VM_SET_REGISTER	    _IOW('v', 0x21, struct vm_register_args)
#define VM_GET_REGISTER	    _IOWR('v', 0x22, struct vm_register_args)
#define VM_GET_REG_LIST	    _IOWR('v', 0x23, struct vm_reg_list_args)
#define VM_SET_CAPABILITY   _IOW('v', 0x24, struct vm_capability_args)
#define VM_INJECT_EXCEPTION _IOW('v', 0x25, struct vm_exception_args)
#define VM_STATS	    _IOWR('v', 0x26, struct vm_stats_args)
#define VM_SET_DEBUG	    _IOW('v', 0x27, struct vm_debug_args)

#endif /* VMM_VMM_DEV_H */
