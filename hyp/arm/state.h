/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What vmm.ko and HYP share on ARMv7: the state of guest and host, and how HYP
 * is called. All of it is kernel memory, which user space does not see.
 *
 * While a vCPU runs, only HYP accesses its struct hyp_vcpu; at other times only
 * vmm.ko does.
 */
#ifndef HYP_ARM_STATE_H
#define HYP_ARM_STATE_H

#include "core/arm/cp15.h"
#include "core/arm/debug.h"
#include "core/arm/set_way.h"
#include "core/arm/tlb_owner.h"
#include "core/arm/vcpu_regs.h"
#include "core/posted.h"
#include "core/psci.h"
#include "core/types.h"
#include "core/vgic.h"
#include "hyp/shared.h"

/*
 * The host calls HYP by HVC: r0 is the number of the call, r1 to r3 are its
 * arguments, and r0 returns its result. r0-r3, r12 and the flags are
 * overwritten. Calls 0 to 2 do what they do in Linux's HYP stub, see the
 * kernel's Documentation/virt/kvm/arm/hyp-abi.rst; the others are HYP_CALL_*.
 */
#define HVC_SET_VECTORS	  0
#define HVC_SOFT_RESTART  1
#define HVC_RESET_VECTORS 2
#define HVC_STUB_ERR	  0xbadca11

struct hyp_cpu;

struct hyp_vfp {
	uint64_t d[32];
	uint32_t fpscr;
	uint32_t fpexc;
};

/* What the vCPUs of a VM share. */
struct hyp_vm {
	struct arm_id id;      /* the guest's ID registers */
	struct psci_host psci; /* its cpu_state[] is not used */
	struct vgic *vgic;
	uint64_t vttbr;
	uint64_t cntvoff;   /* the host's CNTPCT minus the guest's */
	uint32_t dist_page; /* the distributor's IPA[39:12] */
	struct posted *posted[VM_MAX_POSTED]; /* the first ones; the rest NULL */
};

struct hyp_vcpu {
	/* must be first: SP_hyp points here while the guest runs */
	struct arm_regs regs;
	uint32_t sp; /* top of HYP's stack while the guest runs */
	/* counts of exits that HYP has answered, modulo 2^32 */
	uint32_t fast[HYP_FAST_MAX];

	/* Written by HYP: why the guest left. */
	uint32_t hsr;
	uint32_t hdfar;
	uint32_t hifar;
	uint32_t hpfar;
	/*
	 * PPIs acknowledged that the vGIC does not know of yet; vmm clears them
	 */
	uint32_t acked;
	uint32_t kick; /* for HYP_EXIT_KICK and HYP_EXIT_POSTED */

	/* Written by vmm. */
	struct hyp_vm *vm;
	struct vgic_cpu *gic; /* of vm->vgic */
	uint32_t number;      /* of the vCPU in its VM, from 0 */
	uint32_t hcr;
	struct set_way set_way; /* HYP reads it, vmm writes it */

	/*
	 * The CPU that runs the vCPU or was the last to run it. vmm sets NULL
	 * to have the next entry load all GICH registers.
	 */
	struct hyp_cpu *cpu;
	uint32_t vfp_loaded; /* the guest's VFP registers are in the CPU */
	struct arm_cp15 cp15;
	struct arm_virt virt;
	struct hyp_vfp vfp;
	struct arm_debug debug; /* for HYP_CALL_RUN_DEBUG */
};

/* The host's registers while a guest runs, in swap.S's order. */
struct hyp_host {
	uint32_t banked[11];
	uint32_t cp15[18];
};

/* The registers at an exception that HYP itself took. */
struct hyp_fault {
	uint32_t r[13];
	uint32_t sp;
	uint32_t lr;
	uint32_t elr; /* the address that faulted */
	uint32_t spsr;
	uint32_t vector; /* offset into the vector table */
	uint32_t hsr;
	uint32_t hdfar;
	uint32_t hifar;
	uint32_t hpfar;
};

/*
 * A fault, one of its handler, and one of the second handler: that one stops the
 * CPU.
 */
#define HYP_FAULTS 3

