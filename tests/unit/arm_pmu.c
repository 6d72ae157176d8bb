/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cycle counter and the timer's arithmetic (DDI 0406C, Performance Monitors
 * and Generic Timer).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/arm/pmu.h"
#include "core/arm/timer.h"

#define IDS 0x410f3fffu

static struct arm_pmu pmu;

static int setup(void **state)
{
	static const struct arm_pmu zero;

	(void)state;
	pmu = zero;
	return 0;
}

static uint32_t rd(enum arm_pmu_reg reg, uint64_t cycles)
{
	return arm_pmu_read(&pmu, reg, cycles, IDS);
}

static void wr(enum arm_pmu_reg reg, uint64_t cycles, uint32_t val)
{
	arm_pmu_write(&pmu, reg, cycles, val);
}

static void pmcr(void **state)
{
	(void)state;
	/* N is 0; IMP and IDCODE are the CPU's; P and C read as zero. */
	assert_int_equal(rd(ARM_PMCR, 0), 0x410f0000);
	wr(ARM_PMCR, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMCR, 0), 0x410f0039);
}

/*
 * A value that was read can be restored; bits of counters that do not exist
 * stay clear.
 */
static void restored(void **state)
{
	(void)state;
	arm_pmu_restore(&pmu, ARM_PMINTENSET, 0, 0);
	assert_int_equal(rd(ARM_PMINTENSET, 0), 0);
	arm_pmu_restore(&pmu, ARM_PMINTENSET, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMINTENSET, 0), 0x80000000);
	arm_pmu_restore(&pmu, ARM_PMOVSR, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMOVSR, 0), 0x80000000);
	arm_pmu_restore(&pmu, ARM_PMOVSR, 0, 0);
	assert_int_equal(rd(ARM_PMOVSR, 0), 0);
	arm_pmu_restore(&pmu, ARM_PMSELR, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMSELR, 0), 31);
	arm_pmu_restore(&pmu, ARM_PMUSERENR, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMUSERENR, 0), 1);
	arm_pmu_restore(&pmu, ARM_PMCCNTR, 0, 0x12345678);
	assert_int_equal(rd(ARM_PMCCNTR, 1000), 0x12345678);
}

/*
 * What FreeBSD/armv7 does: it enables the counter, and reads it without
 * checking that it exists.
 */
static void counts_when_enabled_twice(void **state)
{
	(void)state;
	wr(ARM_PMCR, 100, ARM_PMCR_E);
	assert_int_equal(rd(ARM_PMCCNTR, 200), 0);
	wr(ARM_PMCNTENSET, 300, 0xffffffff);
	assert_int_equal(rd(ARM_PMCNTENSET, 300), 0x80000000);
	assert_int_equal(rd(ARM_PMCCNTR, 350), 50);
	wr(ARM_PMCR, 400, 0);
	assert_int_equal(rd(ARM_PMCCNTR, 1000), 100);
	wr(ARM_PMCR, 2000, ARM_PMCR_E);
	wr(ARM_PMCNTENCLR, 2010, 0x7fffffff);
	assert_int_equal(rd(ARM_PMCCNTR, 2020), 120);
	wr(ARM_PMCNTENCLR, 2020, 0x80000000);
	assert_int_equal(rd(ARM_PMCNTENCLR, 2020), 0);
	assert_int_equal(rd(ARM_PMCCNTR, 3000), 120);
}

static void reset_by_c(void **state)
{
	(void)state;
	wr(ARM_PMCNTENSET, 0, ARM_PMU_CYCLE);
	wr(ARM_PMCR, 0, ARM_PMCR_E);
	assert_int_equal(rd(ARM_PMCCNTR, 77), 77);
	wr(ARM_PMCR, 77, ARM_PMCR_E | ARM_PMCR_P);
	assert_int_equal(rd(ARM_PMCCNTR, 77), 77);
	wr(ARM_PMCR, 77, ARM_PMCR_E | ARM_PMCR_C);
	assert_int_equal(rd(ARM_PMCCNTR, 80), 3);
	wr(ARM_PMCCNTR, 90, 1000);
	assert_int_equal(rd(ARM_PMCCNTR, 91), 1001);
}

