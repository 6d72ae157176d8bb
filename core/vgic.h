/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One VM's interrupt controller: a GICv2 without Security Extensions (ARM IHI
 * 0048B). The distributor is modelled here; the CPU interfaces are the
 * hardware's virtual ones. docs/vgic.md has the design.
 *
 * The caller of every function holds vgic->lock, in either world. No function
 * sleeps, allocates, or loops longer than the VM has vCPUs, list registers or
 * INTIDs.
 *
 * Kick mask: bit n means that vCPU n has new work, for which it must leave the
 * guest, or wake from WFI, and go through vgic_flush(). The mask holds exactly
 * the vCPUs with new work, the calling vCPU included.
 *
 * Only the hardware knows what a running vCPU's list registers hold. If a
 * function requires a vCPU to be "synced", then that vCPU is out of the guest,
 * its list registers have been read back, vgic_sync() has been called, and it
 * does not enter before the next vgic_flush(). All other functions may be
 * called while every vCPU runs.
 */
#ifndef CORE_VGIC_H
#define CORE_VGIC_H

#include "core/gicd.h"
#include "core/lock.h"
#include "core/types.h"
#include "core/vgic_gich.h"

#define VGIC_MAX_VCPUS	8
#define VGIC_MAX_LRS	16
#define VGIC_MIN_IRQS	64
#define VGIC_MAX_IRQS	992
#define VGIC_NR_WORDS	(VGIC_MAX_IRQS / 32)
#define VGIC_NR_SGIS	16
#define VGIC_NR_PRIVATE 32 /* SGIs and PPIs */
#define VGIC_DIST_SIZE	0x1000

/* 32 consecutive INTIDs; bit n of each word stands for the nth of them. */
struct vgic_irqs {
	uint32_t enabled; /* GICD_ISENABLER */
	uint32_t group;	  /* GICD_IGROUPR */
	uint32_t edge;	  /* GICD_ICFGR: 1 edge-triggered, 0 level-sensitive */
	/* pending by an edge, GICD_ISPENDR or an SGI; not in a list register */
	uint32_t latch;
	uint32_t line;	    /* the input's level */
	uint32_t held;	    /* where[] is not VGIC_NOWHERE */
	uint32_t resample;  /* SPIs whose end vgic_take_ended() reports */
	uint32_t ended;	    /* those of resample with an end not yet reported */
	uint8_t prio[32];   /* GICD_IPRIORITYR: 5 bits, 0 to 0xf8 */
	uint8_t target[32]; /* GICD_ITARGETSR, SPIs only */
	uint8_t where[32];  /* VGIC_IN_LR(), VGIC_ACTIVE_ON() or VGIC_NOWHERE */
};

#define VGIC_NOWHERE	     0
#define VGIC_IN_LR(vcpu, lr) ((uint8_t)(0x80 | (vcpu) << 4 | (lr)))
#define VGIC_ACTIVE_ON(vcpu) ((uint8_t)(0x08 | (vcpu)))

/*
 * One vCPU. lr to apr are the image of the GICH registers, which the world
 * switch writes and reads:
 *
 * before entry vgic_flush(); write lr[n] for each n in lr_dirty, then clear
 * lr_dirty; write hcr if it differs from the hardware's. after exit read lr[n]
 * for each n in lr_used; read hcr and vmcr, too, if hcr is more than
 * GICH_HCR_EN; vgic_sync(). to another CPU read vmcr and apr on the old one; on
 * the new one write all list registers (lr[] is 0 where unused), vmcr and apr.
 *
 * vgic_pending() is exact only after vmcr and apr have been read back.
 */
struct vgic_cpu {
	uint32_t lr[VGIC_MAX_LRS]; /* GICH_LRn */
	uint32_t lr_used;	   /* which list registers hold an interrupt */
	/* which list registers the hardware does not have yet */
	uint32_t lr_dirty;
	uint32_t hcr;  /* wanted GICH_HCR; EOICount as read back */
	uint32_t vmcr; /* GICH_VMCR */
	uint32_t apr;  /* GICH_APR */

