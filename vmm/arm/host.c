// SPDX-License-Identifier: BSD-2-Clause
/*
 * Checks whether this host can run guests, without an HVC: without HYP mode,
 * HVC is undefined or goes to firmware.
 */
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/smp.h>
#include <asm/arch_timer.h>
#include <asm/cputype.h>

#include "core/arm/errata.h"
#include "core/arm/host_check.h"
#include "vmm/arm/host.h"

struct host_gic host_gic;
u32 host_timer_hz;

static bool all_in_hyp;
module_param(all_in_hyp, bool, 0444);
MODULE_PARM_DESC(all_in_hyp,
		 "without PSCI: dmesg says that all CPUs started in HYP mode");

/*
 * GICC_CTLR (IHI 0048B), without Security Extensions or as seen from Non-secure
 */
#define GICC_CTLR_EOIMODENS (1u << 9)
#define GICC_SIZE	    0x2000 /* GICC_DIR is in the second page */
#define GICC_IIDR	    0xfc
#define GICH_VTR	    0x4
/* An interrupt has three cells: 1 for a PPI, its number, its trigger. */
#define GIC_PPI 1

/* The kind of the CPU that loads the module, which guests are told of. */
static u32 host_midr, host_ctr;

static int host_refuse(const char *why)
{
	pr_err("vmm: %s\n", why);
	return -ENODEV;
}

static enum host_answer host_to_answer(bool yes)
{
	return yes ? HOST_YES : HOST_NO;
}

bool host_is_our_kind(void)
{
	return host_kind(read_cpuid_id()) == host_midr &&
	       read_cpuid_cachetype() == host_ctr;
}

static void host_look_at_kind(void *differ)
{
	if (!host_is_our_kind())
		WRITE_ONCE(*(bool *)differ, true);
}

static void host_look_at_cpus(struct host_facts *facts)
{
	bool differ = false;

	host_midr = host_kind(read_cpuid_id());
	host_ctr = read_cpuid_cachetype();
	on_each_cpu(host_look_at_kind, &differ, 1);
	facts->one_kind = host_to_answer(!differ);
	facts->in_context = host_to_answer(!erratum_1319367_of(host_midr));
	facts->cpus = num_possible_cpus();
	facts->lpae_kernel = host_to_answer(IS_ENABLED(CONFIG_ARM_LPAE));
	facts->lpae =
		host_to_answer((read_cpuid_ext(CPUID_EXT_MMFR0) & 0xf) >= 5);
	facts->virtualization =
		host_to_answer(read_cpuid_ext(CPUID_EXT_PFR1) >> 12 & 0xf);
}

static struct device_node *host_find_compatible(const char *const *names)
{
	struct device_node *node = NULL;

	for (; *names && !node; names++)
		node = of_find_compatible_node(NULL, NULL, *names);
	return node;
}

static bool host_has_psci(void)
{
	static const char *const names[] = { "arm,psci-1.0", "arm,psci-0.2",
					     "arm,psci", NULL };
	struct device_node *node = host_find_compatible(names);
	bool ret = node && of_device_is_available(node);

	of_node_put(node);
	return ret;
}

static void host_look_at_tree(struct host_facts *facts, struct device_node *gic,
			      struct device_node *timer)
{
	struct resource res;
	int i;

	facts->gic = gic;
	for (i = 0; gic && i < HOST_FRAMES; i++)
		if (!of_address_to_resource(gic, i, &res))
			facts->frame[i] =
				(struct host_region){ res.start,
						      resource_size(&res) };
	facts->timer = timer;
	if (timer)
		of_property_read_u32(timer, "clock-frequency", &facts->clock);
	facts->psci = host_has_psci();
	facts->all_in_hyp = all_in_hyp;
	host_derive(facts);
}

