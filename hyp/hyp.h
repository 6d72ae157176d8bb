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
#include "core/arm/vcpu_regs.h"
#include "core/types.h"
#include "core/vgic.h"

/*
 * HVC calls of the host: r0 names one, r1 to r3 are arguments, r0 returns;
 * r0-r3, r12 and flags do not survive. 0 to 2 are the kernel stub's
 * (Documentation/virt/kvm/arm/hyp-abi.rst) and are honoured.
 */
#define HVC_SET_VECTORS		0
#define HVC_SOFT_RESTART	1
#define HVC_RESET_VECTORS	2
#define HVC_STUB_ERR		0xbadca11

#define HYP_CALL_RUN		3 /* r1: struct hyp_vcpu; enum hyp_exit */
#define HYP_CALL_FLUSH_VMID	4 /* r1, r2: VTTBR */
#define HYP_CALL_FLUSH_HYP	5 /* HYP's own TLB, on all CPUs */
#define HYP_CALL_MAX		6

/* Why HYP_CALL_RUN returned. */
enum hyp_exit {
	HYP_EXIT_TRAP, /* hsr and kin say */
	HYP_EXIT_IRQ, /* the host has an interrupt to take */
	HYP_EXIT_VTIMER, /* the virtual timer's was acknowledged here */
	HYP_EXIT_PTIMER, /* CNTHP, which backs the guest's CNTP, expired */
	HYP_EXIT_FAULT, /* HYP faulted: struct hyp_cpu's fault record */
};

struct hyp_cpu;

struct hyp_vfp {
	uint64_t d[32];
	uint32_t fpscr;
	uint32_t fpexc;
};

struct hyp_vcpu {
	struct arm_regs regs; /* first: SP_hyp points here in the guest */

	/* out: why the guest was left */
	uint32_t hsr;
	uint32_t hdfar;
	uint32_t hifar;
	uint32_t hpfar;

	/* in */
	uint32_t hcr;
	uint32_t number; /* of the vCPU in its VM */
	uint64_t vttbr;
	uint64_t cntvoff;
	struct vgic *vgic;
	const struct arm_id *id;

	struct hyp_cpu *gich_cpu; /* on which it had the list registers last */
	uint32_t vfp_loaded; /* the VFP holds the guest's, host_vfp the host's */
	uint32_t cntp_armed; /* CNTHP backs virt.cntp while it runs */
	struct arm_cp15 cp15;
	struct arm_virt virt;
	struct hyp_vfp vfp;

	/* The host's, while the guest runs. */
	struct arm_regs host_regs; /* banked ones only */
	struct arm_cp15 host_cp15;
	struct hyp_vfp host_vfp;
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

#define HYP_CPU_SIZE 0x2000

/* A CPU's own pages; HTPIDR holds their address. Stacks grow from their end. */
struct hyp_cpu {
	struct hyp_vcpu *vcpu; /* running, or NULL */
	uint32_t sp; /* HYP's stack while a guest runs */
	uint32_t stack; /* top */
	uint32_t fault_stack; /* top */

	/* The host's, constant between takeover and return. */
	uint32_t stub_hvbar;
	uint32_t stub_hsctlr;
	uint32_t host_hcptr;
	uint32_t host_hdcr;
	uint32_t host_cnthctl;
	uint32_t mpidr;

	/* The GIC as this CPU has it: whose list registers, GICH_HCR. */
	struct vgic_cpu *gich_owner;
	uint32_t gich_hcr;
	/* PPIs active at the distributor, for the guest that ran last. */
	uint32_t active_ppis;

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
	uint32_t maint_intid; /* of GICH's maintenance interrupt */
};
extern struct hyp_config hyp_config;

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
