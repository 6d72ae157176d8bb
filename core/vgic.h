/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One VM's interrupt controller: a GICv2 without Security Extensions (ARM
 * IHI 0048B) whose distributor is modelled here and whose CPU interfaces are
 * the hardware's virtual ones. docs/vgic.md tells the whole story.
 *
 * Every function needs vgic->lock held, from whichever world. None sleeps,
 * allocates or loops longer than the VM has vCPUs, list registers or INTIDs.
 *
 * Kick masks: bit n says that vCPU n has something new to take, so that it
 * has to go through vgic_flush() (leave the guest, or wake from WFI) to see
 * it. A vCPU for which nothing changed is not in it; the caller is when the
 * change is for itself.
 *
 * What a running vCPU's list registers hold is known to the hardware alone.
 * A function that says "synced" for a vCPU wants it out of the guest, its
 * list registers read back and vgic_sync() done, and no entry before the next
 * vgic_flush(). All others may be called while every vCPU runs.
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

/* 32 INTIDs in a row; bit n of a word is the nth of them. */
struct vgic_irqs {
	uint32_t enabled; /* GICD_ISENABLER */
	uint32_t group;	  /* GICD_IGROUPR */
	uint32_t edge;	  /* GICD_ICFGR: edge-triggered, else level-sensitive */
	uint32_t latch; /* an edge, a GICD_ISPENDR write or an SGI, not in an LR
			 */
	uint32_t line;	/* the input's level */
	uint32_t held;	/* where[] is not VGIC_NOWHERE */
	uint32_t resample; /* SPIs: vgic_take_ended() is to tell their end */
	uint32_t ended;	   /* those of resample that it has not told yet */
	uint8_t prio[32];   /* GICD_IPRIORITYR: 5 bits, 0 to 0xf8 */
	uint8_t target[32]; /* GICD_ITARGETSR, SPIs only */
	uint8_t where[32];  /* VGIC_IN_LR(), VGIC_ACTIVE_ON() or VGIC_NOWHERE */
};

#define VGIC_NOWHERE	     0
#define VGIC_IN_LR(vcpu, lr) ((uint8_t)(0x80 | (vcpu) << 4 | (lr)))
#define VGIC_ACTIVE_ON(vcpu) ((uint8_t)(0x08 | (vcpu)))

/*
 * One vCPU; lr to apr are the image of the hardware's
 * registers, which the world switch reads and writes:
 *
 *  before entry  vgic_flush(); write lr[n] for each n in lr_dirty, then clear
 *		  lr_dirty; write hcr where it differs from the hardware's.
 *  after exit	  read lr[n] for each n in lr_used; read hcr and vmcr too if
 *		  hcr is more than GICH_HCR_EN; vgic_sync().
 *  when a vCPU moves to another CPU: write all of the CPU's list registers
 *		  (lr[] is 0 where unused), vmcr and apr; when it leaves, read
 *		  vmcr and apr. Reading vmcr and apr before vgic_pending()
 *		  makes its answer exact.
 */
struct vgic_cpu {
	uint32_t lr[VGIC_MAX_LRS]; /* GICH_LRn */
	uint32_t lr_used;	   /* list registers that hold an interrupt */
	uint32_t lr_dirty; /* list registers the hardware does not have yet */
	uint32_t hcr;	   /* GICH_HCR wanted; EOICount as read back */
	uint32_t vmcr;	   /* GICH_VMCR */
	uint32_t apr;	   /* GICH_APR */

	uint32_t seen[VGIC_MAX_LRS]; /* lr[] as of the last flush or sync */
	uint32_t lr_latch; /* lr[] whose pending state came from a latch */
	uint32_t stale;	   /* lr[] to bring in line with the distributor */
	bool work;	   /* vgic_flush() has something to do */

	uint32_t hw; /* PPIs with a physical interrupt held active for them */
	uint32_t hw_pend;    /* those of hw still pending and not in an LR */
	uint32_t deactivate; /* PPIs whose physical interrupt is to go */

	uint32_t ready; /* words of INTIDs that may have one to put in an LR */
	uint32_t evicted; /* words of INTIDs with one active here without LR */
	uint32_t target[VGIC_NR_WORDS];	  /* INTIDs this vCPU is a target of */
	uint32_t active[VGIC_NR_WORDS];	  /* INTIDs active here, not in an LR */
	uint8_t sgi_source[VGIC_NR_SGIS]; /* CPUs an SGI is pending from */
	uint8_t sgi_active[VGIC_NR_SGIS]; /* the CPU the active one is from */
	struct vgic_irqs irqs;		  /* INTIDs 0 to 31 */
};

struct vgic {
	struct hyp_lock lock;
	uint32_t ctlr;	/* GICD_CTLR: EnableGrp0, EnableGrp1 */
	uint32_t kick;	/* vgic_take_kick() */
	uint32_t kickable; /* vgic_set_kickable() */
	uint32_t ended; /* words of SPIs with some in irqs->ended */
	uint16_t nirqs; /* INTIDs in all */
	uint8_t nvcpus;
	uint8_t nlrs;
	uint8_t physid[VGIC_NR_PRIVATE]; /* the physical interrupt of a PPI */
	struct vgic_cpu cpu[VGIC_MAX_VCPUS];
	struct vgic_irqs spi[VGIC_NR_WORDS - 1]; /* INTIDs from 32 */
};

