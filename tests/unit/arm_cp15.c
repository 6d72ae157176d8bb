/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trapped coprocessor accesses, and the registers as state, by the register
 * descriptions of DDI 0406C.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "core/arm/cp15_table.h"
#include "core/arm/cpu.h"
#include "core/arm/hsr.h"

#define PC 0x00008000u
#define AL (HSR_CV | 0xeu << 20)
#define IL HSR_IL

static struct arm_regs regs;
static struct arm_cp15 cp15;
static struct arm_virt virt;
static struct arm_id id;
static struct arm_cp_ctx ctx;
static struct arm_cp_access acc;

/* Cortex-A15's own values, from its TRM. */
static const struct arm_id host = {
	.ctr = 0x8444c004,
	.midr = 0x412fc0f1,
	.revidr = 0,
	.pfr0 = 0x00001131,
	.pfr1 = 0x00011011,
	.dfr0 = 0x02010555,
	.mmfr0 = 0x10201105,
	.mmfr1 = 0x20000000,
	.mmfr2 = 0x01240000,
	.mmfr3 = 0x02102211,
	.isar0 = 0x02101110,
	.isar1 = 0x13112111,
	.isar2 = 0x21232041,
	.isar3 = 0x11112131,
	.isar4 = 0x10011142,
	.clidr = 0x0a200023,
	.ccsidr = { 0x701fe00a, 0x201fe00a, 0x711fe07a },
	.fpsid = 0x410430f0,
	.mvfr0 = 0x10110222,
	.mvfr1 = 0x11111111,
	.l2ctlr = 0x01000000,
	.pmcr = 0x410f3000,
	.cntfrq = 62500000,
};

static int setup(void **state)
{
	(void)state;
	memset(&regs, 0, sizeof(regs));
	memset(&cp15, 0xa5, sizeof(cp15));
	memset(&virt, 0xa5, sizeof(virt));
	arm_id_guest(&id, &host, 2);
	ctx = (struct arm_cp_ctx){ &regs, &cp15, &virt, &id, 1000, 5000 };
	arm_cp15_reset(&ctx, 1);
	arm_regs_reset(&regs, PC);
	return 0;
}

static uint32_t hsr32(unsigned int ec, unsigned int crn, unsigned int opc1,
		      unsigned int crm, unsigned int opc2, bool read)
{
	return ec << 26 | IL | AL | opc2 << 17 | opc1 << 14 | crn << 10 |
	       3 << 5 | crm << 1 | read;
}

static enum arm_cp_result mcr(unsigned int crn, unsigned int opc1,
			      unsigned int crm, unsigned int opc2, uint32_t val)
{
	regs.r[3] = val;
	return arm_cp15_access(&ctx, hsr32(3, crn, opc1, crm, opc2, false),
			       &acc);
}

static enum arm_cp_result try_mrc(unsigned int crn, unsigned int opc1,
				  unsigned int crm, unsigned int opc2)
{
	return arm_cp15_access(&ctx, hsr32(3, crn, opc1, crm, opc2, true),
			       &acc);
}

static uint32_t mrc(unsigned int crn, unsigned int opc1, unsigned int crm,
		    unsigned int opc2)
{
	assert_int_equal(try_mrc(crn, opc1, crm, opc2), ARM_CP_DONE);
	return regs.r[3];
}

static uint32_t hsr64(unsigned int ec, unsigned int opc1, unsigned int crm,
		      bool read)
{
	return ec << 26 | IL | AL | opc1 << 16 | 4 << 10 | 3 << 5 | crm << 1 |
	       read;
}

static enum arm_cp_result mcrr(unsigned int opc1, unsigned int crm, uint64_t v)
{
	regs.r[3] = (uint32_t)v;
	regs.r[4] = (uint32_t)(v >> 32);
	return arm_cp15_access(&ctx, hsr64(4, opc1, crm, false), &acc);
}

static uint64_t mrrc(unsigned int opc1, unsigned int crm)
{
	assert_int_equal(arm_cp15_access(&ctx, hsr64(4, opc1, crm, true), &acc),
			 ARM_CP_DONE);
	return (uint64_t)regs.r[4] << 32 | regs.r[3];
}

static void table_is_sorted(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < arm_cp_table_size; i++) {
		const struct arm_cp_reg *reg = &arm_cp_table[i];

		if (i > 0)
			assert_true(arm_cp_table[i - 1].id < reg->id);
		assert_ptr_equal(arm_cp_lookup(reg->id), reg);
		assert_true(reg->flags & (ARM_CP_R | ARM_CP_W));
		/* PL1 may do what User mode may do. */
		if (reg->flags & ARM_CP_R0)
			assert_true(reg->flags & ARM_CP_R);
		if (reg->flags & ARM_CP_W0)
			assert_true(reg->flags & ARM_CP_W);
	}
}

