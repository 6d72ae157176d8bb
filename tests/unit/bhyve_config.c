/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration tree and the texts that fill it. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/config/config.h"
#include "bhyve/run/cpuset.h"
#include "bhyve/run/options.h"
#include "bhyve/run/restore.h"
#include "bhyve/pci/pci_emul.h"

/* -s is tested by its own files. */
int pci_parse_slot(const char *opt)
{
	(void)opt;
	return 0;
}

/* So is -r. */
void restore_open(void)
{
}

static int setup(void **state)
{
	(void)state;
	init_config();
	return 0;
}

static void is(const char *key, const char *want)
{
	const char *val = get_config_value(key);

	if (!want)
		assert_null(val);
	else if (!val || strcmp(val, want))
		fail_msg("%s is %s, not %s", key, val ? val : "unset", want);
}

static void set_and_get(void **state)
{
	(void)state;
	is("a.b.c", NULL);
	assert_int_equal(set_config_value("a.b.c", "1"), 0);
	assert_int_equal(set_config_value("a.b.d", "2"), 0);
	is("a.b.c", "1");
	is("a.b.d", "2");
	is("a.b", NULL);
	assert_int_equal(set_config_value("a.b.c", "3"), 0);
	is("a.b.c", "3");
	assert_string_equal(get_config_value_node(find_config_node("a.b"), "d"),
			    "2");
}

static void leaf_or_node(void **state)
{
	(void)state;
	assert_int_equal(set_config_value("a.b", "1"), 0);
	assert_int_equal(set_config_value("a.b.c", "1"), -EINVAL);
	assert_int_equal(set_config_value("a", "1"), -EINVAL);
	assert_null(find_config_node("a.b"));
	assert_null(create_config_node("a.b.x"));
}

static void bad_keys(void **state)
{
	(void)state;
	assert_int_equal(set_config_value("", "1"), -EINVAL);
	assert_int_equal(set_config_value(".", "1"), -EINVAL);
	assert_int_equal(set_config_value("a.", "1"), -EINVAL);
	assert_int_equal(set_config_value(".a", "1"), -EINVAL);
	assert_int_equal(set_config_value("a..b", "1"), -EINVAL);
}

static void expansion(void **state)
{
	(void)state;
	set_config_value("name", "vm0");
	set_config_value("disk", "/vms/%(name).img");
	is("disk", "/vms/vm0.img");
	set_config_value("percent", "100%%");
	is("percent", "100%");
	set_config_value("nothing", "[%(no.such)]");
	is("nothing", "[]");
	/* A value that refers to itself must end. */
	set_config_value("loop", "x%(loop)");
	assert_non_null(get_config_value("loop"));
}

static void options(void **state)
{
	struct config_node *node;

	(void)state;
	assert_int_equal(parse_config_option("fdt.bootargs=a=b c=d"), 0);
	is("fdt.bootargs", "a=b c=d");
	assert_int_equal(parse_config_option("bvmcons"), 0);
	assert_true(get_config_bool_default("bvmcons", false));
	node = create_config_node("pci.0.1.0");
	assert_int_equal(parse_config_options_node(node, "a=1,b,c=x=y"), 0);
	is("pci.0.1.0.a", "1");
	is("pci.0.1.0.b", "true");
	is("pci.0.1.0.c", "x=y");
}

static void numbers(void **state)
{
	uint64_t val = 7;

	(void)state;
	assert_int_equal(get_config_u64("n", &val), -ENOENT);
	set_config_value("n", "0x10");
	assert_int_equal(get_config_u64("n", &val), 0);
	assert_int_equal(val, 16);
	set_config_value("n", "010");
	assert_int_equal(get_config_u64("n", &val), 0);
	assert_int_equal(val, 10);
	for (int i = 0; i < 7; i++) {
		static const char *const bad[] = {
			"", "x", "1x", "-1", " 1", "0x", "18446744073709551616"
		};

		set_config_value("n", bad[i]);
		assert_int_equal(get_config_u64("n", &val), -EINVAL);
	}
}