/*
 * The reset state. nvcpus: 1 to VGIC_MAX_VCPUS. nirqs: VGIC_MIN_IRQS to
 * VGIC_MAX_IRQS in steps of 32. nlrs: how many list registers to use, 2 to
 * VGIC_MAX_LRS, no more than any CPU has. Out-of-range values are clamped.
 */
void vgic_init(struct vgic *vgic, unsigned int nvcpus, unsigned int nirqs,
	       unsigned int nlrs);

/*
 * The same state again, but for the lines of SPIs, which their devices drive.
 * Every vCPU is synced.
 */
void vgic_reset(struct vgic *vgic);

/*
 * PPI intid (16 to 31) is backed by the host's PPI physid (16 to 31), if
 * vgic_inject_hw_ppi() is used on it; at first by the one of its own number.
 */
static inline void vgic_link_ppi(struct vgic *vgic, unsigned int intid,
				 unsigned int physid)
{
	vgic->physid[intid & 31] = physid & 31;
}

/* The host's PPIs behind a mask of the guest's. */
static inline uint32_t vgic_physical(const struct vgic *vgic, uint32_t ppis)
{
	uint32_t physical = 0;

	for (; ppis; ppis &= ppis - 1)
		physical |= 1u << vgic->physid[__builtin_ctz(ppis)];
	return physical;
}

/*
 * Reset one vCPU's CPU interface, as PSCI CPU_ON finds it: what its list
 * registers held goes back to the distributor, with nothing lost. synced.
 * Returns a kick mask: SPIs with another target.
 */
uint32_t vgic_reset_cpu(struct vgic *vgic, unsigned int vcpu);

/*
 * Whether vgic_dist_needs() can be anything but 0: accesses to what list
 * registers hold, pending and active states above all.
 */
static inline bool vgic_dist_meets_lrs(uint32_t off, bool write)
{
	/* Bits of enables to be cleared, of pending and active states. */
	if (off >= GICD_ICENABLER(0) && off < GICD_IPRIORITYR(0))
		return true;
	if (off >= GICD_CPENDSGIR(0) && off < GICD_SPENDSGIR(VGIC_NR_SGIS))
		return true;
	return write && ((off >= GICD_ITARGETSR(0) && off < GICD_ICFGR(0)) ||
			 off < GICD_TYPER);
}

/*
 * vCPUs that must be synced for a distributor access to be exact: those with
 * an interrupt in a list register that the access reads or changes. A bit
 * more than strictly needed may be set; usually none is.
 */
uint32_t vgic_dist_needs(const struct vgic *vgic, unsigned int vcpu,
			 uint32_t off, bool write);

/*
 * A guest's access to the distributor by vcpu at offset off, 0 to 0xfff. size
 * is 1, 2 or 4 bytes: a read has those bytes of the word. A write of a part
 * leaves the other INTIDs as they are; GICD_SGIR is written as a word alone.
 * Whatever else, misaligned or reserved reads as 0 and is not written. The
 * vCPUs of vgic_dist_needs() are synced. vgic_dist_write() returns a kick mask.
 */
uint32_t vgic_dist_read(const struct vgic *vgic, unsigned int vcpu,
			uint32_t off, unsigned int size);
uint32_t vgic_dist_write(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			 unsigned int size, uint32_t val);

/*
 * The input of an SPI (32 to nirqs - 1) or of a vCPU's PPI (16 to 31) is now
 * at this level; an edge-triggered one takes a rise as its edge. Other INTIDs
 * are ignored. Lowering a PPI also withdraws a vgic_inject_hw_ppi() that the
 * guest has not taken. Returns a kick mask.
 */
uint32_t vgic_assert_spi(struct vgic *vgic, unsigned int intid, bool level);
uint32_t vgic_assert_ppi(struct vgic *vgic, unsigned int vcpu,
			 unsigned int intid, bool level);

/* A message for an SPI, as GICv2m sends it: an edge. Returns a kick mask. */
uint32_t vgic_msi(struct vgic *vgic, unsigned int intid);

/*
 * From now on vgic_take_ended() tells when the guest has deactivated an SPI,
 * which costs it an exit each time; or no more. Returns a kick mask.
 */
uint32_t vgic_set_resample(struct vgic *vgic, unsigned int intid, bool on);

/*
 * Has an SPI of vgic_set_resample() ended? To be looked at after vgic_sync(),
 * vgic_dist_write() and vgic_dir(), before the vCPU waits for anything: who
 * raised the SPI may have to do so again. HYP leaves it to the kernel.
 */
static inline bool vgic_has_ended(const struct vgic *vgic)
{
	return vgic->ended;
}

/* One of them, no longer among them; 0: there is none. */
unsigned int vgic_take_ended(struct vgic *vgic);

