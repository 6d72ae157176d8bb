/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What vmm.ko and HYP share: calls, and memory at the same virtual address in
 * both. Everything here is kernel memory; user space sees none of it.
 *
 * vmm owns a struct hyp_vcpu while its vCPU is not running, HYP while it is.
 */
#ifndef HYP_HYP_H
#define HYP_HYP_H

#include "core/arm/cp15.h"
#include "core/arm/debug.h"
#include "core/arm/tlb_owner.h"
#include "core/arm/vcpu_regs.h"
#include "core/posted.h"
#include "core/psci.h"
#include "core/types.h"
#include "core/vgic.h"

/*
 * HVC calls of the host: r0 names one, r1 to r3 are arguments, r0 returns;
 * r0-r3, r12 and flags do not survive. 0 to 2 are the kernel stub's
 * (Documentation/virt/kvm/arm/hyp-abi.rst) and are honoured.
 */
#define HVC_SET_VECTORS	  0
#define HVC_SOFT_RESTART  1
#define HVC_RESET_VECTORS 2
#define HVC_STUB_ERR	  0xbadca11

#define HYP_CALL_RUN	    3 /* r1: struct hyp_vcpu; enum hyp_exit */
#define HYP_CALL_FLUSH_VMID 4 /* r1, r2: VTTBR */
#define HYP_CALL_FLUSH_HYP  5 /* HYP's own TLB, on all CPUs */
#define HYP_CALL_CLEAN	    6 /* r1: PA[39:12]; r2: pages, up to HYP_WINDOW */
/* As HYP_CALL_RUN, under the vCPU's debug registers. */
#define HYP_CALL_RUN_DEBUG  7 /* the last: vectors.S goes by it */

/* Pages that a CPU can look at through its window (clean.c). */
#define HYP_WINDOW 16

/* The guest's PPIs of its timers, as on every GICv2 machine (CNTV, CNTP). */
#define HYP_VTIMER_PPI 27
#define HYP_PTIMER_PPI 30

/* Why HYP_CALL_RUN returned. */
enum hyp_exit {
	HYP_EXIT_TRAP,	/* hsr and kin say */
	HYP_EXIT_IRQ,	/* the host has an interrupt to take */
	HYP_EXIT_TIMER, /* acked says which timers' interrupts are its own */
	/*
	 * kick says which other vCPUs have something to take, or none: an SPI
	 * that vgic_take_ended() tells of has ended.
	 */
	HYP_EXIT_KICK,
	HYP_EXIT_POSTED, /* kick: the first store to vm->posted[kick] */
	HYP_EXIT_FAULT, /* HYP faulted: struct hyp_cpu's fault record */
};

/* What HYP answers by itself. */
enum hyp_fast {
	HYP_FAST_HVC,
	HYP_FAST_CP15,
	HYP_FAST_DIST,
	HYP_FAST_POSTED,
	HYP_FAST_TIMER,
	HYP_FAST_VFP,
	HYP_FAST_MAX,
};

struct hyp_cpu;

struct hyp_vfp {
	uint64_t d[32];
	uint32_t fpscr;
	uint32_t fpexc;
};

/* What all vCPUs of a VM have in common. */
struct hyp_vm {
	struct arm_id id;      /* the guest's ID registers */
	struct psci_host psci; /* but for the states of its vCPUs */
	struct vgic *vgic;
	uint64_t vttbr;
	uint64_t cntvoff;   /* CNTPCT of the host less that of the guest */
	uint32_t dist_page; /* IPA[39:12] of the distributor */
	struct posted *posted[VM_MAX_POSTED]; /* the first ones; then NULL */
};

struct hyp_vcpu {
	struct arm_regs regs; /* first: SP_hyp points here in the guest */
	uint32_t sp;	      /* HYP's stack while the guest runs */
	uint32_t fast[HYP_FAST_MAX]; /* exits HYP has answered, modulo 2^32 */

	/* out: why the guest was left */
	uint32_t hsr;
	uint32_t hdfar;
	uint32_t hifar;
	uint32_t hpfar;
	uint32_t acked; /* PPIs acknowledged and not yet the vGIC's; vmm clears */
	uint32_t kick; /* of HYP_EXIT_KICK and HYP_EXIT_POSTED */

	/* in */
	struct hyp_vm *vm;
	struct vgic_cpu *gic; /* of vm->vgic */
	uint32_t number;      /* of the vCPU in its VM */
	uint32_t hcr;
	uint32_t hdcr; /* beside what every guest traps: HDCR_TDE or 0 */

	struct hyp_cpu *cpu; /* it runs on, or ran on last: see gich.c */
	uint32_t vfp_loaded; /* the VFP holds the guest's */
	struct arm_cp15 cp15;
	struct arm_virt virt;
	struct hyp_vfp vfp;
	struct arm_debug debug; /* of HYP_CALL_RUN_DEBUG */
};