/*
 * The coprocessor registers that coproc.c has found in the table before, so
 * that it need not search again. The key is their syndrome.
 */
#define HYP_CP_RECENT 16

struct hyp_cp_recent {
	uint32_t key;
	const struct arm_cp_reg *reg;
	uint32_t constant; /* 1: it reads as value in every VM and ignores writes */
	uint32_t value;
};

#define HYP_CPU_SIZE 0x2000

/*
 * A CPU's own pages; HTPIDR holds their address. The stacks are at their end
 * and grow down.
 */
struct hyp_cpu {
	/* the vCPU that is loaded (host's registers are saved), or NULL */
	struct hyp_vcpu *vcpu;
	uint32_t stack;	      /* initial SP */
	uint32_t fault_stack; /* initial SP while a fault is handled */

	/* HVBAR while a guest runs; branch_predictor_choose() sets it */
	uint32_t guest_hvbar;
	/* Values of the host, constant from takeover to giving back. */
	uint32_t stub_hvbar;
	uint32_t stub_hsctlr;
	uint32_t host_hcptr;
	uint32_t host_hdcr;
	uint32_t host_cnthctl;
	uint32_t host_pmuserenr;
	uint32_t midr;
	uint32_t mpidr;
	uint32_t guest_hdcr; /* HDCR while a guest runs */

	/*
	 * Where HYP's next fault is written: the first of these, except while a
	 * fault is answered. Offsets must be ARM immediates (vectors.S).
	 */
	struct hyp_fault *fault;
	struct hyp_fault faults[HYP_FAULTS];
	struct hyp_host host;
	struct hyp_vfp host_vfp;
	uint32_t vfp_d_regs; /* 16, 32, or 0: no VFP */
	struct tlb_owners tlb_owners;
	/* host_debug and host_dscr: for HYP_CALL_RUN_DEBUG */
	struct arm_debug host_debug;
	uint32_t host_dscr;
	struct hyp_cp_recent recent[HYP_CP_RECENT];

	/*
	 * What this CPU's GICH registers hold: whose list registers, and
	 * GICH_HCR.
	 */
	struct vgic_cpu *gich_owner;
	uint32_t gich_hcr;
	/*
	 * The timer PPIs that are active at the distributor, for the last vCPU
	 * here.
	 */
	uint32_t active_ppis;

	/*
	 * The CPU's window: its address, and its entries in HYP's level 3
	 * table.
	 */
	uint32_t window;
	uint64_t *window_entries;
};

/*
 * Handlers of exceptions from the guest, by HSR.EC. R0 to R12 and LR_usr are in
 * vcpu->regs, PC and CPSR are in ELR_hyp and SPSR_hyp, and all else of the
 * guest's is in the CPU. A handler returns HYP_RESUME or an enum hyp_exit.
 * Before the first takeover vmm writes hyp_full_exit() to entries that are
 * empty, and to those of exits that vmm.ko's parameters fast_... leave to the
 * host.
 */
typedef uint32_t (*hyp_handler_t)(struct hyp_vcpu *vcpu, uint32_t hsr);
extern hyp_handler_t hyp_handlers[64];
uint32_t hyp_full_exit(struct hyp_vcpu *vcpu, uint32_t hsr);

/* Parameters at offset HYP_BOOT_PARAMS of the boot page; see boot.S. */
struct hyp_boot_params {
	uint64_t boot_httbr;
	uint64_t httbr;
	uint32_t htcr;
	uint32_t hmair0;
	uint32_t hsctlr;
	uint32_t va; /* the boot page's kernel address */
	uint32_t pa;
	uint32_t init; /* address of hyp_init */
};
#define HYP_BOOT_PARAMS 8 /* in bytes */

/*
 * The vectors that are in use while a guest runs (vectors.S). The second and
 * third invalidate the branch predictor first, by ICIALLU or BPIALL.
 */
extern char hyp_guest_vectors[], hyp_guest_vectors_iciallu[],
	hyp_guest_vectors_bpiall[];

/*
 * Where the boot page jumps to. r2: struct hyp_cpu; r4, r5: the stub's HVBAR
 * and HSCTLR.
 */
void hyp_init(void);

#endif /* HYP_ARM_STATE_H */
