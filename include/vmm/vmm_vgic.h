/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a VM's interrupt controller (VM_GET_VGIC, VM_SET_VGIC), as the
 * guest can see it. It contains no list registers, so it does not depend on how
 * many the host has. All words are little-endian; the layout of a version never
 * changes.
 *
 * Each interrupt has a latch and a line. An edge-triggered interrupt is pending
 * if its latch is set; a level-sensitive one is pending if its latch is set or
 * its line is up (IHI 0048B, GICD_ISPENDR). The state does not contain the lines
 * of the timers' PPIs, because the timers raise them again.
 *
 * VM_SET_VGIC returns EINVAL if version, nirqs or ncpus are not those of the VM,
 * if a field has a value that its comment does not allow, or if a word or CPU
 * that the VM does not have is not zero.
 */
#ifndef VMM_VMM_VGIC_H
#define VMM_VMM_VGIC_H

/* core/, which reads and writes it, has no Linux headers. */
#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define VM_VGIC_VERSION	  1
#define VM_VGIC_MAX_CPUS  8
#define VM_VGIC_MAX_WORDS 31 /* of 32 INTIDs each */
#define VM_VGIC_SGIS	  16

/*
 * 32 consecutive INTIDs; bit n, or element n, stands for the nth of them. The
 * first word has the SGIs in bits 15:0, and the PPIs in bits 31:16.
 */
struct vm_vgic_irqs {
	uint32_t enabled; /* GICD_ISENABLER; SGIs: 1 */
	uint32_t group;	  /* GICD_IGROUPR */
	uint32_t edge;	  /* GICD_ICFGR: edge-triggered; SGIs: 1, PPIs: 0 */
	/* pending by an edge or GICD_ISPENDR; SGIs: 0, see sgi_pending */
	uint32_t latch;
	/* SPIs: VM_ASSERT_IRQ holds the line up. PPIs: the level; SGIs: 0 */
	uint32_t line;
	/*
	 * SPIs: an irqfd with VM_IRQFD_F_RESAMPLE holds the line up, until the
	 * guest has ended the interrupt. The VM must have such an irqfd before
	 * the guest ends it. SGIs and PPIs: 0.
	 */
	uint32_t irqfd;
	uint8_t prio[32]; /* GICD_IPRIORITYR: 0 to 0xf8 in steps of 8 */
	/* GICD_ITARGETSR: a mask of CPUs; with one CPU 1; SGIs and PPIs: 0 */
	uint8_t target[32];
	uint8_t active[32]; /* 1 + the CPU on which it is active, or 0 */
};

/* One vCPU: what belongs to it in the distributor, and its CPU interface. */
struct vm_vgic_cpu {
	struct vm_vgic_irqs irqs; /* SGIs and PPIs */
	/* a mask of the CPUs that have sent the SGI and whose SGI is pending */
	uint8_t sgi_pending[VM_VGIC_SGIS];
	/* the CPU that has sent the active SGI; 0 if it is not active */
	uint8_t sgi_active[VM_VGIC_SGIS];
	uint32_t ctlr; /* GICC_CTLR: bits 4:0 and 9 (EOImode) */
	uint32_t pmr;  /* GICC_PMR: 0 to 0xf8 in steps of 8 */
	uint32_t bpr;  /* GICC_BPR: 0 to 7 */
	uint32_t abpr; /* GICC_ABPR: 0 to 7 */
	/* active priorities, as in GICC_APR0: bit n stands for priority 8 * n */
	uint32_t apr;
};

struct vm_vgic_state {
	uint32_t version; /* VM_VGIC_VERSION */
	uint32_t nirqs;	  /* number of INTIDs */
	uint32_t ncpus;
	uint32_t ctlr; /* GICD_CTLR: EnableGrp0, EnableGrp1 */
	struct vm_vgic_cpu cpu[VM_VGIC_MAX_CPUS];
	struct vm_vgic_irqs spi[VM_VGIC_MAX_WORDS - 1]; /* INTIDs 32 and up */
};

#endif /* VMM_VMM_VGIC_H */