	uint32_t seen[VGIC_MAX_LRS]; /* lr[] after the last flush or sync */
	uint32_t lr_latch;	     /* which lr[] are pending by a latch */
	uint32_t stale; /* which lr[] to compare with the distributor */
	bool work;	/* vgic_flush() has something to do */

	uint32_t hw; /* PPIs whose physical interrupt is held active */
	/* those of hw that are pending outside the list registers */
	uint32_t hw_pend;
	/* PPIs whose physical interrupt software must deactivate */
	uint32_t deactivate;

	uint32_t ready; /* words of INTIDs that may have a candidate */
	/* words of INTIDs with an active one without list register */
	uint32_t evicted;
	/* INTIDs that have this vCPU as a target */
	uint32_t target[VGIC_NR_WORDS];
	/* INTIDs active on this vCPU, without list register */
	uint32_t active[VGIC_NR_WORDS];
	/* for each SGI, the CPUs it is pending from */
	uint8_t sgi_source[VGIC_NR_SGIS];
	/* for each SGI, the CPU that the active one is from */
	uint8_t sgi_active[VGIC_NR_SGIS];
	struct vgic_irqs irqs; /* INTIDs 0 to 31 */
};

struct vgic {
	struct hyp_lock lock;
	uint32_t ctlr;	   /* GICD_CTLR: EnableGrp0, EnableGrp1 */
	uint32_t kick;	   /* for vgic_take_kick() */
	uint32_t kickable; /* set by vgic_set_kickable() */
	uint32_t ended;	   /* words of SPIs with a bit in irqs->ended */
	bool dir_traps;	   /* see vgic_dir_must_trap() */
	uint16_t nirqs;	   /* number of INTIDs */
	uint8_t nvcpus;
	uint8_t nlrs;
	uint8_t physid[VGIC_NR_PRIVATE]; /* physical INTID of each PPI */
	struct vgic_cpu cpu[VGIC_MAX_VCPUS];
	struct vgic_irqs spi[VGIC_NR_WORDS - 1]; /* INTIDs 32 and up */
};

/*
 * Puts the interrupt controller into its reset state. nvcpus: 1 to
 * VGIC_MAX_VCPUS. nirqs: VGIC_MIN_IRQS to VGIC_MAX_IRQS in steps of 32. nlrs:
 * the number of list registers to use, 2 to VGIC_MAX_LRS, at most what every
 * CPU has. A value out of its range is clamped.
 */
void vgic_init(struct vgic *vgic, unsigned int nvcpus, unsigned int nirqs,
	       unsigned int nlrs);

/*
 * Resets it again. The levels of SPI lines, vgic_set_resample() and
 * vgic_link_ppi() stay. All vCPUs are synced.
 */
void vgic_reset(struct vgic *vgic);

/*
 * The host's PPI physid (16 to 31) backs the guest's PPI intid (16 to 31) in
 * vgic_inject_hw_ppi(). Without this call it is the PPI with the same number.
 */
static inline void vgic_link_ppi(struct vgic *vgic, unsigned int intid,
				 unsigned int physid)
{
	vgic->physid[intid & 31] = physid & 31;
}

/* Translates a mask of the guest's PPIs into one of the host's. */
static inline uint32_t vgic_physical(const struct vgic *vgic, uint32_t ppis)
{
	uint32_t physical = 0;

	for (; ppis; ppis &= ppis - 1)
		physical |= 1u << vgic->physid[__builtin_ctz(ppis)];
	return physical;
}

/*
 * Resets one vCPU's CPU interface, as PSCI CPU_ON finds it. The contents of its
 * list registers go back to the distributor; nothing is lost. vcpu is synced.
 * Returns a kick mask (of SPIs with another target).
 */
uint32_t vgic_reset_cpu(struct vgic *vgic, unsigned int vcpu);

/*
 * False if vgic_dist_needs() is 0 for this register and direction: the access
 * does not depend on list registers. It is quicker than vgic_dist_needs().
 */
