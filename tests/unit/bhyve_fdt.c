/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree, checked against the bindings. */
#include <errno.h>
#include <libfdt.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/machine.h"

static char tree[0x10000];
static struct fdt_params params;

static int setup(void **state)
{
	(void)state;
	params = (struct fdt_params){
		.machine = &virt_machine,
		.ncpus = 2,
		.cpu_compatible = "arm,cortex-a15",
		.timer_hz = 24000000,
		.ram_size = 512u << 20,
		.initrd_gpa = 0x48000000,
		.initrd_len = 0x1234,
		.bootargs = "console=ttyAMA0 quiet",
	};
	assert_true(fdt_build(tree, sizeof(tree), &params) > 0);
	return 0;
}

static const void *prop(const char *path, const char *name, int *len)
{
	int node = fdt_path_offset(tree, path);
	const void *val;

	if (node < 0)
		fail_msg("no node %s", path);
	val = fdt_getprop(tree, node, name, len);
	if (!val)
		fail_msg("no property %s in %s", name, path);
	return val;
}

static void has_string(const char *path, const char *name, const char *want)
{
	int len;
	const char *list = prop(path, name, &len);

	if (!fdt_stringlist_contains(list, len, want))
		fail_msg("%s %s has no \"%s\"", path, name, want);
}

static void has_cells(const char *path, const char *name, const uint32_t *want,
		      int n)
{
	int len;
	const fdt32_t *cells = prop(path, name, &len);

	assert_int_equal(len, n * 4);
	for (int i = 0; i < n; i++)
		assert_int_equal(fdt32_to_cpu(cells[i]), want[i]);
}

#define CELLS(path, name, ...)                                   \
	has_cells(path, name, (const uint32_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void whole(void **state)
{
	(void)state;
	assert_int_equal(fdt_check_full(tree, fdt_totalsize(tree)), 0);
	has_string("/", "compatible", "linux,dummy-virt");
	CELLS("/memory@40000000", "reg", 0, 0x40000000, 0, 0x20000000);
	has_string("/memory@40000000", "device_type", "memory");
}

static void cpus(void **state)
{
	(void)state;
	has_string("/cpus/cpu@0", "compatible", "arm,cortex-a15");
	has_string("/cpus/cpu@1", "enable-method", "psci");
	CELLS("/cpus/cpu@1", "reg", 1);
	assert_true(fdt_path_offset(tree, "/cpus/cpu@2") < 0);
	has_string("/psci", "compatible", "arm,psci-1.0");
	has_string("/psci", "compatible", "arm,psci-0.2");
	has_string("/psci", "method", "hvc");
}

static void interrupts(void **state)
{
	(void)state;
	/*
	 * Level-sensitive, active high, for both CPUs: secure, non-secure,
	 * virtual, hyp.
	 */
	CELLS("/timer", "interrupts", 1, 13, 0x304, 1, 14, 0x304, 1, 11, 0x304,
	      1, 10, 0x304);
	has_string("/timer", "compatible", "arm,armv7-timer");
	CELLS("/timer", "clock-frequency", 24000000);
	has_string("/intc@8000000", "compatible", "arm,cortex-a15-gic");
	CELLS("/intc@8000000", "reg", 0, 0x08000000, 0, 0x10000, 0, 0x08010000,
	      0, 0x10000);
	CELLS("/intc@8000000", "#interrupt-cells", 3);
	CELLS("/pl011@9000000", "interrupts", 0, 1, 4);
	CELLS("/pl031@9010000", "interrupts", 0, 2, 4);
	CELLS("/pl061@9030000", "interrupts", 0, 7, 4);
}

static void devices(void **state)
{
	(void)state;
	has_string("/pl011@9000000", "compatible", "arm,pl011");
	has_string("/pl011@9000000", "compatible", "arm,primecell");
	has_string("/pl011@9000000", "clock-names", "apb_pclk");
	has_string("/pl011@9000000", "clock-names", "uartclk");
	has_string("/pl031@9010000", "compatible", "arm,pl031");
	CELLS("/apb-pclk", "clock-frequency", 24000000);
	has_string("/gpio-keys", "compatible", "gpio-keys");
	CELLS("/gpio-keys/poweroff", "linux,code", 116);
	CELLS("/gpio-keys/poweroff", "gpios", FDT_PHANDLE_GPIO, 3, 0);
	CELLS("/pl061@9030000", "phandle", FDT_PHANDLE_GPIO);
}

static void chosen(void **state)
{
	int len;

	(void)state;
	has_string("/chosen", "bootargs", "console=ttyAMA0 quiet");
	has_string("/chosen", "stdout-path", "/pl011@9000000");
	CELLS("/chosen", "linux,initrd-start", 0, 0x48000000);
	CELLS("/chosen", "linux,initrd-end", 0, 0x48001234);
	prop("/chosen", "rng-seed", &len);
	assert_true(len >= 32);
	prop("/chosen", "kaslr-seed", &len);
	assert_int_equal(len, 8);
}

static void without_initrd(void **state)
{
	(void)state;
	params.initrd_len = 0;
	params.bootargs = NULL;
	assert_true(fdt_build(tree, sizeof(tree), &params) > 0);
	assert_null(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"),
				"linux,initrd-start", NULL));
	assert_null(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"),
				"bootargs", NULL));
}

