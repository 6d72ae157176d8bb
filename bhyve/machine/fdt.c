/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the device tree of the machine that was built. */
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/fdt_chosen.h"
#include "bhyve/machine/machine.h"

/*
 * The nodes made in this file need less than this, which write_tree() makes
 * sure of; so they do not check libfdt's results. Devices' nodes come after
 * them, and check each result.
 */
#define FIXED_NODES_LEN 0x4000

#define STRINGS(fdt, name, list) fdt_property(fdt, name, list, sizeof(list))

struct node_maker {
	fdt_node_t func;
	void *arg;
	STAILQ_ENTRY(node_maker) link;
};
STAILQ_HEAD(makers, node_maker);

static struct makers root_makers = STAILQ_HEAD_INITIALIZER(root_makers);
static struct makers gic_makers = STAILQ_HEAD_INITIALIZER(gic_makers);

static int add_maker(struct makers *makers, fdt_node_t func, void *arg)
{
	struct node_maker *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->func = func;
	m->arg = arg;
	STAILQ_INSERT_TAIL(makers, m, link);
	return 0;
}

int fdt_register_node(fdt_node_t func, void *arg)
{
	return add_maker(&root_makers, func, arg);
}

int fdt_register_gic_node(fdt_node_t func, void *arg)
{
	return add_maker(&gic_makers, func, arg);
}

static int call_makers(void *fdt, struct makers *makers)
{
	struct node_maker *m;
	int err = 0;

	STAILQ_FOREACH (m, makers, link) {
		err = m->func(fdt, m->arg);
		if (err)
			break;
	}
	return err;
}

static int add_memory(void *fdt, const struct fdt_params *p)
{
	uint64_t base = p->machine->map[MACHINE_RAM].base;

	fdt_begin_node_at(fdt, "memory", base);
	fdt_property_string(fdt, "device_type", "memory");
	fdt_prop_reg(fdt, base, p->ram_size);
	return fdt_end_node(fdt);
}

static int add_cpu(void *fdt, const struct fdt_params *p, unsigned int id)
{
	fdt_begin_node_at(fdt, "cpu", id);
	fdt_property_string(fdt, "device_type", "cpu");
	fdt_property_string(fdt, "compatible", p->cpu_compatible);
	fdt_property_string(fdt, "enable-method", "psci");
	fdt_property_u32(fdt, "reg", id);
	/*
	 * All CPUs are alike. Without this property Linux asks for a clock
	 * frequency.
	 */
	fdt_property_u32(fdt, "capacity-dmips-mhz", 1024);
	return fdt_end_node(fdt);
}

static int add_cpus(void *fdt, const struct fdt_params *p)
{
	fdt_begin_node(fdt, "cpus");
	fdt_property_u32(fdt, "#address-cells", 1);
	fdt_property_u32(fdt, "#size-cells", 0);
	for (unsigned int i = 0; i < p->ncpus; i++)
		add_cpu(fdt, p, i);
	return fdt_end_node(fdt);
}

static int add_psci(void *fdt)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";

	fdt_begin_node(fdt, "psci");
	STRINGS(fdt, "compatible", compatible);
	fdt_property_string(fdt, "method", "hvc");
	return fdt_end_node(fdt);
}

static int add_timer(void *fdt, const struct fdt_params *p)
{
	/*
	 * The secure, non-secure, virtual and hypervisor timer, in the
	 * binding's order. For a GICv2 the flags also contain a mask of CPUs.
	 */
	const uint32_t flags = FDT_IRQ_LEVEL_HIGH | ((1u << p->ncpus) - 1) << 8;
	const uint32_t cells[] = {
		FDT_GIC_PPI, 13, flags, FDT_GIC_PPI, 14, flags,
		FDT_GIC_PPI, 11, flags, FDT_GIC_PPI, 10, flags,
	};

	fdt_begin_node(fdt, "timer");
	fdt_property_string(fdt, "compatible", "arm,armv7-timer");
	fdt_property(fdt, "always-on", NULL, 0);
	/*
	 * Firmware may have left CNTFRQ at 0, and the guest reads it without a
	 * trap.
	 */
	fdt_property_u32(fdt, "clock-frequency", p->timer_hz);
	fdt_prop_cells(fdt, "interrupts", cells, 12);
	return fdt_end_node(fdt);
}