static void divider(void **state)
{
	(void)state;
	wr(ARM_PMCNTENSET, 0, ARM_PMU_CYCLE);
	wr(ARM_PMCR, 0, ARM_PMCR_E | ARM_PMCR_D | ARM_PMCR_C);
	/* No cycle is lost between reads. */
	assert_int_equal(rd(ARM_PMCCNTR, 63), 0);
	assert_int_equal(rd(ARM_PMCCNTR, 64), 1);
	assert_int_equal(rd(ARM_PMCCNTR, 100), 1);
	assert_int_equal(rd(ARM_PMCCNTR, 640), 10);
}

static void overflow(void **state)
{
	(void)state;
	wr(ARM_PMCNTENSET, 0, ARM_PMU_CYCLE);
	wr(ARM_PMCR, 0, ARM_PMCR_E);
	wr(ARM_PMCCNTR, 0, 0xfffffff0);
	assert_int_equal(rd(ARM_PMOVSR, 15), 0);
	assert_int_equal(rd(ARM_PMOVSR, 16), 0x80000000);
	assert_int_equal(rd(ARM_PMCCNTR, 17), 1);
	wr(ARM_PMOVSR, 17, 0x7fffffff);
	assert_int_equal(rd(ARM_PMOVSR, 17), 0x80000000);
	wr(ARM_PMOVSR, 17, 0x80000000);
	assert_int_equal(rd(ARM_PMOVSR, 17), 0);
	/* The counter wraps even if nobody has read it for 3 * 2^32 cycles, */
	assert_int_equal(rd(ARM_PMOVSR, 17 + ((uint64_t)3 << 32)), 0x80000000);
	assert_int_equal(rd(ARM_PMCCNTR, 17 + ((uint64_t)3 << 32)), 1);
	/* and if the next read is exactly 2^32 cycles later. */
	wr(ARM_PMOVSR, 17 + ((uint64_t)3 << 32), 0x80000000);
	assert_int_equal(rd(ARM_PMOVSR, 17 + ((uint64_t)4 << 32)), 0x80000000);
	assert_int_equal(rd(ARM_PMCCNTR, 17 + ((uint64_t)4 << 32)), 1);
}

static void counter_steps_back(void **state)
{
	(void)state;
	wr(ARM_PMCNTENSET, 1000, ARM_PMU_CYCLE);
	wr(ARM_PMCR, 1000, ARM_PMCR_E);
	assert_int_equal(rd(ARM_PMCCNTR, 1100), 100);
	assert_int_equal(rd(ARM_PMCCNTR, 500), 100);
	assert_int_equal(rd(ARM_PMCCNTR, 510), 110);
	assert_int_equal(rd(ARM_PMOVSR, 510), 0);
}

static void no_event_counters(void **state)
{
	(void)state;
	wr(ARM_PMSELR, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMSELR, 0), 0x1f);
	wr(ARM_PMXEVTYPER, 0, 0xffffffff);
	wr(ARM_PMXEVCNTR, 0, 0xffffffff);
	wr(ARM_PMSWINC, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMXEVTYPER, 0), 0);
	assert_int_equal(rd(ARM_PMXEVCNTR, 0), 0);
	assert_int_equal(rd(ARM_PMCEID, 0), 0);
	assert_int_equal(rd(ARM_PMOVSR, 0), 0);
}

static void interrupt_enable(void **state)
{
	(void)state;
	wr(ARM_PMINTENSET, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMINTENSET, 0), 0x80000000);
	assert_int_equal(rd(ARM_PMINTENCLR, 0), 0x80000000);
	wr(ARM_PMINTENCLR, 0, 0x80000000);
	assert_int_equal(rd(ARM_PMINTENSET, 0), 0);
}