/* Every row is accessible at PL1 and PL0 as its rights say. */
static void every_access_rule(void **state)
{
	unsigned int i, pl0, write;

	for (i = 0; i < arm_cp_table_size; i++) {
		const struct arm_cp_reg *reg = &arm_cp_table[i];
		uint32_t n = reg->id & 0xfffff;
		uint32_t base = (n >> 12 & 0xf) << 10 | (n >> 4 & 0xf) << 1 |
				3 << 5 | IL | AL;

		switch (VM_REG_CLASS(reg->id)) {
		case VM_REG_CLASS_CP15:
			base |= 3u << 26 | (n >> 8 & 7) << 14 | (n & 7) << 17;
			break;
		case VM_REG_CLASS_CP15_64:
			base |= 4u << 26 | (n >> 8 & 0xf) << 16 | 4 << 10;
			break;
		default:
			continue;
		}
		for (pl0 = 0; pl0 < 2; pl0++)
			for (write = 0; write < 2; write++) {
				uint8_t need = write ? ARM_CP_W : ARM_CP_R;
				enum arm_cp_result r;

				setup(state);
				virt.pmu.userenr = 1;
				if (pl0)
					regs.cpsr = ARM_MODE_USR;
				need <<= 2 * pl0;
				r = arm_cp15_access(&ctx, base | !write, &acc);
				if ((r != ARM_CP_UNDEF) !=
				    !!(reg->flags & need))
					fail_msg("%s, PL%u, %s: %d", reg->name,
						 !pl0, write ? "write" : "read",
						 r);
				if (r == ARM_CP_UNDEF || r == ARM_CP_HOST)
					assert_int_equal(regs.pc, PC);
				else
					assert_int_equal(regs.pc, PC + 4);
			}
	}
}

static void id_registers(void **state)
{
	(void)state;
	assert_int_equal(mrc(0, 0, 0, 0), 0x412fc0f1); /* MIDR */
	assert_int_equal(mrc(0, 0, 0, 7), 0x412fc0f1);
	assert_int_equal(mrc(0, 0, 0, 5), 0x80000001); /* MPIDR */
	assert_int_equal(mrc(0, 0, 0, 1), 0x8444c004); /* CTR */
	/* No ThumbEE; no Security or Virtualization Extensions. */
	assert_int_equal(mrc(0, 0, 1, 0), 0x00000131);
	assert_int_equal(mrc(0, 0, 1, 1), 0x00010001);
	/* PMUv1, no debug, no trace. */
	assert_int_equal(mrc(0, 0, 1, 2), 0x01000000);
	assert_int_equal(mrc(0, 0, 1, 4), 0x10201105);
	assert_int_equal(mrc(0, 0, 2, 3), 0x01112131); /* ISAR3: no ThumbEE */
	assert_int_equal(mrc(0, 0, 2, 4), 0x10010142); /* ISAR4: no SMC */
	/*
	 * The rest of the CPUID space reads as zero; behind it, registers are
	 * UNDEFINED.
	 */
	assert_int_equal(mrc(0, 0, 2, 7), 0);
	assert_int_equal(mrc(0, 0, 7, 7), 0);
	assert_int_equal(try_mrc(0, 0, 8, 0), ARM_CP_UNDEF);
	assert_int_equal(mcr(0, 0, 7, 7, 0), ARM_CP_UNDEF);
	assert_int_equal(mcr(0, 0, 1, 0, 0), ARM_CP_UNDEF);
	regs.cpsr = ARM_MODE_USR;
	assert_int_equal(try_mrc(0, 0, 7, 7), ARM_CP_UNDEF);
}

static void cache_ids(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(mcr(0, 2, 0, 0, i), ARM_CP_DONE);
		assert_int_equal(mrc(0, 1, 0, 0), host.ccsidr[i]);
	}
	/*
	 * CSSELR has four bits; a level that does not exist does not read as 0.
	 */
	assert_int_equal(mcr(0, 2, 0, 0, 0xffffffff), ARM_CP_DONE);
	assert_int_equal(mrc(0, 1, 0, 0), 0);
	assert_int_equal(mrc(0, 1, 0, 1), host.clidr);
}

/*
 * The guest sees ACTLR.IBE if the host's Cortex-A15 has it set (DDI 0438,
 * ACTLR).
 */
