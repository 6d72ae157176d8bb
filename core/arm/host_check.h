/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Can a machine run guests? The facts of its device tree and of its CPUs go in,
 * one line of words comes out for what is missing: the module and bhyvectl say
 * the same. Pure: no locks, no state, nothing is looked at but what is given.
 */
#ifndef CORE_ARM_HOST_CHECK_H
#define CORE_ARM_HOST_CHECK_H

#include "core/types.h"

/* What nobody has looked at yet is held against no machine. */
enum host_answer { HOST_UNKNOWN, HOST_NO, HOST_YES };

/* The GIC's frames, in the order of the binding. */
enum host_frame { HOST_GICD, HOST_GICC, HOST_GICH, HOST_GICV, HOST_FRAMES };

struct host_region {
	uint64_t base;
	uint64_t size; /* 0: the tree does not name it */
};

struct host_facts {
	/* The CPUs that are online, and the kernel. */
	enum host_answer lpae_kernel;
	enum host_answer lpae;
	enum host_answer virtualization;
	enum host_answer one_kind; /* of CPU */
	unsigned int cpus;	   /* that there are, online or not */

	/* The device tree that the kernel was started with. */
	bool gic; /* one of host_gic_compatible */
	struct host_region frame[HOST_FRAMES];
	bool timer;	/* one of host_timer_compatible */
	uint32_t clock; /* its clock-frequency; 0: none */
	bool psci;

	/* Registers. */
	enum host_answer cntfrq_known;
	uint32_t cntfrq;
	/* GICC_CTLR.EOImodeNS: Linux has split EOI and deactivation, which it
	 * does only where it was entered in HYP mode and has GICC_DIR. */
	enum host_answer split_eoi;
	enum host_answer gich; /* is there one at frame[HOST_GICH]? */

	/* Whoever loads the module says that all CPUs are in HYP mode. */
	bool all_in_hyp;
};

/* Compatible strings, the last followed by NULL. */
extern const char *const host_gic_compatible[];
extern const char *const host_timer_compatible[];

/* In the order in which they are asked. */
enum host_item {
	HOST_ITEM_KERNEL,
	HOST_ITEM_LPAE,
	HOST_ITEM_VIRTUALIZATION,
	HOST_ITEM_ONE_KIND,
	HOST_ITEM_GIC,
	HOST_ITEM_FRAMES,
	HOST_ITEM_ALIGNED,
	HOST_ITEM_TIMER,
	HOST_ITEM_RATE,
	HOST_ITEM_HYP,
	HOST_ITEM_GICC,
	HOST_ITEM_GICH,
	HOST_ITEM_ALL_IN_HYP,
	HOST_ITEMS
};

/*
 * Puts in what the core fixes and a tree may leave out: GICH and GICV, where the
 * CPU interface lies as in the cores' own GIC and in a GIC-400. Only GICH_VTR
 * tells whether they are there: host_vtr_is_gich(). True if they were put in.
 */
bool host_derive(struct host_facts *facts);

/* The counter's rate in Hz, or 0: the tree overrules the register, as in Linux. */
uint32_t host_rate(const struct host_facts *facts);

/* PPIs that the core fixes, by the number of the binding. */
#define HOST_MAINTENANCE_PPI   9
#define HOST_VIRTUAL_TIMER_PPI 11
#define HOST_HYP_TIMER_PPI     10

/*
 * Is this GICH_VTR's value that of a GICv2 (IHI 0048B 5.3.2)? Reserved bits are
 * zero, there are priorities and preemption levels.
 */
bool host_vtr_is_gich(uint32_t vtr);

/* What item is about, in a few words; for a list. */
const char *host_item_name(enum host_item item);

/* Nothing is to be said of item: what it is part of is not there. */
bool host_item_is_moot(const struct host_facts *facts, enum host_item item);

/*
 * Why there can be no guests, in one line without its end: the fault, then how
 * it is mended. NULL: item is no reason.
 */
const char *host_item_refusal(const struct host_facts *facts,
			      enum host_item item);

/* The first refusal of all items, and of those that come before end; or NULL. */
const char *host_refusal(const struct host_facts *facts);
const char *host_refusal_before(const struct host_facts *facts,
				enum host_item end);

#endif /* CORE_ARM_HOST_CHECK_H */