static int count(const char *name, const char *value, struct config_node *child,
		 void *arg)
{
	char *seen = arg;

	strcat(seen, name);
	assert_true(!value != !child);
	return 0;
}

static void walking(void **state)
{
	char seen[16] = "";

	(void)state;
	set_config_value("b", "1");
	set_config_value("a.x", "1");
	set_config_value("c", "1");
	walk_config_nodes(find_config_node(NULL), count, seen);
	assert_string_equal(seen, "bac");
}

static void files(void **state)
{
	char path[] = "/tmp/bhyve_config.XXXXXX";
	int fd = mkstemp(path);
	FILE *fp = fdopen(fd, "w");

	(void)state;
	fputs("# a comment\n\n  cpus=2 \nfdt.bootargs=console=ttyAMA0\n", fp);
	fclose(fp);
	assert_int_equal(parse_config_file(path), 0);
	is("cpus", "2");
	is("fdt.bootargs", "console=ttyAMA0");
	fp = fopen(path, "w");
	fputs("cpus\n", fp);
	fclose(fp);
	assert_int_equal(parse_config_file(path), -EINVAL);
	unlink(path);
	assert_int_equal(parse_config_file(path), -ENOENT);
}

static void memory_sizes(void **state)
{
	uint64_t size;

	(void)state;
	assert_int_equal(parse_memsize("512", &size), 0);
	assert_int_equal(size, 512u << 20);
	assert_int_equal(parse_memsize("512M", &size), 0);
	assert_int_equal(size, 512u << 20);
	assert_int_equal(parse_memsize("2g", &size), 0);
	assert_int_equal(size, UINT64_C(2) << 30);
	assert_int_equal(parse_memsize("65536k", &size), 0);
	assert_int_equal(size, 64u << 20);
	/* From 1048576 on a number without suffix is in bytes. */
	assert_int_equal(parse_memsize("134217728", &size), 0);
	assert_int_equal(size, 128u << 20);
	assert_int_equal(parse_memsize("", &size), -EINVAL);
	assert_int_equal(parse_memsize("-1", &size), -EINVAL);
	assert_int_equal(parse_memsize("1Q", &size), -EINVAL);
	assert_int_equal(parse_memsize("1MB", &size), -EINVAL);
	assert_int_equal(parse_memsize("99999999999999T", &size), -EINVAL);
}

static void topology(void **state)
{
	(void)state;
	assert_int_equal(parse_topology("3"), 0);
	is("cpus", "3");
	assert_int_equal(parse_topology("cpus=4,sockets=2,cores=2"), 0);
	is("cpus", "4");
	is("sockets", "2");
	is("cores", "2");
	assert_int_equal(parse_topology("cups=4"), -EINVAL);
}

static void known_keys(void **state)
{
	(void)state;
	assert_true(config_key_known("fdt.bootargs"));
	assert_true(config_key_known("pci.0.31.7.path"));
	assert_true(config_key_known("vcpu.7.cpuset"));
	assert_false(config_key_known("fdt.bootarg"));
	assert_false(config_key_known("pci.path"));
	assert_false(config_key_known("vcpu.8.cpuset"));
	assert_false(config_key_known("kernel.x"));
}

static void is_unread(const char *want)
{
	char *key = find_unread_config_key();

	if (!want)
		assert_null(key);
	else
		assert_string_equal(key, want);
	free(key);
}

static void unread_keys(void **state)
{
	(void)state;
	is_unread(NULL);
	parse_config_option("pci.0.1.0.readonly");
	parse_config_option("mine=disk");
	parse_config_option("pci.0.1.0.path=/%(mine).img");
	is_unread("pci.0.1.0.readonly");
	get_config_value("pci.0.1.0.readonly");
	is_unread("pci.0.1.0.path");
	is("pci.0.1.0.path", "/disk.img");
	is_unread(NULL);
	parse_config_option("a.b.c=1");
	is_unread("a.b.c");
	mark_config_read(find_config_node("a"));
	is_unread(NULL);
	parse_config_option("d=1");
	assert_false(config_value_is_read("d"));
	mark_config_value_read("d");
	assert_true(config_value_is_read("d"));
	is_unread(NULL);
}

