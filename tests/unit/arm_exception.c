/* SPDX-License-Identifier: BSD-2-Clause */
/* Conditions, banked registers and exception entry, by DDI 0406C. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "core/arm/banked.h"
#include "core/arm/branch.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/exception.h"
#include "core/arm/hsr.h"

#define PC 0x00008000u

/*
 * For each condition a bit for each value of NZCV (4 bits) under which it
 * passes.
 */
static const uint16_t passes[16] = {
	0xf0f0, 0x0f0f, 0xcccc, 0x3333, 0xff00, 0x00ff, 0xaaaa, 0x5555,
	0x0c0c, 0xf3f3, 0xaa55, 0x55aa, 0x0a05, 0xf5fa, 0xffff, 0xffff,
};

static void conditions(void **state)
{
	unsigned int cond, nzcv;

	(void)state;
	for (cond = 0; cond < 16; cond++)
		for (nzcv = 0; nzcv < 16; nzcv++)
			assert_int_equal(arm_cond_passed(nzcv << 28, cond),
					 (passes[cond] >> nzcv) & 1);
}

static void it_state(void **state)
{
	uint32_t cpsr = 0xf00001ff;
	unsigned int it;

	(void)state;
	for (it = 0; it < 256; it++) {
		uint32_t set = arm_it_set(cpsr, it);

		assert_int_equal(arm_it_get(set), it);
		assert_int_equal(set & ~CPSR_IT_MASK, cpsr);
	}
	/*
	 * ITTTT: three advances keep the condition, the fourth ends the block.
	 */
	cpsr = arm_it_set(cpsr, 0x11);
	cpsr = arm_it_advance(cpsr);
	assert_int_equal(arm_it_get(cpsr), 0x02);
	cpsr = arm_it_advance(cpsr);
	assert_int_equal(arm_it_get(cpsr), 0x04);
	cpsr = arm_it_advance(cpsr);
	assert_int_equal(arm_it_get(cpsr), 0x08);
	cpsr = arm_it_advance(cpsr);
	assert_int_equal(arm_it_get(cpsr), 0);
}

static void trapped_condition(void **state)
{
	uint32_t wfi = (uint32_t)HSR_EC_WFX << 26;
	uint32_t eq = HSR_CV; /* COND 0 */
	uint32_t thumb_eq = arm_it_set(CPSR_T, 0x08);

	(void)state;
	assert_false(arm_hsr_cond_passed(wfi | eq, 0));
	assert_true(arm_hsr_cond_passed(wfi | eq, CPSR_Z));
	/* Without CV the IT state gives the condition, only in Thumb. */
	assert_false(arm_hsr_cond_passed(wfi, thumb_eq));
	assert_true(arm_hsr_cond_passed(wfi, thumb_eq | CPSR_Z));
	assert_true(arm_hsr_cond_passed(wfi, CPSR_T));
	assert_true(arm_hsr_cond_passed(wfi, 0));
	/* These classes have no condition. */
	assert_true(arm_hsr_cond_passed(0, thumb_eq));
	assert_true(arm_hsr_cond_passed((uint32_t)HSR_EC_HVC << 26, thumb_eq));
	assert_true(arm_hsr_cond_passed((uint32_t)HSR_EC_DABT << 26, thumb_eq));
}

static void skipping(void **state)
{
	struct arm_regs regs = { .pc = PC, .cpsr = ARM_MODE_SVC };

	(void)state;
	arm_skip_insn(&regs, true);
	assert_int_equal(regs.pc, PC + 4);
	/* An ARM instruction has four bytes whatever HSR.IL says. */
	arm_skip_insn(&regs, false);
	assert_int_equal(regs.pc, PC + 8);
	regs.pc = PC + 4;
	regs.cpsr = arm_it_set(ARM_MODE_SVC | CPSR_T, 0x04);
	arm_skip_insn(&regs, false);
	assert_int_equal(regs.pc, PC + 6);
	assert_int_equal(arm_it_get(regs.cpsr), 0x08);
	arm_skip_insn(&regs, true);
	assert_int_equal(regs.pc, PC + 10);
	assert_int_equal(arm_it_get(regs.cpsr), 0);
}

