/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bhyvectl --check-host refuses the cores that vmm.ko refuses, in the same
 * words: both ask host_refusal(), here with facts from the text that Linux
 * makes of MIDR, there with facts from MIDR.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "bhyvectl/arm/cpuinfo.h"
#include "core/arm/errata.h"

#define CORTEX_A7  0x410fc075
#define CORTEX_A15 0x413fc0f2
#define CORTEX_A17 0x410fc0e1
#define CORTEX_A53 0x410fd034
#define CORTEX_A57 0x411fd071
#define CORTEX_A72 0x410fd083

/* As arch/arm/kernel/setup.c of Linux prints a CPU. */
static void print_cpu(char *text, size_t size, unsigned int midr)
{
	size_t at = strlen(text);

	snprintf(text + at, size - at,
		 "processor\t: 0\nmodel name\t: ARMv7 Processor rev %u (v7l)\n"
		 "BogoMIPS\t: 125.00\n"
		 "Features\t: half thumb fastmult vfp edsp neon vfpv3 tls "
		 "vfpv4 idiva idivt vfpd32 lpae evtstrm \n"
		 "CPU implementer\t: 0x%02x\nCPU architecture: 7\n"
		 "CPU variant\t: 0x%x\nCPU part\t: 0x%03x\n"
		 "CPU revision\t: %u\n\n",
		 midr & 15, midr >> 24, midr >> 20 & 15, midr >> 4 & 0xfff,
		 midr & 15);
}

static struct host_facts facts_of(unsigned int first, unsigned int second)
{
	struct host_facts facts = { .gic = false };
	char text[2048] = "";

	print_cpu(text, sizeof(text), first);
	print_cpu(text, sizeof(text), second);
	strcat(text, "Hardware\t: Generic DT based system\n"
		     "Revision\t: 0000\nSerial\t\t: 0000000000000000\n");
	cpuinfo_look(text, &facts);
	return facts;
}

static const char *refusal_before_gic(unsigned int first, unsigned int second)
{
	struct host_facts facts = facts_of(first, second);

	return host_refusal_before(&facts, HOST_ITEM_GIC);
}

static void accepts_cores(void **state)
{
	static const unsigned int midrs[] = { CORTEX_A7, CORTEX_A15,
					      CORTEX_A17 };

	(void)state;
	for (size_t i = 0; i < sizeof(midrs) / sizeof(midrs[0]); i++) {
		struct host_facts facts = facts_of(midrs[i], midrs[i] + 1);

		assert_null(host_refusal_before(&facts, HOST_ITEM_GIC));
		assert_int_equal(facts.virtualization, HOST_YES);
		assert_int_equal(facts.lpae, HOST_YES);
	}
}

/* The module reads ID_PFR1 of a core that the list does not have. */
static void knows_nothing_of_others(void **state)
{
	struct host_facts facts = facts_of(CORTEX_A53, CORTEX_A53);

	(void)state;
	assert_null(host_refusal_before(&facts, HOST_ITEM_GIC));
	assert_int_equal(facts.virtualization, HOST_UNKNOWN);
}

static void refuses_walks_out_of_context(void **state)
{
	struct host_facts module = { .in_context = HOST_NO };
	const char *words = host_refusal_before(&module, HOST_ITEM_GIC);

	(void)state;
	assert_true(erratum_1319367_of(CORTEX_A57));
	assert_true(erratum_1319367_of(CORTEX_A72));
	assert_non_null(strstr(words, "Cortex-A57 or A72"));
	assert_string_equal(refusal_before_gic(CORTEX_A57, CORTEX_A57), words);
	assert_string_equal(refusal_before_gic(CORTEX_A72, CORTEX_A72), words);
}

/* Another maker's core with the same part number is another core. */
static void looks_at_the_maker(void **state)
{
	(void)state;
	assert_null(refusal_before_gic(0x510fd083, 0x510fd083));
}

static void refuses_two_kinds(void **state)
{
	struct host_facts module = { .one_kind = HOST_NO };

	(void)state;
	assert_string_equal(refusal_before_gic(CORTEX_A15, CORTEX_A7),
			    host_refusal_before(&module, HOST_ITEM_GIC));
}

static void refuses_without_lpae(void **state)
{
	struct host_facts module = { .lpae = HOST_NO }, facts = {};

	(void)state;
	cpuinfo_look("Features\t: half thumb vfp\nCPU implementer\t: 0x41\n"
		     "CPU part\t: 0xc09\nCPU revision\t: 0\n",
		     &facts);
	assert_string_equal(host_refusal_before(&facts, HOST_ITEM_GIC),
			    host_refusal_before(&module, HOST_ITEM_GIC));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_cores),
		cmocka_unit_test(knows_nothing_of_others),
		cmocka_unit_test(refuses_walks_out_of_context),
		cmocka_unit_test(looks_at_the_maker),
		cmocka_unit_test(refuses_two_kinds),
		cmocka_unit_test(refuses_without_lpae),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