static int add_gic(void *fdt, const struct machine *m)
{
	/*
	 * 64 KiB each, as in QEMU's tree: guests written for QEMU refuse less
	 * (littlekernel, "gicd mapping too small").
	 */
	const uint32_t reg[] = {
		0, m->map[MACHINE_GICD].base, 0, m->map[MACHINE_GICD].size,
		0, m->map[MACHINE_GICC].base, 0, m->map[MACHINE_GICC].size,
	};
	int err;

	fdt_begin_node_at(fdt, "intc", m->map[MACHINE_GICD].base);
	fdt_property_string(fdt, "compatible", "arm,cortex-a15-gic");
	fdt_property(fdt, "interrupt-controller", NULL, 0);
	fdt_property_u32(fdt, "#interrupt-cells", 3);
	fdt_property_u32(fdt, "#address-cells", 2);
	fdt_property_u32(fdt, "#size-cells", 2);
	fdt_property(fdt, "ranges", NULL, 0);
	fdt_property_u32(fdt, "phandle", FDT_PHANDLE_GIC);
	fdt_prop_cells(fdt, "reg", reg, 8);
	err = call_makers(fdt, &gic_makers);
	return err ? err : fdt_end_node(fdt);
}

static int add_clock(void *fdt)
{
	fdt_begin_node(fdt, "apb-pclk");
	fdt_property_string(fdt, "compatible", "fixed-clock");
	fdt_property_u32(fdt, "#clock-cells", 0);
	fdt_property_u32(fdt, "clock-frequency", 24000000);
	fdt_property_string(fdt, "clock-output-names", "clk24mhz");
	fdt_property_u32(fdt, "phandle", FDT_PHANDLE_APB_PCLK);
	return fdt_end_node(fdt);
}

static int add_uart(void *fdt, const struct machine *m)
{
	static const char compatible[] = "arm,pl011\0arm,primecell";
	static const char clock_names[] = "uartclk\0apb_pclk";
	const uint32_t clocks[] = { FDT_PHANDLE_APB_PCLK,
				    FDT_PHANDLE_APB_PCLK };
	const struct machine_range *range = &m->map[MACHINE_UART];

	fdt_begin_node_at(fdt, "pl011", range->base);
	STRINGS(fdt, "compatible", compatible);
	fdt_prop_reg(fdt, range->base, range->size);
	fdt_prop_irq(fdt, m->uart_irq, FDT_IRQ_LEVEL_HIGH);
	fdt_prop_cells(fdt, "clocks", clocks, 2);
	STRINGS(fdt, "clock-names", clock_names);
	return fdt_end_node(fdt);
}

static int add_rtc(void *fdt, const struct machine *m)
{
	static const char compatible[] = "arm,pl031\0arm,primecell";
	const struct machine_range *range = &m->map[MACHINE_RTC];

	fdt_begin_node_at(fdt, "pl031", range->base);
	STRINGS(fdt, "compatible", compatible);
	fdt_prop_reg(fdt, range->base, range->size);
	fdt_prop_irq(fdt, m->rtc_irq, FDT_IRQ_LEVEL_HIGH);
	fdt_property_u32(fdt, "clocks", FDT_PHANDLE_APB_PCLK);
	fdt_property_string(fdt, "clock-names", "apb_pclk");
	return fdt_end_node(fdt);
}

static int add_gpio(void *fdt, const struct machine *m)
{
	static const char compatible[] = "arm,pl061\0arm,primecell";
	const struct machine_range *range = &m->map[MACHINE_GPIO];

	fdt_begin_node_at(fdt, "pl061", range->base);
	STRINGS(fdt, "compatible", compatible);
	fdt_prop_reg(fdt, range->base, range->size);
	fdt_prop_irq(fdt, m->gpio_irq, FDT_IRQ_LEVEL_HIGH);
	fdt_property(fdt, "gpio-controller", NULL, 0);
	fdt_property_u32(fdt, "#gpio-cells", 2);
	fdt_property(fdt, "interrupt-controller", NULL, 0);
	fdt_property_u32(fdt, "#interrupt-cells", 2);
	fdt_property_u32(fdt, "clocks", FDT_PHANDLE_APB_PCLK);
	fdt_property_string(fdt, "clock-names", "apb_pclk");
	fdt_property_u32(fdt, "phandle", FDT_PHANDLE_GPIO);
	return fdt_end_node(fdt);
}

static int add_power_key(void *fdt)
{
	const uint32_t gpios[] = { FDT_PHANDLE_GPIO, 3, 0 };

	fdt_begin_node(fdt, "gpio-keys");
	fdt_property_string(fdt, "compatible", "gpio-keys");
	fdt_begin_node(fdt, "poweroff");
	fdt_property_string(fdt, "label", "GPIO Key Poweroff");
	fdt_property_u32(fdt, "linux,code", 116); /* KEY_POWER */
	fdt_prop_cells(fdt, "gpios", gpios, 3);
	fdt_end_node(fdt);
	return fdt_end_node(fdt);
}