static void actlr_of(uint32_t midr, uint32_t host_actlr, uint32_t want)
{
	struct arm_id of = { .midr = midr, .actlr = host_actlr };
	struct arm_id guest;

	arm_id_guest(&guest, &of, 1);
	assert_int_equal(guest.actlr, want);
}

static void auxiliary_control(void **state)
{
	(void)state;
	actlr_of(0x412fc0f1, 0x40 | 1, 0x41);
	actlr_of(0x412fc0f1, 0x40, 0x40);
	/* A Cortex-A7 has no IBE, and the guest sees no other bit than SMP. */
	actlr_of(0x410fc075, 0xffffffff, 0x40);
	actlr_of(0x412fc0f1, 0xfffffffe, 0x40);
}

static void implementation_defined(void **state)
{
	struct arm_id many;

	(void)state;
	assert_int_equal(mrc(1, 0, 0, 1), 1 << 6); /* ACTLR.SMP */
	assert_int_equal(mcr(1, 0, 0, 1, 0), ARM_CP_DONE);
	assert_int_equal(mrc(1, 0, 0, 1), 1 << 6);
	assert_int_equal(mrc(9, 1, 0, 2), 1 << 24); /* L2CTLR: two CPUs */
	assert_int_equal(mrc(9, 1, 0, 3), 0);
	arm_id_guest(&many, &host, 8);
	assert_int_equal(many.l2ctlr, 3 << 24);
	arm_id_guest(&many, &host, 1);
	assert_int_equal(many.l2ctlr, 0);
	/* Registers that none of these cores has. */
	assert_int_equal(try_mrc(15, 0, 4, 0), ARM_CP_UNDEF);
	assert_int_equal(try_mrc(11, 0, 0, 0), ARM_CP_UNDEF);
}

static void virtual_memory_registers(void **state)
{
	(void)state;
	assert_int_equal(mcrr(0, 2, 0x0123456789abcdef), ARM_CP_DONE);
	assert_true(cp15.ttbr0 == 0x0123456789abcdef);
	/* MCR writes only the lower half. */
	assert_int_equal(mcr(2, 0, 0, 0, 0x55555555), ARM_CP_DONE);
	assert_true(cp15.ttbr0 == 0x0123456755555555);
	assert_int_equal(mrc(2, 0, 0, 0), 0x55555555);
	assert_true(mrrc(0, 2) == 0x0123456755555555);
	assert_int_equal(mcr(3, 0, 0, 0, 0x12), ARM_CP_DONE);
	assert_int_equal(cp15.dacr, 0x12);
}

static void in_the_cpu(void **state)
{
	(void)state;
	ctx.cp15 = NULL;
	assert_int_equal(mcr(1, 0, 0, 0, 0), ARM_CP_HOST);
	assert_string_equal(acc.reg->name, "SCTLR");
	assert_int_equal(try_mrc(0, 1, 0, 0), ARM_CP_HOST); /* by CSSELR */
	assert_int_equal(regs.pc, PC);
	assert_int_equal(try_mrc(0, 0, 1, 0), ARM_CP_DONE);
}

static void set_way(void **state)
{
	static const uint8_t crm[] = { 6, 10, 14 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(mcr(7, 0, crm[i], 2, 0x40000020), ARM_CP_HOST);
		assert_int_equal(acc.reg->kind, ARM_CP_SETWAY);
		assert_int_equal(acc.val, 0x40000020);
	}
	assert_int_equal(regs.pc, PC);
	arm_cp15_finish(&regs, hsr32(3, 7, 0, 6, 2, false), &acc);
	assert_int_equal(regs.pc, PC + 4);
	assert_int_equal(mcr(8, 0, 7, 0, 0), ARM_CP_HOST);
	assert_int_equal(acc.reg->kind, ARM_CP_MAINT);
	regs.cpsr = ARM_MODE_USR;
	assert_int_equal(mcr(7, 0, 6, 2, 0), ARM_CP_UNDEF);
	assert_int_equal(mcr(7, 0, 10, 5, 0), ARM_CP_HOST); /* CP15DMB */
}

static void condition_failed(void **state)
{
	uint32_t eq = hsr32(3, 15, 7, 15, 7, true) & ~(0xfu << 20);

	(void)state;
	assert_int_equal(arm_cp15_access(&ctx, eq, &acc), ARM_CP_DONE);
	assert_int_equal(regs.pc, PC + 4);
	regs.cpsr |= CPSR_Z;
	assert_int_equal(arm_cp15_access(&ctx, eq, &acc), ARM_CP_UNDEF);
}