static void banked_registers(void **state)
{
	struct arm_regs r;

	(void)state;
	r.cpsr = ARM_MODE_USR;
	assert_ptr_equal(arm_reg(&r, 0), &r.r[0]);
	assert_ptr_equal(arm_reg(&r, 13), &r.sp_usr);
	assert_ptr_equal(arm_reg(&r, 14), &r.lr_usr);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_SYS, 13), &r.sp_usr);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_SVC, 13), &r.sp_svc);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_SVC, 14), &r.lr_svc);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_ABT, 13), &r.sp_abt);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_ABT, 14), &r.lr_abt);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_UND, 13), &r.sp_und);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_UND, 14), &r.lr_und);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_IRQ, 13), &r.sp_irq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_IRQ, 14), &r.lr_irq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_IRQ, 8), &r.r[8]);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 7), &r.r[7]);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 8), &r.r8_fiq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 9), &r.r9_fiq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 10), &r.r10_fiq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 11), &r.r11_fiq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 12), &r.r12_fiq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 13), &r.sp_fiq);
	assert_ptr_equal(arm_reg_mode(&r, ARM_MODE_FIQ, 14), &r.lr_fiq);
	assert_null(arm_spsr(&r, ARM_MODE_USR));
	assert_null(arm_spsr(&r, ARM_MODE_SYS));
	assert_ptr_equal(arm_spsr(&r, ARM_MODE_SVC), &r.spsr_svc);
	assert_ptr_equal(arm_spsr(&r, ARM_MODE_ABT), &r.spsr_abt);
	assert_ptr_equal(arm_spsr(&r, ARM_MODE_UND), &r.spsr_und);
	assert_ptr_equal(arm_spsr(&r, ARM_MODE_IRQ), &r.spsr_irq);
	assert_ptr_equal(arm_spsr(&r, ARM_MODE_FIQ), &r.spsr_fiq);
}

static void modes(void **state)
{
	unsigned int mode;

	(void)state;
	for (mode = 0; mode < 32; mode++) {
		bool valid = (mode >= 0x10 && mode <= 0x13) || mode == 0x17 ||
			     mode == 0x1b || mode == 0x1f;

		assert_int_equal(arm_mode_valid(mode), valid);
	}
	assert_false(arm_mode_priv(ARM_MODE_USR));
	assert_true(arm_mode_priv(ARM_MODE_SYS));
}

static void undef(void **state)
{
	struct arm_regs regs = { .pc = PC, .cpsr = ARM_MODE_USR | CPSR_N };

	(void)state;
	arm_inject_undef(&regs, 0, 0x10000000);
	assert_int_equal(regs.spsr_und, ARM_MODE_USR | CPSR_N);
	assert_int_equal(regs.lr_und, PC + 4);
	assert_int_equal(regs.pc, 0x10000004);
	/* A and F have not changed. */
	assert_int_equal(regs.cpsr, ARM_MODE_UND | CPSR_I | CPSR_N);
}

static void undef_of_thumb(void **state)
{
	uint32_t cpsr = arm_it_set(
		ARM_MODE_USR | CPSR_T | CPSR_E | CPSR_F | CPSR_A, 0xff);
	struct arm_regs regs = { .pc = PC, .cpsr = cpsr };

	(void)state;
	arm_inject_undef(&regs, SCTLR_V, 0x10000000);
	assert_int_equal(regs.spsr_und, cpsr);
	assert_int_equal(regs.lr_und, PC + 2);
	assert_int_equal(regs.pc, 0xffff0004);
	assert_int_equal(regs.cpsr, ARM_MODE_UND | CPSR_I | CPSR_F | CPSR_A);
}

static void entry_state_from_sctlr(void **state)
{
	struct arm_regs regs = { .pc = PC, .cpsr = ARM_MODE_SVC };

	(void)state;
	arm_inject_undef(&regs, SCTLR_TE | SCTLR_EE, 0x1000003f);
	assert_int_equal(regs.cpsr, ARM_MODE_UND | CPSR_I | CPSR_T | CPSR_E);
	assert_int_equal(regs.pc, 0x10000024);
}

static void svc(void **state)
{
	struct arm_regs regs = { .pc = PC };

	(void)state;
	regs.cpsr = arm_it_set(ARM_MODE_USR | CPSR_T, 0x04);
	arm_inject_svc(&regs, 0, 0);
	assert_int_equal(regs.lr_svc, PC);
	assert_int_equal(arm_it_get(regs.spsr_svc), 0x04);
	assert_int_equal(regs.pc, 8);
	assert_int_equal(regs.cpsr, ARM_MODE_SVC | CPSR_I);
}