/* The host's registers while a guest runs; swap.S knows the order. */
struct hyp_host {
	uint32_t banked[11];
	uint32_t cp15[18];
};

/* A fault that HYP itself took. */
struct hyp_fault {
	uint32_t r[13];
	uint32_t sp;
	uint32_t lr;
	uint32_t elr; /* where */
	uint32_t spsr;
	uint32_t vector; /* offset into the vector table */
	uint32_t hsr;
	uint32_t hdfar;
	uint32_t hifar;
	uint32_t hpfar;
};

/* coproc.c: a register found before, by what HSR said of it. */
#define HYP_CP_RECENT 16

struct hyp_cp_recent {
	uint32_t key;
	const struct arm_cp_reg *reg;
};

#define HYP_CPU_SIZE 0x2000

/* A CPU's own pages; HTPIDR holds their address. Stacks grow from their end. */
struct hyp_cpu {
	struct hyp_vcpu *vcpu; /* running, the host's registers saved; or NULL */
	uint32_t stack;	       /* top */
	uint32_t fault_stack;  /* top */

	/* The host's, constant between takeover and return. */
	uint32_t stub_hvbar;
	uint32_t stub_hsctlr;
	uint32_t host_hcptr;
	uint32_t host_hdcr;
	uint32_t host_cnthctl;
	uint32_t mpidr;
	uint32_t guest_hdcr; /* what every guest traps */

	struct hyp_host host;
	struct hyp_vfp host_vfp;
	uint32_t vfp_d_regs; /* 16, 32, or 0: no VFP */
	struct tlb_owners tlb_owners;
	struct arm_debug host_debug; /* and the next: of HYP_CALL_RUN_DEBUG */
	uint32_t host_dscr;
	struct hyp_cp_recent recent[HYP_CP_RECENT];

	/* The GIC as this CPU has it: whose list registers, GICH_HCR. */
	struct vgic_cpu *gich_owner;
	uint32_t gich_hcr;
	/* The timers' PPIs active at the distributor, for who ran last. */
	uint32_t active_ppis;

	/* Where it maps memory for a moment: the address, and the entries of
	 * HYP's level 3 table. */
	uint32_t window;
	uint64_t *window_entries;

	struct hyp_fault fault;
};

/* Set by vmm before the first takeover, constant after. */
struct hyp_config {
	uint8_t *gich;
	uint8_t *gicc;
	uint8_t *gicd;
	uint32_t nr_lrs; /* up to VGIC_MAX_LRS */
	/* Where leave starts in the boot page. */
	uint32_t boot_leave;
	/* The host's function that reports a fault in its own call. */
	uint32_t host_fault;
	/* INTIDs of the virtual and the HYP timer at the host's GIC. */
	uint32_t vtimer_intid;
	uint32_t htimer_intid;
	/* Cycles a tick of CNTPCT, times 2^8: of the guest's 1 GHz CPU. */
	uint32_t cycles_mul;
	bool fast_timer; /* hand them on without the host */
};
extern struct hyp_config hyp_config;

/* The guest's CPU cycles by a CNTPCT. */
static inline uint64_t hyp_cycles(uint64_t count)
{
	return count * hyp_config.cycles_mul >> 8;
}

/*
 * By HSR.EC: an exception out of the guest. R0 to R12 and LR_usr are in
 * vcpu->regs, everything else of the guest's is in the CPU; PC and CPSR are
 * ELR_hyp and SPSR_hyp. Before the first takeover vmm puts hyp_full_exit()
 * where there is none, or where an exit is not to be answered in HYP.
 */
typedef uint32_t (*hyp_handler_t)(struct hyp_vcpu *vcpu, uint32_t hsr);
extern hyp_handler_t hyp_handlers[64];
uint32_t hyp_full_exit(struct hyp_vcpu *vcpu, uint32_t hsr);

/* At the start of the boot page, after two branches; see boot.S. */
struct hyp_boot_params {
	uint64_t boot_httbr;
	uint64_t httbr;
	uint32_t htcr;
	uint32_t hmair0;
	uint32_t hsctlr;
	uint32_t va; /* the boot page's, in the kernel */
	uint32_t pa;
	uint32_t init; /* hyp_init */
};
#define HYP_BOOT_PARAMS 8 /* offset */

/* Linker symbols: page-aligned ranges of HYP's own memory. */
extern char hyp_text_start[], hyp_text_end[];
extern char hyp_data_start[], hyp_data_end[];
extern char hyp_boot_start[], hyp_boot_end[];

/* Where the boot page goes on: r2 is struct hyp_cpu, r4/r5 the stub's. */
void hyp_init(void);

#endif /* HYP_HYP_H */