static int add_chosen(void *fdt, const struct machine *m)
{
	char path[32];

	snprintf(path, sizeof(path), "/pl011@%x",
		 (unsigned int)m->map[MACHINE_UART].base);
	fdt_begin_node(fdt, "aliases");
	fdt_property_string(fdt, "serial0", path);
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "chosen");
	fdt_property_string(fdt, "stdout-path", path);
	return fdt_end_node(fdt);
}

static int add_nodes(void *fdt, const struct fdt_params *p)
{
	int err;

	/* Linux and FreeBSD select the platform by this string. */
	fdt_property_string(fdt, "compatible", "linux,dummy-virt");
	fdt_property_string(fdt, "model", "bhyvearm virt");
	if (p->uuid)
		fdt_property_string(fdt, "serial-number", p->uuid);
	fdt_property_u32(fdt, "#address-cells", 2);
	fdt_property_u32(fdt, "#size-cells", 2);
	fdt_property_u32(fdt, "interrupt-parent", FDT_PHANDLE_GIC);
	add_chosen(fdt, p->machine);
	add_memory(fdt, p);
	add_cpus(fdt, p);
	add_psci(fdt);
	add_timer(fdt, p);
	add_clock(fdt);
	add_uart(fdt, p->machine);
	add_rtc(fdt, p->machine);
	add_gpio(fdt, p->machine);
	add_power_key(fdt);
	err = add_gic(fdt, p->machine);
	return err ? err : call_makers(fdt, &root_makers);
}

static int write_tree(void *buf, size_t len, const struct fdt_params *p)
{
	int err;

	if (len < FIXED_NODES_LEN)
		return -FDT_ERR_NOSPACE;
	/*
	 * A name that is stored twice costs bytes. To find duplicates takes ten
	 * times as long as all other work of libfdt.
	 */
	err = fdt_create_with_flags(buf, len, FDT_CREATE_FLAG_NO_NAME_DEDUP);
	if (!err)
		err = fdt_finish_reservemap(buf);
	if (!err)
		err = fdt_begin_node(buf, "");
	if (!err)
		err = add_nodes(buf, p);
	if (!err)
		err = fdt_end_node(buf);
	return err ? err : fdt_finish(buf);
}

static int to_errno(int err)
{
	return err == -FDT_ERR_NOSPACE ? -ENOSPC : -EINVAL;
}

static int finish(void *buf, size_t len, const struct fdt_params *p)
{
	int err;

	err = fdt_open_into(buf, buf, len);
	if (!err)
		err = fdt_set_chosen(buf, p);
	if (!err && !p->room)
		err = fdt_pack(buf);
	return err ? to_errno(err) : (int)fdt_totalsize(buf);
}

/*
 * fdt_create() clears the whole buffer, and few trees are large: the 256 page
 * faults of 1 MiB would cost more than writing the tree.
 */
static int write_tree_in_least(void *buf, size_t len,
			       const struct fdt_params *p)
{
	size_t room = FIXED_NODES_LEN;
	int err;

	while (room < len) {
		err = write_tree(buf, room, p);
		if (err != -FDT_ERR_NOSPACE)
			return err;
		room *= 2;
	}
	return write_tree(buf, len, p);
}

int fdt_build(void *buf, size_t len, const struct fdt_params *params)
{
	int err = write_tree_in_least(buf, len, params);

	return err ? to_errno(err) : finish(buf, len, params);
}

int fdt_adapt(void *buf, size_t len, const void *dtb, size_t dtb_len,
	      const struct fdt_params *params)
{
	int err;

	if (fdt_check_full(dtb, dtb_len))
		return -EINVAL;
	err = fdt_open_into(dtb, buf, len);
	if (!err)
		err = fdt_set_memory(buf, params);
	return err ? to_errno(err) : finish(buf, len, params);
}

static bool reg_has(const void *buf, int node, uint32_t base)
{
	const fdt32_t *reg;
	int len;

	reg = fdt_getprop(buf, node, "reg", &len);
	for (int i = 0; reg && i < len / 4; i++)
		if (fdt32_to_cpu(reg[i]) == base)
			return true;
	return false;
}

bool fdt_has_uart(const void *buf, const struct machine *machine)
{
	int node = -1;

	do
		node = fdt_node_offset_by_compatible(buf, node, "arm,pl011");
	while (node >= 0 &&
	       !reg_has(buf, node, machine->map[MACHINE_UART].base));
	return node >= 0;
}