static void data_abort(void **state)
{
	struct arm_regs regs = { .pc = PC, .cpsr = ARM_MODE_USR | CPSR_T };
	struct arm_cp15 cp15 = { .vbar = 0x20 };
	struct arm_fault fault = { ARM_FAULT_EXTERNAL, 0, 0, true };

	(void)state;
	arm_inject_dabt(&regs, &cp15, 0x12345678, &fault);
	assert_int_equal(regs.lr_abt, PC + 8);
	assert_int_equal(regs.spsr_abt, ARM_MODE_USR | CPSR_T);
	assert_int_equal(regs.cpsr, ARM_MODE_ABT | CPSR_A | CPSR_I);
	assert_int_equal(regs.pc, 0x30);
	assert_int_equal(cp15.dfar, 0x12345678);
	assert_int_equal(cp15.dfsr, 0x808);
	assert_int_equal(cp15.ifsr, 0);
	assert_int_equal(cp15.ifar, 0);
}

static void prefetch_abort(void **state)
{
	struct arm_regs regs = { .pc = PC, .cpsr = ARM_MODE_USR | CPSR_T };
	struct arm_cp15 cp15 = { .vbar = 0x20 };
	struct arm_fault fault = { ARM_FAULT_PERMISSION, 2, 9, true };

	(void)state;
	arm_inject_pabt(&regs, &cp15, PC, &fault);
	assert_int_equal(regs.lr_abt, PC + 4);
	assert_int_equal(regs.cpsr, ARM_MODE_ABT | CPSR_A | CPSR_I);
	assert_int_equal(regs.pc, 0x2c);
	assert_int_equal(cp15.ifar, PC);
	assert_int_equal(cp15.ifsr, 0xf); /* no domain, no direction */
	assert_int_equal(cp15.dfsr, 0);
}

static const struct {
	enum arm_fault_type type;
	unsigned int level;
	uint32_t fs;	 /* short descriptors: FS[3:0]; 0 if there is none */
	uint32_t status; /* long descriptors: STATUS */
} statuses[] = {
	{ ARM_FAULT_ALIGNMENT, 0, 0x1, 0x21 },
	{ ARM_FAULT_DEBUG, 0, 0x2, 0x22 },
	{ ARM_FAULT_ACCESS_FLAG, 1, 0x3, 0x09 },
	{ ARM_FAULT_TRANSLATION, 1, 0x5, 0x05 },
	{ ARM_FAULT_ACCESS_FLAG, 2, 0x6, 0x0a },
	{ ARM_FAULT_TRANSLATION, 2, 0x7, 0x06 },
	{ ARM_FAULT_EXTERNAL, 0, 0x8, 0x10 },
	{ ARM_FAULT_DOMAIN, 1, 0x9, 0 },
	{ ARM_FAULT_DOMAIN, 2, 0xb, 0 },
	{ ARM_FAULT_EXTERNAL_WALK, 1, 0xc, 0x15 },
	{ ARM_FAULT_PERMISSION, 1, 0xd, 0x0d },
	{ ARM_FAULT_EXTERNAL_WALK, 2, 0xe, 0x16 },
	{ ARM_FAULT_PERMISSION, 2, 0xf, 0x0e },
	{ ARM_FAULT_TRANSLATION, 3, 0, 0x07 },
	{ ARM_FAULT_ACCESS_FLAG, 3, 0, 0x0b },
	{ ARM_FAULT_PERMISSION, 3, 0, 0x0f },
	{ ARM_FAULT_EXTERNAL_WALK, 3, 0, 0x17 },
};

static void fault_status(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct arm_fault f = { statuses[i].type, statuses[i].level, 5,
				       true };

		if (statuses[i].fs)
			assert_int_equal(arm_fault_fsr(&f, 0),
					 0x850 | statuses[i].fs);
		f.write = false;
		if (statuses[i].status)
			assert_int_equal(arm_fault_fsr(&f, ARM_TTBCR_EAE),
					 0x200 | statuses[i].status);
	}
}

