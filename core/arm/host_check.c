// SPDX-License-Identifier: BSD-2-Clause
/* What a machine must have to run guests, and the message for what it lacks. */
#include "core/arm/host_check.h"

#define PAGE	      0x1000u
#define HOST_RATE_MIN 1000u /* Hz */

const char *const host_gic_compatible[] = { "arm,cortex-a15-gic",
					    "arm,cortex-a7-gic", "arm,gic-400",
					    NULL };

const char *const host_timer_compatible[] = { "arm,armv7-timer",
					      "arm,armv8-timer", NULL };

/*
 * The cores' own GIC and GIC-400 have GICH and GICV at fixed offsets from GICD
 * (Cortex-A15 TRM DDI 0438, Cortex-A7 TRM DDI 0464, GIC-400 TRM DDI 0471).
 */
bool host_derive(struct host_facts *facts)
{
	struct host_region *frame = facts->frame;
	uint64_t gicd = frame[HOST_GICD].base;

	if (frame[HOST_GICH].size || frame[HOST_GICV].size ||
	    !frame[HOST_GICD].size || !frame[HOST_GICC].size ||
	    frame[HOST_GICC].base != gicd + PAGE)
		return false;
	frame[HOST_GICH] = (struct host_region){ gicd + 3 * PAGE, 2 * PAGE };
	frame[HOST_GICV] = (struct host_region){ gicd + 5 * PAGE, 2 * PAGE };
	return true;
}

bool host_vtr_is_gich(uint32_t vtr)
{
	return !(vtr & 0x03ffffc0) && vtr >> 29 && (vtr >> 26 & 7);
}

static const char *host_check_kernel_refusal(const struct host_facts *f)
{
	return f->lpae_kernel == HOST_NO ?
		       "this kernel is built without LPAE: use an -lpae one" :
		       NULL;
}

static const char *host_check_lpae_refusal(const struct host_facts *f)
{
	return f->lpae == HOST_NO ?
		       "this CPU has no LPAE: guests need a Cortex-A7, A12, "
		       "A15 or A17" :
		       NULL;
}

static const char *host_check_virtualization_refusal(const struct host_facts *f)
{
	return f->virtualization == HOST_NO ?
		       "this CPU has no Virtualization Extensions: guests "
		       "need a Cortex-A7, A12, A15 or A17" :
		       NULL;
}

/*
 * A guest sees one kind of CPU. The line length of the caches cannot be hidden
 * from it: an A7's lines are shorter than an A15's, and a guest that knows the
 * longer length misses every other line (DDI 0406C, CTR).
 */
static const char *host_check_one_kind_refusal(const struct host_facts *f)
{
	return f->one_kind == HOST_NO ?
		       "the CPUs are not all of one kind: switch those of one "
		       "kind off (/sys/devices/system/cpu/cpuN/online, or "
		       "maxcpus=) and load vmm again" :
		       NULL;
}

/*
 * HYP writes TTBR and VTTBR one after the other, and it translates by ATS1CPR. A
 * core with this erratum may walk tables in between and keep a wrong entry.
 */
static const char *host_check_in_context_refusal(const struct host_facts *f)
{
	return f->in_context == HOST_NO ?
		       "a Cortex-A57 or A72 may mix a guest's address space "
		       "with the host's (errata 1319537 and 1319367): guests "
		       "need a Cortex-A7, A12, A15 or A17" :
		       NULL;
}

static const char *host_check_gic_refusal(const struct host_facts *f)
{
	return !f->gic ? "this host has no GICv2 with virtualization "
			 "extensions: no setting helps" :
			 NULL;
}

static const char *host_check_frames_refusal(const struct host_facts *f)
{
	if (!f->frame[HOST_GICD].size || !f->frame[HOST_GICC].size)
		return "the device tree gives the GIC no distributor or no "
		       "CPU interface: mend its node's 'reg'";
	if (!f->frame[HOST_GICH].size || !f->frame[HOST_GICV].size)
		return "the GIC has no GICH and GICV in the device tree: add "
		       "them to its node's 'reg', if the chip has them";
	if (f->frame[HOST_GICV].size < 2 * PAGE)
		return "the device tree gives GICV less than 8 KiB: mend its "
		       "node's 'reg', if the chip has more";
	return NULL;
}

static const char *host_check_aligned_refusal(const struct host_facts *f)
{
	return f->frame[HOST_GICV].base % PAGE ?
		       "GICV does not begin with a page: no setting helps" :
		       NULL;
}

static const char *host_check_timer_refusal(const struct host_facts *f)
{
	return !f->timer ? "no generic timer in the device tree: add the node "
			   "'arm,armv7-timer', if the chip's counter runs" :
			   NULL;
}

uint32_t host_rate(const struct host_facts *facts)
{
	return facts->clock ? facts->clock : facts->cntfrq;
}

/* A lower value is what CNTFRQ holds if no firmware has written it. */
static const char *host_check_rate_refusal(const struct host_facts *f)
{
	return f->cntfrq_known == HOST_YES && host_rate(f) < HOST_RATE_MIN ?
		       "neither CNTFRQ nor the device tree says how fast the "
		       "generic timer counts: add 'clock-frequency' to its "
		       "node there, or use firmware that writes CNTFRQ" :
		       NULL;
}