static int host_map_frames(const struct host_facts *facts)
{
	host_gic.gicd_pa = facts->frame[HOST_GICD].base;
	host_gic.gicc_pa = facts->frame[HOST_GICC].base;
	host_gic.gich_pa = facts->frame[HOST_GICH].base;
	host_gic.gicv_pa = facts->frame[HOST_GICV].base;
	host_gic.gicd = ioremap(host_gic.gicd_pa, PAGE_SIZE);
	host_gic.gicc = ioremap(host_gic.gicc_pa, GICC_SIZE);
	host_gic.gich = ioremap(host_gic.gich_pa, PAGE_SIZE);
	return host_gic.gicd && host_gic.gicc && host_gic.gich ? 0 : -ENOMEM;
}

/*
 * If the tree gives GICC only 4 KiB, irqchip.gicv2_force_probe makes Linux look
 * for GICC_DIR in a second page, before it splits EOI and deactivation. Linux
 * also accepts a second page that is further away, behind copies of the first;
 * we do not.
 */
static bool host_splits_eoi(const struct host_facts *facts)
{
	if (facts->frame[HOST_GICC].size < GICC_SIZE &&
	    readl(host_gic.gicc + GICC_IIDR) ==
		    readl(host_gic.gicc + PAGE_SIZE + GICC_IIDR))
		return false;
	return readl(host_gic.gicc) & GICC_CTLR_EOIMODENS;
}

/* GICH is read only if everything before it is right. */
static int host_look_at_registers(struct host_facts *facts)
{
	int ret = host_map_frames(facts);

	if (ret)
		return ret;
	facts->split_eoi = host_to_answer(host_splits_eoi(facts));
	if (!host_refusal_before(facts, HOST_ITEM_GICH))
		facts->gich = host_to_answer(
			host_vtr_is_gich(readl(host_gic.gich + GICH_VTR)));
	return 0;
}

/*
 * If the tree does not name the interrupt, it is the PPI that the core fixes.
 */
static int host_map_irq(struct device_node *node, int index,
			struct device_node *gic, u32 ppi)
{
	struct of_phandle_args args = {
		.np = gic,
		.args_count = 3,
		.args = { GIC_PPI, ppi, IRQ_TYPE_LEVEL_HIGH },
	};
	int irq = irq_of_parse_and_map(node, index);

	return irq ? irq : irq_create_of_mapping(&args);
}

static bool host_find_irqs(struct device_node *gic, struct device_node *timer)
{
	host_gic.vtimer_irq =
		host_map_irq(timer, 2, gic, HOST_VIRTUAL_TIMER_PPI);
	host_gic.htimer_irq = host_map_irq(timer, 3, gic, HOST_HYP_TIMER_PPI);
	host_gic.maint_irq = host_map_irq(gic, 0, gic, HOST_MAINTENANCE_PPI);
	return host_gic.vtimer_irq && host_gic.htimer_irq && host_gic.maint_irq;
}

static int host_check_nodes(struct device_node *gic, struct device_node *timer)
{
	struct host_facts facts = {};
	int ret = 0;

	host_look_at_cpus(&facts);
	host_look_at_tree(&facts, gic, timer);
	facts.cntfrq = arch_timer_get_cntfrq();
	facts.cntfrq_known = HOST_YES;
	if (!host_refusal_before(&facts, HOST_ITEM_HYP))
		ret = host_look_at_registers(&facts);
	if (ret)
		return ret;
	if (!host_refusal(&facts))
		facts.irqs = host_to_answer(host_find_irqs(gic, timer));
	if (host_refusal(&facts))
		return host_refuse(host_refusal(&facts));
	host_timer_hz = host_rate(&facts);
	return 0;
}

int host_check(void)
{
	struct device_node *gic = host_find_compatible(host_gic_compatible);
	struct device_node *timer = host_find_compatible(host_timer_compatible);
	int ret = host_check_nodes(gic, timer);

	of_node_put(gic);
	of_node_put(timer);
	if (ret)
		host_release();
	return ret;
}

void host_release(void)
{
	if (host_gic.gicd)
		iounmap(host_gic.gicd);
	if (host_gic.gicc)
		iounmap(host_gic.gicc);
	if (host_gic.gich)
		iounmap(host_gic.gich);
	memset(&host_gic, 0, sizeof(host_gic));
}
