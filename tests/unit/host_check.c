/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host check on facts of real boards: data/boards.tsv, from the device
 * trees that Debian's armhf kernel 7.2 ships. The columns "verdict" and
 * "doubts" say what each tree has and lacks; the consequences are tested here.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/arm/host_check.h"

enum column {
	C_FILE,
	C_MODEL,
	C_SOC,
	C_CPUS,
	C_ENABLE_METHOD,
	C_PSCI,
	C_GIC,
	C_GICD,
	C_GICC,
	C_GICC_SIZE,
	C_GICH,
	C_GICV,
	C_GICV_SIZE,
	C_MAINT,
	C_TIMER,
	C_TIMER_IRQS,
	C_TIMER_FREQ,
	C_VERDICT,
	C_DOUBTS,
	COLUMNS
};

struct board {
	char *cell[COLUMNS];
	struct host_facts facts;
	bool derived;
};

/* A machine that lacks nothing. */
static const struct host_facts good = {
	.lpae_kernel = HOST_YES,
	.lpae = HOST_YES,
	.virtualization = HOST_YES,
	.one_kind = HOST_YES,
	.in_context = HOST_YES,
	.cpus = 4,
	.gic = true,
	.frame = { { 0x1c81000, 0x1000 },
		   { 0x1c82000, 0x2000 },
		   { 0x1c84000, 0x2000 },
		   { 0x1c86000, 0x2000 } },
	.timer = true,
	.psci = true,
	.cntfrq_known = HOST_YES,
	.cntfrq = 24000000,
	.split_eoi = HOST_YES,
	.gich = HOST_YES,
};

/* "2x cortex-a15 + 4x cortex-a7" */
static unsigned int count_cpus(const char *cpus)
{
	unsigned int n = 0;

	for (const char *x = cpus; x; x = strchr(x, '+')) {
		x += *x == '+' ? 2 : 0;
		n += atoi(x);
	}
	return n;
}

static bool is_compatible(const char *words, const char *const *names)
{
	for (; *names; names++)
		if (strstr(words, *names))
			return true;
	return false;
}

static struct host_region region(const char *base, const char *size)
{
	struct host_region r = { strtoull(base, NULL, 0),
				 strtoull(size, NULL, 0) };

	return r;
}

/* The tree as it is on disk, booted by firmware that enters HYP mode. */
static void take_facts(struct board *b)
{
	struct host_facts *f = &b->facts;
	char **cell = b->cell;

	*f = good;
	f->one_kind = strchr(cell[C_CPUS], '+') ? HOST_NO : HOST_YES;
	f->cpus = count_cpus(cell[C_CPUS]);
	f->gic = is_compatible(cell[C_GIC], host_gic_compatible);
	f->frame[HOST_GICD] = region(cell[C_GICD], f->gic ? "0x1000" : "");
	f->frame[HOST_GICC] = region(cell[C_GICC], cell[C_GICC_SIZE]);
	f->frame[HOST_GICH] =
		region(cell[C_GICH], *cell[C_GICH] ? "0x2000" : "");
	f->frame[HOST_GICV] = region(cell[C_GICV], cell[C_GICV_SIZE]);
	f->timer = is_compatible(cell[C_TIMER], host_timer_compatible);
	f->clock = strtoul(cell[C_TIMER_FREQ], NULL, 0);
	f->psci = *cell[C_PSCI];
	b->derived = host_derive(f);
}

/* Reads the next board; false: there is none. */
static bool next_board(FILE *table, struct board *b)
{
	static char line[1024];
	char *rest = line;

	if (!fgets(line, sizeof(line), table))
		return false;
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		b->cell[i] = strsep(&rest, "\t");
		assert_non_null(b->cell[i]);
	}
	assert_null(rest);
	return true;
}

static FILE *open_table(void)
{
	FILE *table = fopen(BOARDS, "r");
	struct board head;

	assert_non_null(table);
	assert_true(next_board(table, &head));
	assert_string_equal(head.cell[C_DOUBTS], "doubts");
	return table;
}

static bool has(const struct board *b, enum column column, const char *word)
{
	return strstr(b->cell[column], word);
}

static void check_board(struct board *b)
{
	struct host_facts f = b->facts;
	enum host_item wrong = HOST_ITEMS;

	if (has(b, C_VERDICT, "no-matching-gic"))
		wrong = HOST_ITEM_GIC;
	if (has(b, C_VERDICT, "no-timer"))
		wrong = HOST_ITEM_TIMER;
	if (has(b, C_DOUBTS, "biglittle"))
		wrong = HOST_ITEM_ONE_KIND;
	f.all_in_hyp = true;
	if (wrong == HOST_ITEMS)
		assert_null(host_refusal(&f));
	else
		assert_ptr_equal(host_refusal(&f),
				 host_item_refusal(&f, wrong));
	assert_int_equal(b->derived, has(b, C_VERDICT, "no-gich-gicv"));
	f.all_in_hyp = false;
	assert_int_equal(!host_item_refusal(&f, HOST_ITEM_ALL_IN_HYP),
			 !has(b, C_DOUBTS, "smp-unnamed") &&
				 !has(b, C_DOUBTS, "smp-vendor"));
	f.cntfrq = 0;
	assert_int_equal(!host_item_refusal(&f, HOST_ITEM_RATE),
			 has(b, C_DOUBTS, "clock-frequency") || !f.timer);
}