static inline bool vgic_dist_meets_lrs(uint32_t off, bool write)
{
	/* GICD_ICENABLER, and the registers of pending and active states. */
	if (off >= GICD_ICENABLER(0) && off < GICD_IPRIORITYR(0))
		return true;
	if (off >= GICD_CPENDSGIR(0) && off < GICD_SPENDSGIR(VGIC_NR_SGIS))
		return true;
	return write && ((off >= GICD_ITARGETSR(0) && off < GICD_ICFGR(0)) ||
			 off < GICD_TYPER);
}

/*
 * Returns the vCPUs that must be synced for this access to the distributor to
 * be exact: those with a list register that the access reads or changes. The
 * mask may have a bit too many; it is mostly empty.
 */
uint32_t vgic_dist_needs(const struct vgic *vgic, unsigned int vcpu,
			 uint32_t off, bool write);

/*
 * A distributor access by vcpu at offset off, 0 to 0xfff. size is 1, 2 or 4
 * bytes: a narrow read returns these bytes of the word, and a narrow write
 * leaves the other INTIDs of the word as they are; GICD_SGIR takes words only.
 * A misaligned access, or one to a reserved register, reads as 0 and ignores
 * writes. The vCPUs of vgic_dist_needs() are synced. vgic_dist_write() returns
 * a kick mask.
 */
uint32_t vgic_dist_read(const struct vgic *vgic, unsigned int vcpu,
			uint32_t off, unsigned int size);
uint32_t vgic_dist_write(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			 unsigned int size, uint32_t val);

/*
 * Sets the level of an SPI's line (32 to nirqs - 1) or of a vCPU's PPI (16 to
 * 31). A rise is an edge if the interrupt is edge-triggered. Other INTIDs are
 * ignored. Lowering a PPI also withdraws a vgic_inject_hw_ppi() that the guest
 * has not taken yet. Returns a kick mask.
 */
uint32_t vgic_assert_spi(struct vgic *vgic, unsigned int intid, bool level);
uint32_t vgic_assert_ppi(struct vgic *vgic, unsigned int vcpu,
			 unsigned int intid, bool level);

/*
 * A message for an SPI, as GICv2m sends it: an edge; ignored if the SPI is
 * level-sensitive. Returns a kick mask.
 */
uint32_t vgic_msi(struct vgic *vgic, unsigned int intid);

/*
 * on: vgic_take_ended() reports from now on each time that the guest
 * deactivates this SPI. That costs the guest an exit each time. Returns a kick
 * mask.
 */
uint32_t vgic_set_resample(struct vgic *vgic, unsigned int intid, bool on);

/*
 * Whether an SPI of vgic_set_resample() has ended. To be checked after
 * vgic_sync(), vgic_dist_write() and vgic_dir(), before the vCPU waits for
 * anything, because its device may have to raise it again. HYP leaves this to
 * the kernel.
 */
static inline bool vgic_has_ended(const struct vgic *vgic)
{
	return vgic->ended;
}

/* Takes one of these SPIs off the list and returns it; 0: there is none. */
unsigned int vgic_take_ended(struct vgic *vgic);

/*
 * The physical interrupt of a PPI has been acknowledged, with priority drop
 * only: it stays active until the guest deactivates the virtual one. vcpu is
 * synced, or runs on this very CPU (in HYP). Returns the number of the list
 * register that must be written from lr[] at once; its lr_dirty bit is set. -1:
 * the interrupt waits for vgic_flush(), because it is disabled, already in
 * flight, or no list register is free.
 */
int vgic_inject_hw_ppi(struct vgic *vgic, unsigned int vcpu,
		       unsigned int intid);

/*
 * A write of GICD_SGIR by which vcpu sends an SGI (0 to 15) only to itself;
 * vcpu runs on this very CPU. empty is GICH_ELRSR0, or 0 if it was not read; it
 * shows what the guest has ended without an exit. Returns a list register as
 * vgic_inject_hw_ppi() does; -1: nothing was done, vgic_dist_write() has to do
 * it.
 */
int vgic_sgi_to_self(struct vgic *vgic, unsigned int vcpu, unsigned int sgi,
		     uint32_t empty);

/* Whether the physical interrupt of a PPI must stay active. Exact if synced. */
static inline bool vgic_hw_active(const struct vgic *vgic, unsigned int vcpu,
				  unsigned int intid)
{
	return vgic->cpu[vcpu].hw >> (intid & 31) & 1;
}