static void user_access(void **state)
{
	(void)state;
	assert_false(arm_pmu_user_ok(&pmu, ARM_PMCCNTR, false));
	assert_true(arm_pmu_user_ok(&pmu, ARM_PMUSERENR, false));
	wr(ARM_PMUSERENR, 0, 0xffffffff);
	assert_int_equal(rd(ARM_PMUSERENR, 0), 1);
	assert_true(arm_pmu_user_ok(&pmu, ARM_PMCCNTR, true));
	assert_false(arm_pmu_user_ok(&pmu, ARM_PMUSERENR, true));
	assert_false(arm_pmu_user_ok(&pmu, ARM_PMINTENSET, false));
	assert_false(arm_pmu_user_ok(&pmu, ARM_PMINTENCLR, true));
}

static void restoring(void **state)
{
	(void)state;
	arm_pmu_restore(&pmu, ARM_PMCCNTR, 100, 7);
	arm_pmu_restore(&pmu, ARM_PMCR, 100,
			0x410f0000 | ARM_PMCR_E | ARM_PMCR_C);
	arm_pmu_restore(&pmu, ARM_PMOVSR, 100, 0x80000000);
	arm_pmu_restore(&pmu, ARM_PMCNTENSET, 100, 0x80000000);
	assert_int_equal(rd(ARM_PMCCNTR, 100), 7);
	assert_int_equal(rd(ARM_PMOVSR, 100), 0x80000000);
	arm_pmu_restore(&pmu, ARM_PMCNTENSET, 103, 0);
	assert_int_equal(rd(ARM_PMCCNTR, 110), 10);
}

static void timer_line(void **state)
{
	struct arm_timer t = { 0 };

	(void)state;
	arm_timer_set_tval(&t, 1000, 50);
	assert_true(t.cval == 1050);
	assert_false(arm_timer_line(&t, 2000));
	assert_int_equal(arm_timer_ctl(&t, 2000), 0);
	assert_true(arm_timer_deadline(&t, 1000) == ~(uint64_t)0);
	arm_timer_set_ctl(&t, ARM_TIMER_ENABLE | ARM_TIMER_ISTATUS);
	assert_int_equal(arm_timer_ctl(&t, 1049), ARM_TIMER_ENABLE);
	assert_true(arm_timer_deadline(&t, 1049) == 1);
	assert_false(arm_timer_line(&t, 1049));
	assert_true(arm_timer_line(&t, 1050));
	assert_true(arm_timer_deadline(&t, 1050) == 0);
	arm_timer_set_ctl(&t, ARM_TIMER_ENABLE | ARM_TIMER_IMASK);
	assert_int_equal(arm_timer_ctl(&t, 1050), 7);
	assert_false(arm_timer_line(&t, 1050));
	assert_true(arm_timer_deadline(&t, 1050) == ~(uint64_t)0);
}

static void timer_tval_is_signed(void **state)
{
	struct arm_timer t = { 0 };

	(void)state;
	arm_timer_set_tval(&t, 0x200000000, 0xffffffff);
	assert_true(t.cval == 0x1ffffffff);
	assert_int_equal(arm_timer_tval(&t, 0x200000000), 0xffffffff);
	assert_int_equal(arm_timer_tval(&t, 0x1fffffff0), 0xf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(pmcr, setup),
		cmocka_unit_test_setup(restored, setup),
		cmocka_unit_test_setup(counts_when_enabled_twice, setup),
		cmocka_unit_test_setup(reset_by_c, setup),
		cmocka_unit_test_setup(divider, setup),
		cmocka_unit_test_setup(overflow, setup),
		cmocka_unit_test_setup(counter_steps_back, setup),
		cmocka_unit_test_setup(no_event_counters, setup),
		cmocka_unit_test_setup(interrupt_enable, setup),
		cmocka_unit_test_setup(user_access, setup),
		cmocka_unit_test_setup(restoring, setup),
		cmocka_unit_test(timer_line),
		cmocka_unit_test(timer_tval_is_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