static void too_small(void **state)
{
	(void)state;
	assert_int_equal(fdt_build(tree, 100, &params), -ENOSPC);
}

/* A firmware adds to the tree in place. */
static void with_room(void **state)
{
	(void)state;
	params.room = true;
	assert_int_equal(fdt_build(tree, sizeof(tree), &params), sizeof(tree));
	assert_int_equal(fdt_totalsize(tree), sizeof(tree));
	assert_int_equal(fdt_setprop(tree, 0, "more", params.bootargs, 20), 0);
	assert_int_equal(fdt_check_full(tree, sizeof(tree)), 0);
}

/* A tree of other origin keeps its nodes, and gets our RAM and arguments. */
static void adapted(void **state)
{
	char theirs[1024];

	(void)state;
	assert_int_equal(fdt_create_empty_tree(theirs, sizeof(theirs)), 0);
	fdt_setprop_u32(theirs, 0, "#address-cells", 1);
	fdt_setprop_u32(theirs, 0, "#size-cells", 1);
	fdt_setprop_string(theirs, 0, "model", "theirs");
	assert_true(fdt_adapt(tree, sizeof(tree), theirs, sizeof(theirs),
			      &params) > 0);
	has_string("/", "model", "theirs");
	CELLS("/memory", "reg", 0x40000000, 0x20000000);
	has_string("/chosen", "bootargs", "console=ttyAMA0 quiet");
}

static void damaged(void **state)
{
	static const char junk[64] = "\xd0\x0d\xfe\xed junk";

	(void)state;
	assert_int_equal(fdt_adapt(tree, sizeof(tree), junk, sizeof(junk),
				   &params),
			 -EINVAL);
	assert_int_equal(fdt_adapt(tree, sizeof(tree), junk, 0, &params),
			 -EINVAL);
}

static int add_node(void *fdt, void *arg)
{
	(void)arg;
	fdt_begin_node_at(fdt, "thing", 0xa000000);
	fdt_prop_reg(fdt, 0xa000000, 0x200);
	fdt_prop_irq(fdt, SPI(16), FDT_IRQ_EDGE_RISING);
	return fdt_end_node(fdt);
}

static void devices_add_nodes(void **state)
{
	(void)state;
	assert_int_equal(fdt_register_node(add_node, NULL), 0);
	assert_int_equal(fdt_register_gic_node(add_node, NULL), 0);
	assert_true(fdt_build(tree, sizeof(tree), &params) > 0);
	CELLS("/thing@a000000", "reg", 0, 0xa000000, 0, 0x200);
	CELLS("/intc@8000000/thing@a000000", "interrupts", 0, 16, 1);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(whole),
		T(cpus),
		T(interrupts),
		T(devices),
		T(chosen),
		T(without_initrd),
		T(with_room),
		T(too_small),
		T(adapted),
		T(damaged),
		T(devices_add_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