static void commas(void **state)
{
	struct config_node *node = create_config_node("n");

	(void)state;
	assert_int_equal(parse_config_options_node(node, "a=1,,2,b,c=,,,d"), 0);
	is("n.a", "1,2");
	is("n.b", "true");
	is("n.c", ",");
	is("n.d", "true");
}

static bool takes(const char *list, unsigned int n, ...)
{
	cpu_set_t set, want;
	va_list ap;

	if (parse_cpuset(list, &set))
		return false;
	CPU_ZERO(&want);
	va_start(ap, n);
	while (n--)
		CPU_SET(va_arg(ap, unsigned int), &want);
	va_end(ap);
	return CPU_EQUAL(&set, &want);
}

static void cpu_lists(void **state)
{
	cpu_set_t set;

	(void)state;
	assert_true(takes("0", 1, 0));
	assert_true(takes("0-2", 3, 0, 1, 2));
	assert_true(takes("1,3-4,9", 4, 1, 3, 4, 9));
	assert_int_equal(parse_cpuset("", &set), -EINVAL);
	assert_int_equal(parse_cpuset("2-1", &set), -EINVAL);
	assert_int_equal(parse_cpuset("1,", &set), -EINVAL);
	assert_int_equal(parse_cpuset("0x1", &set), -EINVAL);
	assert_int_equal(parse_cpuset("-1", &set), -EINVAL);
	assert_int_equal(parse_cpuset("99999999999", &set), -EINVAL);
}

static void lpc_words(void **state)
{
	(void)state;
	assert_int_equal(parse_lpc("com1,stdio"), 0);
	is("console", "stdio");
	assert_int_equal(parse_lpc("com1,/run/a.sock"), 0);
	is("console", "unix:/run/a.sock");
	assert_int_equal(parse_lpc("bootrom,/a.fd,/b.fd"), 0);
	is("bootrom", "/a.fd,/b.fd");
	assert_int_equal(parse_lpc("com1,/dev/nmdm0A"), 0);
	is("console", "pty:/dev/nmdm0B");
	assert_int_equal(parse_lpc("com1,/dev/nmdm"), -EINVAL);
	assert_int_equal(parse_lpc("com2,stdio"), -EINVAL);
	assert_int_equal(parse_lpc("bootrom"), -EINVAL);
	assert_int_equal(parse_lpc("tpm,passthru,/dev/tpm0"), -EINVAL);
}

#define T(f) cmocka_unit_test_setup(f, setup)

static void fwcfg_files(void **state)
{
	(void)state;
	assert_int_equal(parse_fwcfg_file("name=opt/a,string=x,y=z"), 0);
	assert_int_equal(parse_fwcfg_file("opt/org.b,file=/tmp/b"), 0);
	is("fwcfg.0.name", "opt/a");
	is("fwcfg.0.string", "x,y=z");
	is("fwcfg.1.name", "opt/org.b");
	is("fwcfg.1.file", "/tmp/b");
	assert_int_equal(parse_fwcfg_file("opt/a"), -EINVAL);
	assert_int_equal(parse_fwcfg_file("opt/a,string"), -EINVAL);
	assert_int_equal(parse_fwcfg_file("opt/a,strings=x"), -EINVAL);
	is("fwcfg.2.name", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(set_and_get),	 T(leaf_or_node),
		T(bad_keys),	 T(expansion),
		T(options),	 T(numbers),
		T(walking),	 T(files),
		T(memory_sizes), T(topology),
		T(known_keys),	 T(unread_keys),
		T(commas),	 T(cpu_lists),
		T(lpc_words),	 cmocka_unit_test_setup(fwcfg_files, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