static void rt_is_banked(void **state)
{
	uint32_t hsr = hsr32(3, 0, 0, 0, 0, true) & ~(0xfu << 5);

	(void)state;
	regs.cpsr = ARM_MODE_FIQ;
	arm_cp15_access(&ctx, hsr | 8 << 5, &acc);
	assert_int_equal(regs.r8_fiq, 0x412fc0f1);
	assert_int_equal(regs.r[8], 0);
	arm_cp15_access(&ctx, hsr | 13 << 5, &acc);
	assert_int_equal(regs.sp_fiq, 0x412fc0f1);
	/* MCR of R15 is UNPREDICTABLE: zero. */
	cp15.dacr = 5;
	arm_cp15_access(&ctx, hsr32(3, 3, 0, 0, 0, false) | 15 << 5, &acc);
	assert_int_equal(cp15.dacr, 0);
	/* MRC to R15: the flags. */
	arm_cp15_access(&ctx, hsr | 15 << 5, &acc);
	assert_int_equal(regs.cpsr, ARM_MODE_FIQ | 0x40000000);
}

static void physical_timer(void **state)
{
	(void)state;
	assert_int_equal(mcr(14, 0, 2, 0, 100), ARM_CP_DONE_TIMER);
	assert_true(mrrc(2, 14) == 1100);
	assert_int_equal(mcr(14, 0, 2, 1, 0xff), ARM_CP_DONE_TIMER);
	assert_int_equal(mrc(14, 0, 2, 1), 3);
	ctx.count = 1100;
	assert_int_equal(mrc(14, 0, 2, 1), 7);
	ctx.count = 1105;
	assert_int_equal(mrc(14, 0, 2, 0), (uint32_t)-5);
	assert_int_equal(mcrr(2, 14, 0x100000000), ARM_CP_DONE_TIMER);
	assert_int_equal(mrc(14, 0, 2, 1), 3);
	assert_true(mrrc(0, 14) == 1105);
	assert_true(mrrc(1, 14) == 1105);
	assert_int_equal(mrc(14, 0, 0, 0), 62500000);
	assert_int_equal(mcr(14, 0, 0, 0, 1), ARM_CP_UNDEF);
}

static void debug_is_absent(void **state)
{
	enum arm_cp_result r;

	(void)state;
	regs.r[3] = 1;
	r = arm_cp15_access(&ctx, hsr32(5, 0, 0, 0, 0, true), &acc);
	assert_int_equal(r, ARM_CP_DONE); /* DBGDIDR */
	assert_int_equal(regs.r[3], 0);
	r = arm_cp15_access(&ctx, hsr32(5, 1, 0, 0, 4, false), &acc);
	assert_int_equal(r, ARM_CP_DONE); /* DBGOSLAR */
	r = arm_cp15_access(&ctx, hsr32(5, 0, 0, 0, 4, true), &acc);
	assert_int_equal(r, ARM_CP_DONE); /* DBGBVR0 */
	r = arm_cp15_access(&ctx, hsr32(5, 0, 0, 1, 4, true), &acc);
	assert_int_equal(r, ARM_CP_UNDEF); /* DBGBVR1 */
	r = arm_cp15_access(&ctx, hsr32(5, 0, 6, 0, 0, true), &acc);
	assert_int_equal(r, ARM_CP_DONE); /* TEECR */
	r = arm_cp15_access(&ctx, hsr32(5, 0, 7, 0, 0, true), &acc);
	assert_int_equal(r, ARM_CP_DONE); /* JIDR */
	r = arm_cp15_access(&ctx, hsr32(5, 0, 1, 0, 0, true), &acc);
	assert_int_equal(r, ARM_CP_UNDEF); /* trace */
	regs.r[4] = 1;
	r = arm_cp15_access(&ctx, hsr64(0xc, 0, 1, true), &acc);
	assert_int_equal(r, ARM_CP_DONE); /* DBGDRAR */
	assert_int_equal(regs.r[4], 0);
}

static void vfp_ids(void **state)
{
	(void)state;
	arm_cp15_access(&ctx, hsr32(8, 0, 7, 0, 0, true), &acc);
	assert_int_equal(acc.reg == NULL, false);
	assert_int_equal(regs.r[3], host.fpsid);
	arm_cp15_access(&ctx, hsr32(8, 7, 7, 0, 0, true), &acc);
	assert_int_equal(regs.r[3], host.mvfr0);
	arm_cp15_access(&ctx, hsr32(8, 6, 7, 0, 0, true), &acc);
	assert_int_equal(regs.r[3], host.mvfr1);
	assert_int_equal(arm_cp15_access(&ctx, hsr32(8, 5, 7, 0, 0, true),
					 &acc),
			 ARM_CP_UNDEF);
}