/*
 * Returns the PPIs whose physical interrupt (vgic_physical()) software must
 * deactivate, by GICC_DIR on the CPU that acknowledged it or by GICD_ICACTIVER:
 * the virtual interrupt has ended, but not in a list register. Clears the mask.
 * To be called after vgic_sync(), vgic_dist_write() and vgic_assert_ppi().
 */
static inline uint32_t vgic_take_deactivate(struct vgic *vgic,
					    unsigned int vcpu)
{
	uint32_t ppis = vgic->cpu[vcpu].deactivate;

	vgic->cpu[vcpu].deactivate = 0;
	return ppis;
}

/*
 * A write of GICV_DIR, if its page is not mapped into the guest. The vCPUs of
 * vgic_dir_needs() are synced. vgic_dir() returns a kick mask.
 */
uint32_t vgic_dir_needs(const struct vgic *vgic, unsigned int vcpu,
			uint32_t val);
uint32_t vgic_dir(struct vgic *vgic, unsigned int vcpu, uint32_t val);

/*
 * Whether GICV_DIR has to trap before vcpu may run: it has more active
 * interrupts than list registers. With EOImode 1, which the guest can set
 * without an exit, it deactivates them in any order, and GICH_HCR.EOICount
 * counts the deactivations but does not say which interrupts they were. The
 * caller sets dir_traps when GICV_DIR traps for all vCPUs; vgic_reset() leaves
 * it as it is.
 */
static inline bool vgic_dir_must_trap(const struct vgic *vgic,
				      unsigned int vcpu)
{
	return vgic->cpu[vcpu].evicted && !vgic->dir_traps;
}

/* The parts of vgic_flush() and vgic_sync() that are needed only sometimes. */
bool vgic_fill_lrs(struct vgic *vgic, unsigned int vcpu);
void vgic_fold_lrs(struct vgic *vgic, unsigned int vcpu);

/*
 * Before guest entry: puts the pending and active interrupts of a synced vcpu
 * into its list registers, by priority. If some do not fit, hcr asks for a
 * maintenance interrupt. Returns true if lr_dirty or hcr have changed.
 */
static inline bool vgic_flush(struct vgic *vgic, unsigned int vcpu)
{
	return vgic->cpu[vcpu].work && vgic_fill_lrs(vgic, vcpu);
}

/* After an exit: takes over what the hardware did to the list registers. */
static inline void vgic_sync(struct vgic *vgic, unsigned int vcpu)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];

	if (cpu->lr_used || cpu->evicted)
		vgic_fold_lrs(vgic, vcpu);
}

/*
 * Whether vcpu's CPU interface would signal an interrupt (IRQ or FIQ) now,
 * which ends a WFI. vcpu is synced, vmcr and apr have been read back.
 */
bool vgic_pending(const struct vgic *vgic, unsigned int vcpu);

/*
 * Returns and clears the kick mask that vgic_sync() and vgic_flush() have left:
 * an interrupt that ended on one vCPU goes on to a new target. It is mostly 0.
 */
static inline uint32_t vgic_take_kick(struct vgic *vgic)
{
	uint32_t kick = vgic->kick;

	vgic->kick = 0;
	return kick;
}

/*
 * Sets the vCPU's bit of kickable. on: the vCPU is in the guest, or is
 * about to sleep after vgic_pending() was false under this lock, so it must be
 * kicked. Off, as at first: before it does either, it takes the lock and looks.
 */
static inline void vgic_set_kickable(struct vgic *vgic, unsigned int vcpu,
				     bool on)
{
	vgic->kickable &= ~(1u << vcpu);
	vgic->kickable |= (uint32_t)on << vcpu;
}

/*
 * vcpu is about to block, or to lose its CPU for long: its pending SPIs with
 * other targets leave its list registers, so that those can take them (1-N
 * model, IHI 0048B). vcpu is synced. Returns a kick mask.
 */
uint32_t vgic_release(struct vgic *vgic, unsigned int vcpu);

#endif /* CORE_VGIC_H */