/* Entered in another mode: the first message is the one that helps first. */
static void check_in_svc(struct board *b)
{
	struct host_facts f = b->facts;

	f.split_eoi = HOST_NO;
	f.one_kind = HOST_YES;
	f.timer = true;
	if (!f.gic)
		return;
	assert_ptr_equal(host_refusal(&f),
			 host_item_refusal(&f, has(b, C_VERDICT, "gicc-4k") ?
						       HOST_ITEM_GICC :
						       HOST_ITEM_HYP));
}

static void real_boards(void **state)
{
	FILE *table = open_table();
	unsigned int boards = 0;
	struct board b;

	(void)state;
	while (next_board(table, &b)) {
		take_facts(&b);
		check_board(&b);
		if (!b.derived)
			check_in_svc(&b);
		boards++;
	}
	assert_int_equal(boards, 407);
	fclose(table);
}

static void refused(struct host_facts facts, enum host_item item,
		    const char *words)
{
	const char *why = host_refusal(&facts);

	assert_non_null(why);
	assert_ptr_equal(why, host_item_refusal(&facts, item));
	if (!strstr(why, words))
		fail_msg("'%s' does not name '%s'", why, words);
	assert_null(strchr(why, '\n'));
}

#define REFUSED(item, words, ...)           \
	do {                                \
		struct host_facts f = good; \
		__VA_ARGS__;                \
		refused(f, item, words);    \
	} while (0)

/* Each message contains what helps. */
static void words(void **state)
{
	(void)state;
	assert_null(host_refusal(&good));
	REFUSED(HOST_ITEM_KERNEL, "-lpae", f.lpae_kernel = HOST_NO);
	REFUSED(HOST_ITEM_LPAE, "Cortex-A7", f.lpae = HOST_NO);
	REFUSED(HOST_ITEM_VIRTUALIZATION, "Cortex-A7",
		f.virtualization = HOST_NO);
	REFUSED(HOST_ITEM_ONE_KIND, "online", f.one_kind = HOST_NO);
	REFUSED(HOST_ITEM_IN_CONTEXT, "Cortex-A7", f.in_context = HOST_NO);
	REFUSED(HOST_ITEM_GIC, "no GICv2", f.gic = false);
	REFUSED(HOST_ITEM_FRAMES, "'reg'", f.frame[HOST_GICH].size = 0);
	REFUSED(HOST_ITEM_FRAMES, "8 KiB", f.frame[HOST_GICV].size = 0x1000);
	REFUSED(HOST_ITEM_ALIGNED, "page", f.frame[HOST_GICV].base += 0x800);
	REFUSED(HOST_ITEM_TIMER, "arm,armv7-timer", f.timer = false);
	REFUSED(HOST_ITEM_RATE, "clock-frequency", f.cntfrq = 0);
	REFUSED(HOST_ITEM_HYP, "firmware", f.split_eoi = HOST_NO);
	REFUSED(HOST_ITEM_GICC, "irqchip.gicv2_force_probe=1",
		f.split_eoi = HOST_NO;
		f.frame[HOST_GICC].size = 0x1000);
	REFUSED(HOST_ITEM_GICH, "'reg'", f.gich = HOST_NO);
	REFUSED(HOST_ITEM_ALL_IN_HYP, "all_in_hyp=1", f.psci = false);
	REFUSED(HOST_ITEM_IRQS, "'interrupts'", f.irqs = HOST_NO);
}

static void accepted(void **state)
{
	struct host_facts f = good;

	(void)state;
	f.psci = false;
	f.cpus = 1;
	assert_null(host_refusal(&f));
	f.cpus = 4;
	f.all_in_hyp = true;
	assert_null(host_refusal(&f));
	/* and Linux has split EOI and deactivation */
	f.frame[HOST_GICC].size = 0x1000;
	assert_null(host_refusal(&f));
	f.cntfrq = 0;
	f.clock = 19200000;
	assert_null(host_refusal(&f));
	assert_int_equal(host_rate(&f), 19200000);
	f.cntfrq = 24000000; /* the tree overrules it */
	assert_int_equal(host_rate(&f), 19200000);
}

static void derived(void **state)
{
	struct host_facts f = good;

	(void)state;
	assert_false(host_derive(&f));
	memset(&f.frame[HOST_GICH], 0, 2 * sizeof(f.frame[0]));
	f.frame[HOST_GICC].base += 0xf000; /* at an offset that no core has */
	assert_false(host_derive(&f));
	assert_non_null(host_refusal(&f));
	f.frame[HOST_GICC] = good.frame[HOST_GICC];
	assert_true(host_derive(&f));
	assert_int_equal(f.frame[HOST_GICH].base, 0x1c84000);
	assert_int_equal(f.frame[HOST_GICV].base, 0x1c86000);
	assert_null(host_refusal(&f));
	/* Four list registers, five bits each (Cortex-A15 TRM DDI 0438). */
	assert_true(host_vtr_is_gich(0x90000003));
	assert_false(host_vtr_is_gich(0));
	assert_false(host_vtr_is_gich(0xffffffff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_boards),
		cmocka_unit_test(words),
		cmocka_unit_test(accepted),
		cmocka_unit_test(derived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