static bool host_check_small_gicc(const struct host_facts *f)
{
	return f->frame[HOST_GICC].size < 2 * PAGE;
}

/*
 * Whether Linux was booted in HYP mode shows only with a GICC of 8 KiB, so a
 * small GICC is refused first, by host_check_gicc_refusal().
 */
static const char *host_check_hyp_refusal(const struct host_facts *f)
{
	return f->split_eoi == HOST_NO && !host_check_small_gicc(f) ?
		       "this kernel was not booted in HYP mode: see to it that "
		       "the firmware enters it there (U-Boot: setenv "
		       "bootm_boot_mode nonsec, or CONFIG_ARMV7_VIRT)" :
		       NULL;
}

/*
 * irqchip.gicv2_force_probe makes Linux look for the 8 KiB of GICC that the
 * tree does not give.
 */
static const char *host_check_gicc_refusal(const struct host_facts *f)
{
	return f->split_eoi == HOST_NO && host_check_small_gicc(f) ?
		       "the device tree gives the GIC's CPU interface only 4 "
		       "KiB, GICC_DIR is out of reach: boot the kernel with "
		       "irqchip.gicv2_force_probe=1 (and in HYP mode)" :
		       NULL;
}

static const char *host_check_gich_refusal(const struct host_facts *f)
{
	return f->gich == HOST_NO ?
		       "there is no GICH where this GIC should have one: name "
		       "GICH and GICV in its node's 'reg', if the chip has "
		       "them" :
		       NULL;
}

/*
 * An HVC on a CPU that is not in HYP mode is undefined or hangs. PSCI promises
 * that all CPUs start in the same mode (DEN 0022, CPU_ON); other methods do
 * not.
 */
static const char *host_check_all_in_hyp_refusal(const struct host_facts *f)
{
	return f->cpus > 1 && !f->psci && !f->all_in_hyp ?
		       "without PSCI in the device tree other CPUs may not be "
		       "in HYP mode: if dmesg says 'All CPU(s) started in HYP "
		       "mode', load vmm with all_in_hyp=1" :
		       NULL;
}

static const char *host_check_irqs_refusal(const struct host_facts *f)
{
	return f->irqs == HOST_NO ?
		       "the virtual timer's, the HYP timer's and the GIC's "
		       "maintenance interrupt cannot be had: mend "
		       "'interrupts' of their nodes in the device tree" :
		       NULL;
}

static const struct {
	const char *name;
	const char *(*refusal)(const struct host_facts *facts);
} items[HOST_ITEMS] = {
	[HOST_ITEM_KERNEL] = { "kernel with LPAE", host_check_kernel_refusal },
	[HOST_ITEM_LPAE] = { "CPU with LPAE", host_check_lpae_refusal },
	[HOST_ITEM_VIRTUALIZATION] = { "Virtualization Extensions",
				       host_check_virtualization_refusal },
	[HOST_ITEM_ONE_KIND] = { "CPUs of one kind",
				 host_check_one_kind_refusal },
	[HOST_ITEM_IN_CONTEXT] = { "table walks in one context",
				   host_check_in_context_refusal },
	[HOST_ITEM_GIC] = { "GICv2", host_check_gic_refusal },
	[HOST_ITEM_FRAMES] = { "GICH and GICV", host_check_frames_refusal },
	[HOST_ITEM_ALIGNED] = { "GICV in pages of its own",
				host_check_aligned_refusal },
	[HOST_ITEM_TIMER] = { "generic timer", host_check_timer_refusal },
	[HOST_ITEM_RATE] = { "rate of the timer", host_check_rate_refusal },
	[HOST_ITEM_HYP] = { "HYP mode", host_check_hyp_refusal },
	[HOST_ITEM_GICC] = { "GICC_DIR in reach", host_check_gicc_refusal },
	[HOST_ITEM_GICH] = { "GICH answers", host_check_gich_refusal },
	[HOST_ITEM_ALL_IN_HYP] = { "all CPUs in HYP mode",
				   host_check_all_in_hyp_refusal },
	[HOST_ITEM_IRQS] = { "maintenance and timer interrupts",
			     host_check_irqs_refusal },
};

/* Without a GIC, or without a timer, nothing is said about its parts. */
bool host_item_is_moot(const struct host_facts *facts, enum host_item item)
{
	if (item == HOST_ITEM_FRAMES || item == HOST_ITEM_ALIGNED ||
	    item == HOST_ITEM_HYP || item == HOST_ITEM_GICC ||
	    item == HOST_ITEM_GICH)
		return !facts->gic;
	return item == HOST_ITEM_RATE && !facts->timer;
}

const char *host_item_name(enum host_item item)
{
	return items[item].name;
}

const char *host_item_refusal(const struct host_facts *facts,
			      enum host_item item)
{
	return host_item_is_moot(facts, item) ? NULL :
						items[item].refusal(facts);
}

const char *host_refusal_before(const struct host_facts *facts,
				enum host_item end)
{
	const char *why = NULL;
	unsigned int item;

	for (item = 0; item < end && !why; item++)
		why = host_item_refusal(facts, item);
	return why;
}

const char *host_refusal(const struct host_facts *facts)
{
	return host_refusal_before(facts, HOST_ITEMS);
}
