/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Can a machine run guests? The input is facts of its device tree and CPUs; the
 * output is one line for what is missing, the same from vmm.ko and bhyvectl.
 * Pure functions: no locks, no state.
 */
#ifndef CORE_ARM_HOST_CHECK_H
#define CORE_ARM_HOST_CHECK_H

#include "core/types.h"

/* HOST_UNKNOWN, a fact that was not looked at, never refuses a machine. */
enum host_answer {
	HOST_UNKNOWN,
	HOST_NO,
	HOST_YES
};

/* The GIC's frames, in the order of the device tree binding. */
enum host_frame {
	HOST_GICD,
	HOST_GICC,
	HOST_GICH,
	HOST_GICV,
	HOST_FRAMES
};

struct host_region {
	uint64_t base;
	uint64_t size; /* 0: not in the tree */
};

struct host_facts {
	/* About the CPUs that are online, and about the kernel. */
	enum host_answer lpae_kernel;
	enum host_answer lpae;
	enum host_answer virtualization;
	enum host_answer one_kind;   /* all CPUs have the same part number */
	enum host_answer in_context; /* they lack erratum 1319367: errata.h */
	unsigned int cpus;	     /* online or not */

	/* From the device tree that the kernel was started with. */
	bool gic; /* one of host_gic_compatible */
	struct host_region frame[HOST_FRAMES];
	bool timer;	/* one of host_timer_compatible */
	uint32_t clock; /* its clock-frequency in Hz; 0: none */
	bool psci;

	/* From registers. */
	enum host_answer cntfrq_known;
	uint32_t cntfrq;
	/*
	 * GICC_CTLR.EOImodeNS: Linux splits EOI and deactivation only if it was
	 * entered in HYP mode and has found GICC_DIR.
	 */
	enum host_answer split_eoi;
	enum host_answer gich; /* a GICH is at frame[HOST_GICH] */
	enum host_answer irqs; /* Linux gives all those of HOST_ITEM_IRQS */

	/* The module parameter all_in_hyp. */
	bool all_in_hyp;
};

/* "compatible" strings, with NULL after the last. */
extern const char *const host_gic_compatible[];
extern const char *const host_timer_compatible[];

/* What is checked, in this order. */
enum host_item {
	HOST_ITEM_KERNEL,
	HOST_ITEM_LPAE,
	HOST_ITEM_VIRTUALIZATION,
	HOST_ITEM_ONE_KIND,
	HOST_ITEM_IN_CONTEXT,
	HOST_ITEM_GIC,
	HOST_ITEM_FRAMES,
	HOST_ITEM_ALIGNED,
	HOST_ITEM_TIMER,
	HOST_ITEM_RATE,
	HOST_ITEM_HYP,
	HOST_ITEM_GICC,
	HOST_ITEM_GICH,
	HOST_ITEM_ALL_IN_HYP,
	HOST_ITEM_IRQS,
	HOST_ITEMS
};

/*
 * Adds GICH and GICV, which a tree may omit, where the cores' own GIC and
 * GIC-400 have them. Whether they are there shows only in GICH_VTR:
 * host_vtr_is_gich(). Returns true if it added them.
 */
bool host_derive(struct host_facts *facts);

/* MIDR without the revision, which may differ between CPUs of one kind. */
static inline uint32_t host_kind(uint32_t midr)
{
	return midr & 0xff0ffff0;
}

/* The counter's rate in Hz, or 0. The tree overrules CNTFRQ, as in Linux. */
uint32_t host_rate(const struct host_facts *facts);

/* PPIs that the core fixes, as numbered in the binding (INTID - 16). */
#define HOST_MAINTENANCE_PPI   9
#define HOST_VIRTUAL_TIMER_PPI 11
#define HOST_HYP_TIMER_PPI     10

/*
 * Whether this value of GICH_VTR is a GICv2's (IHI 0048B, GICH_VTR): reserved
 * bits are zero, numbers of priority and preemption bits are not.
 */
bool host_vtr_is_gich(uint32_t vtr);

/* The item in a few words, for a list. */
const char *host_item_name(enum host_item item);

/* The item belongs to a part (GIC, timer) that is missing as a whole. */
bool host_item_is_moot(const struct host_facts *facts, enum host_item item);

/*
 * Why the machine cannot run guests because of this item: one line without
 * newline, first the fault, then the mend. NULL: the item is no reason.
 */
const char *host_item_refusal(const struct host_facts *facts,
			      enum host_item item);

/* The first refusal of all items, or of those before end; NULL: none. */
const char *host_refusal(const struct host_facts *facts);
const char *host_refusal_before(const struct host_facts *facts,
				enum host_item end);

#endif /* CORE_ARM_HOST_CHECK_H */
