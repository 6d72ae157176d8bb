/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What vmm.ko and HYP share on every architecture: the calls into HYP, the
 * reasons why a guest was left, and HYP's configuration. All of it is kernel
 * memory, which has the same virtual address in HYP as in the kernel.
 */
#ifndef HYP_SHARED_H
#define HYP_SHARED_H

#include "core/types.h"

/*
 * Numbers of the calls into HYP; 0 to 2 belong to Linux's HYP stub. "a" and "b"
 * are the arguments of hyp_call().
 */
#define HYP_CALL_RUN	    3 /* a: struct hyp_vcpu; returns an enum hyp_exit */
#define HYP_CALL_FLUSH_VMID 4 /* a, b: the VM's VTTBR */
#define HYP_CALL_FLUSH_HYP  5 /* invalidates HYP's own TLB entries on all CPUs */
/* cleans and invalidates pages. a: PA[39:12]; b: number, 1 to HYP_WINDOW */
#define HYP_CALL_CLEAN 6
/* invalidates all VMIDs' TLB entries, and instruction caches, on all CPUs */
#define HYP_CALL_FLUSH_GUESTS 7
/* HYP_CALL_RUN with the vCPU's debug registers loaded. */
#define HYP_CALL_RUN_DEBUG 8 /* must be the last call: vectors.S relies on it */

/* How many pages HYP_CALL_CLEAN can take at once (hyp/arm/clean.c). */
#define HYP_WINDOW 16

/* The PPIs of the guest's CNTV and CNTP, as on every GICv2 machine. */
#define HYP_VTIMER_PPI 27
#define HYP_PTIMER_PPI 30

/*
 * Why HYP_CALL_RUN returned. Each comment names the fields of struct hyp_vcpu
 * that are set then.
 */
enum hyp_exit {
	HYP_EXIT_TRAP,	/* the guest trapped: hsr and the fault addresses */
	HYP_EXIT_IRQ,	/* the host has an interrupt to take */
	HYP_EXIT_TIMER, /* acked: the timer PPIs that HYP has acknowledged */
	/*
	 * kick: a bit for each vCPU to kick. If it is 0, vgic_take_ended() has
	 * an SPI that the guest has ended, or GICV_DIR has to trap.
	 */
	HYP_EXIT_KICK,
	/* kick: index of the posted page; its queue was empty until now */
	HYP_EXIT_POSTED,
	/* HYP itself took an exception; hyp_cpu.faults[0] of this CPU describes it */
	HYP_EXIT_FAULT,
};

/* The kinds of exits that HYP answers by itself. */
enum hyp_fast {
	HYP_FAST_HVC,
	HYP_FAST_CP15,
	HYP_FAST_DIST,
	HYP_FAST_POSTED,
	HYP_FAST_TIMER,
	HYP_FAST_VFP,
	HYP_FAST_MAX,
};

/* vmm sets this before the first takeover, and does not change it later. */
struct hyp_config {
	uint8_t *gich;
	uint8_t *gicc;
	uint8_t *gicd;
	uint32_t nr_lrs; /* list registers, up to VGIC_MAX_LRS */
	/* Offset in the boot page of boot_leave, which gives HYP mode back. */
	uint32_t boot_leave;
	/*
	 * Address of the host's function that prints a fault in one of its own
	 * calls.
	 */
	uint32_t host_fault;
	/* Physical INTIDs of the virtual timer's and the HYP timer's PPI. */
	uint32_t vtimer_intid;
	uint32_t htimer_intid;
	/* Cycles of the guest's 1 GHz CPU in one tick of CNTPCT, times 2^8. */
	uint32_t cycles_mul;
	bool fast_timer; /* HYP passes timer interrupts on without the host */
};
extern struct hyp_config hyp_config;

/* The cycle count that a guest's PMU has when CNTPCT is @count. */
static inline uint64_t hyp_cycles(uint64_t count)
{
	return count * hyp_config.cycles_mul >> 8;
}

/* Linker symbols: page-aligned ranges of HYP's own memory. */
extern char hyp_text_start[], hyp_text_end[];
extern char hyp_data_start[], hyp_data_end[];
extern char hyp_boot_start[], hyp_boot_end[];

#endif /* HYP_SHARED_H */