static void reset_values(void **state)
{
	(void)state;
	assert_int_equal(cp15.sctlr, 0x00c50078);
	assert_int_equal(cp15.ttbcr, 0);
	assert_int_equal(cp15.cpacr, 0);
	assert_int_equal(cp15.vbar, 0);
	assert_int_equal(cp15.cntkctl, 0);
	assert_int_equal(cp15.cntv_ctl, 0);
	assert_true(cp15.par == 0 && cp15.ttbr1 == 0);
	assert_int_equal(cp15.vpidr, host.midr);
	assert_int_equal(cp15.vmpidr, 0x80000001);
	assert_int_equal(virt.cntp.ctl, 0);
	assert_int_equal(regs.cpsr, 0x1d3);
	assert_int_equal(regs.pc, PC);
	assert_int_equal(regs.lr_svc, 0);
}

static void registers_as_state(void **state)
{
	unsigned int i, j;
	uint64_t val;

	(void)state;
	for (i = 0; arm_cp15_list(i); i++) {
		uint32_t reg = arm_cp15_list(i);

		for (j = 0; j < i; j++)
			assert_int_not_equal(arm_cp15_list(j), reg);
		assert_true(arm_cp15_get(&ctx, reg, &val));
		assert_true(arm_cp15_set(&ctx, reg, val));
	}
	assert_true(i > 50);
	assert_int_equal(arm_cp15_list(0), VM_REG_CP15(0, 0, 0, 0));
	assert_false(arm_cp15_get(&ctx, VM_REG_CP15(7, 0, 6, 2), &val));
	assert_false(arm_cp15_get(&ctx, VM_REG_CP15(15, 7, 15, 7), &val));
	assert_false(arm_cp15_set(&ctx, 0, 0));
	assert_true(arm_cp15_set(&ctx, VM_REG_CP15(12, 0, 0, 0), 0x1000));
	assert_int_equal(cp15.vbar, 0x1000);
	assert_true(arm_cp15_set(&ctx, VM_REG_CP15_64(2, 14), 77));
	assert_true(virt.cntp.cval == 77);
	/* An ID register can be set only to its own value. */
	assert_false(arm_cp15_set(&ctx, VM_REG_CP15(0, 0, 0, 0), 1));
	assert_false(arm_cp15_set(&ctx, VM_REG_CP15(0, 0, 1, 0), 1));
	assert_int_equal(cp15.vpidr, host.midr);
}

/*
 * All of struct arm_cp15 is listed; otherwise a saved VM would be restored
 * wrongly.
 */
static void all_state_is_listed(void **state)
{
	struct arm_cp15 copy;
	unsigned int i;
	uint64_t val;

	(void)state;
	memset(&copy, 0, sizeof(copy));
	memset(&cp15, 0x5a, sizeof(cp15));
	for (i = 0; arm_cp15_list(i); i++) {
		ctx.cp15 = &cp15;
		assert_true(arm_cp15_get(&ctx, arm_cp15_list(i), &val));
		ctx.cp15 = &copy;
		arm_cp15_set(&ctx, arm_cp15_list(i), val);
	}
	copy.vpidr = cp15.vpidr;
	copy.vmpidr = cp15.vmpidr;
	assert_memory_equal(&copy, &cp15, sizeof(copy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(table_is_sorted, setup),
		cmocka_unit_test_setup(every_access_rule, setup),
		cmocka_unit_test_setup(id_registers, setup),
		cmocka_unit_test_setup(cache_ids, setup),
		cmocka_unit_test(auxiliary_control),
		cmocka_unit_test_setup(implementation_defined, setup),
		cmocka_unit_test_setup(virtual_memory_registers, setup),
		cmocka_unit_test_setup(in_the_cpu, setup),
		cmocka_unit_test_setup(set_way, setup),
		cmocka_unit_test_setup(condition_failed, setup),
		cmocka_unit_test_setup(rt_is_banked, setup),
		cmocka_unit_test_setup(physical_timer, setup),
		cmocka_unit_test_setup(debug_is_absent, setup),
		cmocka_unit_test_setup(vfp_ids, setup),
		cmocka_unit_test_setup(reset_values, setup),
		cmocka_unit_test_setup(registers_as_state, setup),
		cmocka_unit_test_setup(all_state_is_listed, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