/* HSR has the codes of long descriptors, without DFSR's LPAE bit. */
static void faults_of_hsr(void **state)
{
	const unsigned int n = sizeof(statuses) / sizeof(statuses[0]);
	unsigned int i;
	uint32_t fsc;

	(void)state;
	for (fsc = 0; fsc < 64; fsc++) {
		struct arm_fault f = { .type = ARM_FAULT_NONE };

		for (i = 0; i < n && statuses[i].status != fsc; i++)
			;
		/* Only fault codes that do not exist have status 0. */
		if (!fsc || i == n) {
			assert_false(arm_fault_from_fsc(fsc, &f));
			continue;
		}
		assert_true(arm_fault_from_fsc(fsc, &f));
		assert_int_equal(f.type, statuses[i].type);
		assert_int_equal(f.level, statuses[i].level);
	}
}

static void bxj(void **state)
{
	struct arm_regs regs = { .pc = PC, .cpsr = ARM_MODE_USR };
	uint32_t hsr = (uint32_t)HSR_EC_BXJ << 26 | HSR_IL | HSR_CV | 0xe << 20;

	(void)state;
	regs.r[3] = 0x9001;
	arm_emulate_bxj(&regs, hsr | 3);
	assert_int_equal(regs.pc, 0x9000);
	assert_true(regs.cpsr & CPSR_T);
	regs.r[3] = 0xa000;
	arm_emulate_bxj(&regs, hsr | 3);
	assert_int_equal(regs.pc, 0xa000);
	assert_false(regs.cpsr & CPSR_T);
	/* R15 reads as two instructions ahead. */
	arm_emulate_bxj(&regs, hsr | 15);
	assert_int_equal(regs.pc, 0xa008);
	regs.cpsr |= CPSR_T;
	regs.pc = 0xa000;
	arm_emulate_bxj(&regs, hsr | 15);
	assert_int_equal(regs.pc, 0xa004);
	assert_false(regs.cpsr & CPSR_T);
	/* The last instruction of an IT block. */
	regs.cpsr = arm_it_set(ARM_MODE_USR | CPSR_T, 0x08);
	regs.r[3] = 0x9001;
	arm_emulate_bxj(&regs, hsr | 3);
	assert_int_equal(regs.cpsr, ARM_MODE_USR | CPSR_T);
	assert_int_equal(regs.pc, 0x9000);
}

/* Exception classes (DDI 0406C, HSR). */
static void class_names(void **state)
{
	static const struct {
		unsigned int ec;
		const char *name;
	} names[] = {
		{ 0x00, "unknown reason" },
		{ 0x01, "WFI or WFE" },
		{ 0x03, "MCR or MRC to CP15" },
		{ 0x04, "MCRR or MRRC to CP15" },
		{ 0x05, "MCR or MRC to CP14" },
		{ 0x06, "LDC or STC to CP14" },
		{ 0x07, "access to CP0-CP13" },
		{ 0x08, "VMRS of an ID register" },
		{ 0x0a, "BXJ" },
		{ 0x0c, "MRRC to CP14" },
		{ 0x0e, "illegal execution state" },
		{ 0x11, "SVC taken to Hyp mode" },
		{ 0x12, "HVC" },
		{ 0x13, "SMC" },
		{ 0x20, "Prefetch Abort from PL0 or PL1" },
		{ 0x21, "Prefetch Abort from Hyp mode" },
		{ 0x24, "Data Abort from PL0 or PL1" },
		{ 0x25, "Data Abort from Hyp mode" },
	};
	unsigned int ec, i;

	(void)state;
	for (ec = 0; ec < 64; ec++) {
		for (i = 0; i < 18 && names[i].ec != ec; i++)
			;
		assert_string_equal(hsr_ec_name(ec),
				    i < 18 ? names[i].name : "reserved");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions),
		cmocka_unit_test(it_state),
		cmocka_unit_test(trapped_condition),
		cmocka_unit_test(skipping),
		cmocka_unit_test(banked_registers),
		cmocka_unit_test(modes),
		cmocka_unit_test(undef),
		cmocka_unit_test(undef_of_thumb),
		cmocka_unit_test(entry_state_from_sctlr),
		cmocka_unit_test(svc),
		cmocka_unit_test(data_abort),
		cmocka_unit_test(prefetch_abort),
		cmocka_unit_test(fault_status),
		cmocka_unit_test(faults_of_hsr),
		cmocka_unit_test(bxj),
		cmocka_unit_test(class_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
