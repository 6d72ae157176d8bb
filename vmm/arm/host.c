// SPDX-License-Identifier: BSD-2-Clause
/*
 * Is this a host that can run guests? Asked without an HVC, which is undefined
 * or goes to firmware where HYP mode is not ours to have.
 */
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <asm/cputype.h>

#include "vmm/arm/hyp.h"

struct host_gic host_gic;

/* GICC_CTLR, IHI 0048B 4.4.1; without Security Extensions or from Non-secure */
#define GICC_CTLR_EOIMODENS (1u << 9)
#define GICC_SIZE	    0x2000 /* GICC_DIR is in the second page */
#define GICV_SIZE	    0x2000

enum { REG_GICD, REG_GICC, REG_GICH, REG_GICV };

static const struct of_device_id gicv2_virt[] = {
	{ .compatible = "arm,cortex-a15-gic" },
	{ .compatible = "arm,cortex-a7-gic" },
	{ .compatible = "arm,gic-400" },
	{}
};

static const struct of_device_id timer[] = {
	{ .compatible = "arm,armv7-timer" },
	{ .compatible = "arm,armv8-timer" },
	{}
};

static int refuse(const char *why)
{
	pr_err("vmm: %s\n", why);
	return -ENODEV;
}

static int check_cpu(void)
{
	u32 mmfr0 = read_cpuid_ext(CPUID_EXT_MMFR0);
	u32 pfr1 = read_cpuid_ext(CPUID_EXT_PFR1);

	if (!IS_ENABLED(CONFIG_ARM_LPAE))
		return refuse("this kernel is built without LPAE; use an -lpae "
			      "one");
	if ((mmfr0 & 0xf) < 5)
		return refuse("this CPU has no LPAE");
	if ((pfr1 >> 12 & 0xf) == 0)
		return refuse("this CPU has no Virtualization Extensions");
	return 0;
}

static phys_addr_t reg_pa(struct device_node *node, int index, size_t min)
{
	struct resource res;

	if (of_address_to_resource(node, index, &res) ||
	    resource_size(&res) < min)
		return 0;
	return res.start;
}

static int find_regs(struct device_node *node)
{
	host_gic.gicd_pa = reg_pa(node, REG_GICD, PAGE_SIZE);
	host_gic.gich_pa = reg_pa(node, REG_GICH, 1);
	host_gic.gicv_pa = reg_pa(node, REG_GICV, GICV_SIZE);
	if (!host_gic.gicd_pa || !host_gic.gich_pa || !host_gic.gicv_pa)
		return refuse("this GICv2 has no virtualization extensions in "
			      "the device tree (no GICH and GICV)");
	host_gic.gicc_pa = reg_pa(node, REG_GICC, GICC_SIZE);
	if (!host_gic.gicc_pa)
		return refuse("the device tree gives the GIC's CPU interface "
			      "only 4 KiB: GICC_DIR is out of reach");
	if (!PAGE_ALIGNED(host_gic.gicv_pa))
		return refuse("GICV is not page-aligned");
	host_gic.gicd = of_iomap(node, REG_GICD);
	host_gic.gicc = of_iomap(node, REG_GICC);
	host_gic.gich = of_iomap(node, REG_GICH);
	if (!host_gic.gicd || !host_gic.gicc || !host_gic.gich)
		return -ENOMEM;
	/* Linux splits EOI and deactivation only when it was booted in HYP. */
	if (!(readl(host_gic.gicc) & GICC_CTLR_EOIMODENS))
		return refuse("this kernel was not booted in HYP mode; see to "
			      "it that the firmware enters it there");
	return 0;
}

static int find_irqs(struct device_node *gic)
{
	struct device_node *node = of_find_matching_node(NULL, timer);

	if (!node)
		return refuse("no generic timer in the device tree");
	host_gic.vtimer_irq = irq_of_parse_and_map(node, 2);
	host_gic.htimer_irq = irq_of_parse_and_map(node, 3);
	host_gic.maint_irq = irq_of_parse_and_map(gic, 0);
	of_node_put(node);
	if (!host_gic.vtimer_irq || !host_gic.htimer_irq || !host_gic.maint_irq)
		return refuse("the device tree does not name the virtual "
			      "timer's, the HYP timer's and the GIC's "
			      "maintenance interrupt");
	return 0;
}

int host_check(void)
{
	struct device_node *node;
	int ret = check_cpu();

	if (ret)
		return ret;
	node = of_find_matching_node(NULL, gicv2_virt);
	if (!node)
		return refuse("this host has no GICv2 with virtualization "
			      "extensions");
	ret = find_regs(node);
	if (!ret)
		ret = find_irqs(node);
	of_node_put(node);
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