/*
 * A PPI's physical interrupt has been acknowledged and its priority dropped;
 * it stays active until the guest deactivates its own one. With vcpu synced
 * or running on this very CPU (that is, in HYP) the number of the list
 * register that has to be written at once from lr[] is returned, and its
 * lr_dirty bit set; -1: it waits for vgic_flush() (disabled, no list register
 * free, same INTID in flight).
 */
int vgic_inject_hw_ppi(struct vgic *vgic, unsigned int vcpu,
		       unsigned int intid);

/*
 * A GICD_SGIR write by which vcpu sends an SGI (0 to 15) to itself alone, with
 * vcpu running on this very CPU. empty is GICH_ELRSR0, or 0 where it has not
 * been read: what the guest has ended without an exit can be told by it. The
 * same return value, but -1 means that nothing has been done, and
 * vgic_dist_write() has to do it.
 */
int vgic_sgi_to_self(struct vgic *vgic, unsigned int vcpu, unsigned int sgi,
		     uint32_t empty);

/* The physical interrupt of a PPI must stay active; exact when synced. */
static inline bool vgic_hw_active(const struct vgic *vgic, unsigned int vcpu,
				  unsigned int intid)
{
	return vgic->cpu[vcpu].hw >> (intid & 31) & 1;
}

/*
 * PPIs whose physical interrupt (vgic_physical()) is to be deactivated by
 * software (GICC_DIR on the CPU it was acknowledged on, or GICD_ICACTIVER),
 * since the guest did away with its own by another way than a list register. Clears the mask; to
 * be looked at after vgic_sync(), vgic_dist_write() and vgic_assert_ppi().
 */
static inline uint32_t vgic_take_deactivate(struct vgic *vgic,
					    unsigned int vcpu)
{
	uint32_t ppis = vgic->cpu[vcpu].deactivate;

	vgic->cpu[vcpu].deactivate = 0;
	return ppis;
}

/*
 * GICV_DIR, where the page it lies in is not mapped into the guest. The vCPUs
 * of vgic_dir_needs() are synced. Returns a kick mask.
 */
uint32_t vgic_dir_needs(const struct vgic *vgic, unsigned int vcpu,
			uint32_t val);
uint32_t vgic_dir(struct vgic *vgic, unsigned int vcpu, uint32_t val);

/*
 * The guest deactivates out of order (EOImode 1) and has more active
 * interrupts than list registers: GICV_DIR has to trap while vcpu runs, as
 * GICH_HCR.EOICount tells how many were deactivated, but not which.
 */
static inline bool vgic_dir_must_trap(const struct vgic *vgic,
				      unsigned int vcpu)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];

	return cpu->evicted && (cpu->vmcr & GICH_VMCR_EOIMODE);
}

/* vgic_flush() and vgic_sync() when there is something to do. */
bool vgic_fill_lrs(struct vgic *vgic, unsigned int vcpu);
void vgic_fold_lrs(struct vgic *vgic, unsigned int vcpu);

/*
 * Before guest entry: put what is pending for a synced vcpu, or active on it,
 * into its list registers by priority, and have hcr ask for a maintenance
 * interrupt where the rest needs one. True: lr_dirty or hcr have changed.
 */
static inline bool vgic_flush(struct vgic *vgic, unsigned int vcpu)
{
	return vgic->cpu[vcpu].work && vgic_fill_lrs(vgic, vcpu);
}

/* After exit: take back what the hardware did to the list registers. */
static inline void vgic_sync(struct vgic *vgic, unsigned int vcpu)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];

	if (cpu->lr_used || cpu->evicted)
		vgic_fold_lrs(vgic, vcpu);
}

/*
 * Would vcpu's CPU interface signal an interrupt (IRQ or FIQ) now? That is
 * what ends a WFI. synced, vmcr and apr read back.
 */
bool vgic_pending(const struct vgic *vgic, unsigned int vcpu);

/*
 * The vCPUs to kick for what vgic_sync() and vgic_flush() of another one have
 * found: an interrupt that ended there goes on to a new target. Hardly ever
 * any. Clears the mask.
 */
static inline uint32_t vgic_take_kick(struct vgic *vgic)
{
	uint32_t kick = vgic->kick;

	vgic->kick = 0;
	return kick;
}

/*
 * A vCPU is in the guest, or about to sleep as vgic_pending() was false under
 * this lock: it has to be kicked. Or it is neither: it will take the lock and
 * look before it is. At first they are neither.
 */
static inline void vgic_set_kickable(struct vgic *vgic, unsigned int vcpu,
				     bool on)
{
	vgic->kickable &= ~(1u << vcpu);
	vgic->kickable |= (uint32_t)on << vcpu;
}

/*
 * vcpu is about to block or to be taken off its CPU for long: pending SPIs
 * with other targets leave its list registers, for those to take (the 1-N
 * model, IHI 0048B 1.4.3). synced. Returns a kick mask.
 */
uint32_t vgic_release(struct vgic *vgic, unsigned int vcpu);

#endif /* CORE_VGIC_H */
