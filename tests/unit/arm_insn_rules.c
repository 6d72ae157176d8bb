/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What loads and stores do beyond moving data: registers of other modes,
 * exception return, PC as source and target, faults, alignment, IT. Expected
 * values are those of the instructions' descriptions in DDI 0406C.
 */
#include "tests/unit/arm_insn_machine.h"

#include "core/arm/cond.h"

static struct machine m;

static void arm(uint32_t mode)
{
	machine_init(&m, mode);
}

static void thumb(uint32_t mode)
{
	machine_init(&m, mode);
	m.regs.cpsr |= CPSR_T;
}

static void unchanged(uint32_t word, unsigned int len, int expected)
{
	struct arm_regs before = m.regs;

	assert_int_equal(machine_run(&m, word, len), expected);
	assert_memory_equal(&before, &m.regs, sizeof(before));
}

static void ldm_user_registers(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	m.regs.sp_usr = m.regs.lr_usr = 0;
	/* ldmia r1, {r0, sp, lr}^ */
	assert_int_equal(machine_run(&m, 0xe8d16001, 4), 0);
	assert_int_equal(m.regs.r[0], mem_word(&m, BASE));
	assert_int_equal(m.regs.sp_usr, mem_word(&m, BASE + 4));
	assert_int_equal(m.regs.lr_usr, mem_word(&m, BASE + 8));
	assert_int_equal(m.regs.sp_svc, initial_reg(13));
	assert_int_equal(m.regs.pc, START_PC + 4);
}

static void stm_user_registers_of_fiq(void **state)
{
	(void)state;
	arm(ARM_MODE_FIQ);
	m.regs.r[8] = 0x1234;
	/* stmia r1, {r8}^ */
	assert_int_equal(machine_run(&m, 0xe8c10100, 4), 0);
	assert_int_equal(mem_word(&m, BASE), 0x1234);
}

static void ldm_exception_return(void **state)
{
	(void)state;
	arm(ARM_MODE_ABT);
	m.regs.spsr_abt = ARM_MODE_USR | CPSR_T | CPSR_N;
	set_mem_word(&m, BASE + 4, 0x8001);
	/* ldmia sp!, {r0, pc}^ */
	assert_int_equal(machine_run(&m, 0xe8fd8001, 4), 0);
	assert_int_equal(m.regs.cpsr, ARM_MODE_USR | CPSR_T | CPSR_N);
	assert_int_equal(m.regs.pc, 0x8000);
	assert_int_equal(m.regs.sp_abt, BASE + 8);
	assert_int_equal(m.regs.r[0], mem_word(&m, BASE));
}

static void ldm_exception_return_refused(void **state)
{
	static const uint32_t spsr[] = {
		ARM_MODE_HYP,
		ARM_MODE_MON,
		0x00,
		ARM_MODE_USR | CPSR_J,
		ARM_MODE_USR | CPSR_J | CPSR_T,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(spsr) / sizeof(spsr[0]); i++) {
		arm(ARM_MODE_SVC);
		m.regs.spsr_svc = spsr[i];
		unchanged(0xe8fd8001, 4, ARM_INSN_UNDEF);
	}
	/* Neither User nor System mode has an SPSR. */
	arm(ARM_MODE_SYS);
	unchanged(0xe8fd8001, 4, ARM_INSN_UNDEF);
	arm(ARM_MODE_USR);
	unchanged(0xe8d16001, 4, ARM_INSN_UNDEF);
}

static void srs(void **state)
{
	(void)state;
	arm(ARM_MODE_IRQ);
	m.regs.spsr_irq = 0x600001d3;
	m.regs.sp_svc = BASE;
	/* srsdb sp!, #19 */
	assert_int_equal(machine_run(&m, 0xf96d0513, 4), 0);
	assert_int_equal(m.regs.pc, START_PC + 4);
	assert_int_equal(mem_word(&m, BASE - 8), initial_reg(14));
	assert_int_equal(mem_word(&m, BASE - 4), 0x600001d3);
	assert_int_equal(m.regs.sp_svc, BASE - 8);
	assert_int_equal(m.regs.sp_irq, initial_reg(13));
	/* srsia sp, #19 and, in Thumb, srsdb sp!, #19 */
	assert_int_equal(machine_run(&m, 0xf8cd0513, 4), 0);
	assert_int_equal(mem_word(&m, BASE - 8), initial_reg(14));
	assert_int_equal(m.regs.sp_svc, BASE - 8);
	m.regs.cpsr |= CPSR_T;
	assert_int_equal(machine_run(&m, 0xe82dc013, 4), 0);
	assert_int_equal(m.regs.pc, START_PC + 12);
	/* srsia sp!, #19 */
	m.regs.sp_svc = BASE;
	assert_int_equal(machine_run(&m, 0xe9adc013, 4), 0);
	assert_int_equal(m.regs.sp_svc, BASE + 8);
	assert_int_equal(mem_word(&m, BASE), initial_reg(14));
	m.regs.sp_svc = BASE - 8;
	assert_int_equal(machine_run(&m, 0xe82dc013, 4), 0);
	assert_int_equal(m.regs.sp_svc, BASE - 16);
	assert_int_equal(mem_word(&m, BASE - 16), initial_reg(14));
}

static void srs_refused(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	unchanged(0xf96d0516, 4, ARM_INSN_UNDEF); /* Monitor mode's stack */
	unchanged(0xf96d051a, 4, ARM_INSN_UNDEF); /* Hyp mode's */
	arm(ARM_MODE_SYS);
	unchanged(0xf96d0513, 4, ARM_INSN_UNDEF);
}

static void rfe(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	set_mem_word(&m, BASE, 0x9002);
	set_mem_word(&m, BASE + 4, ARM_MODE_SYS | CPSR_Z);
	/* rfeia r9!: to ARM state, so to a word */
	assert_int_equal(machine_run(&m, 0xf8b90a00, 4), 0);
	assert_int_equal(m.regs.pc, 0x9000);
	assert_int_equal(m.regs.cpsr, ARM_MODE_SYS | CPSR_Z);
	assert_int_equal(m.regs.r[9], BASE + 8);
	/* rfeia r9: no writeback */
	arm(ARM_MODE_SVC);
	set_mem_word(&m, BASE + 4, ARM_MODE_SYS);
	assert_int_equal(machine_run(&m, 0xf8990a00, 4), 0);
	assert_int_equal(m.regs.r[9], BASE);
	/* rfedb r1: the two words below, no writeback */
	arm(ARM_MODE_SVC);
	set_mem_word(&m, BASE - 8, 0x9002);
	set_mem_word(&m, BASE - 4, ARM_MODE_SYS | CPSR_T);
	assert_int_equal(machine_run(&m, 0xf9110a00, 4), 0);
	assert_int_equal(m.regs.pc, 0x9002);
	assert_int_equal(m.regs.cpsr, ARM_MODE_SYS | CPSR_T);
	assert_int_equal(m.regs.r[1], BASE);
	/* rfedb r1, in Thumb: e811c000 */
	thumb(ARM_MODE_SVC);
	set_mem_word(&m, BASE - 8, 0x9000);
	set_mem_word(&m, BASE - 4, ARM_MODE_USR);
	assert_int_equal(machine_run(&m, 0xe811c000, 4), 0);
	assert_int_equal(m.regs.pc, 0x9000);
	assert_int_equal(m.regs.cpsr, ARM_MODE_USR);
}

static void rfe_up_in_thumb(void **state)
{
	(void)state;
	thumb(ARM_MODE_SVC);
	set_mem_word(&m, BASE, 0x9000);
	set_mem_word(&m, BASE + 4, ARM_MODE_USR);
	/* rfeia r1! */
	assert_int_equal(machine_run(&m, 0xe9b1c000, 4), 0);
	assert_int_equal(m.regs.pc, 0x9000);
	assert_int_equal(m.regs.r[1], BASE + 8);
}

static void rfe_refused(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	set_mem_word(&m, BASE + 4, ARM_MODE_HYP);
	unchanged(0xf8b10a00, 4, ARM_INSN_UNDEF);
	arm(ARM_MODE_USR);
	unchanged(0xf8b10a00, 4, ARM_INSN_UNDEF);
}

static void load_pc(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	set_mem_word(&m, BASE, 0x8001);
	/* ldr pc, [r1], #4: to Thumb */
	assert_int_equal(machine_run(&m, 0xe491f004, 4), 0);
	assert_int_equal(m.regs.pc, 0x8000);
	assert_true(m.regs.cpsr & CPSR_T);
	assert_int_equal(m.regs.r[1], BASE + 4);
	/* pop {pc}: back to ARM */
	set_mem_word(&m, BASE, 0x8004);
	assert_int_equal(machine_run(&m, 0xbd00, 2), 0);
	assert_int_equal(m.regs.pc, 0x8004);
	assert_false(m.regs.cpsr & CPSR_T);
}

static void store_pc(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	/* str pc, [r1] and stmia r1, {pc}: PC + 8 */
	assert_int_equal(machine_run(&m, 0xe581f000, 4), 0);
	assert_int_equal(mem_word(&m, BASE), START_PC + 8);
	m.regs.pc = START_PC;
	assert_int_equal(machine_run(&m, 0xe8818000, 4), 0);
	assert_int_equal(mem_word(&m, BASE), START_PC + 8);
}

static void literals(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	m.regs.pc = BUF + 8;
	/* ldr r0, [pc, #-4]; ldrd r10, r11, [pc]; ldrsb r0, [pc, #1] */
	assert_int_equal(machine_run(&m, 0xe51f0004, 4), 0);
	assert_int_equal(m.regs.r[0], mem_word(&m, BUF + 12));
	assert_int_equal(machine_run(&m, 0xe1cfa0d0, 4), 0);
	assert_int_equal(m.regs.r[11], mem_word(&m, BUF + 24));
	/* In Thumb Align(PC, 4): ldr.n r0, [pc, #4] at 2 modulo 4 */
	thumb(ARM_MODE_SVC);
	m.regs.pc = BUF + 10;
	assert_int_equal(machine_run(&m, 0x4801, 2), 0);
	assert_int_not_equal(m.regs.r[0], initial_reg(0));
	assert_int_equal(m.regs.r[0], mem_word(&m, BUF + 16));
	/* ldrd r0, r5, [pc, #8] */
	m.regs.pc = BUF + 10;
	assert_int_equal(machine_run(&m, 0xe9df0502, 4), 0);
	assert_int_equal(m.regs.r[5], mem_word(&m, BUF + 24));
	/* ldr.w r0, [pc, #-8] */
	m.regs.pc = BUF + 10;
	assert_int_equal(machine_run(&m, 0xf85f0008, 4), 0);
	assert_int_equal(m.regs.r[0], mem_word(&m, BUF + 4));
	/* vldr d0, [pc, #8] */
	m.regs.pc = BUF + 10;
	assert_int_equal(machine_run(&m, 0xed9f0b02, 4), 0);
	assert_int_equal((uint32_t)m.d[0], mem_word(&m, BUF + 20));
}

static void table_branches(void **state)
{
	(void)state;
	thumb(ARM_MODE_SVC);
	m.mem[128 + 8] = 5;
	/* tbb [r1, r2] */
	assert_int_equal(machine_run(&m, 0xe8d1f002, 4), 0);
	assert_int_equal(m.regs.pc, START_PC + 4 + 10);
	m.regs.pc = START_PC;
	m.mem[128 + 16] = 0x34;
	m.mem[128 + 17] = 0x12;
	/* tbh [r1, r2, lsl #1] */
	assert_int_equal(machine_run(&m, 0xe8d1f012, 4), 0);
	assert_int_equal(m.regs.pc, START_PC + 4 + 0x2468);
	/* tbb [pc, r2]: the base is not aligned */
	m.regs.pc = BUF + 2;
	m.mem[2 + 4 + 8] = 1;
	assert_int_equal(machine_run(&m, 0xe8dff002, 4), 0);
	assert_int_equal(m.regs.pc, BUF + 2 + 4 + 2);
}

static void store_exclusive(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	/* strex r0, r5, [r1]; strexd r0, r10, r11, [r1] */
	assert_int_equal(machine_run(&m, 0xe1810f95, 4), 0);
	assert_int_equal(m.regs.r[0], 0);
	assert_int_equal(mem_word(&m, BASE), initial_reg(5));
	m.regs.r[0] = 9;
	assert_int_equal(machine_run(&m, 0xe1a10f9a, 4), 0);
	assert_int_equal(m.regs.r[0], 0);
	assert_int_equal(mem_word(&m, BASE), initial_reg(10));
	assert_int_equal(mem_word(&m, BASE + 4), initial_reg(11));
	/* strexb r0, r5, [r1] and, in Thumb, strex r0, r5, [r1, #8] */
	m.regs.r[0] = 9;
	assert_int_equal(machine_run(&m, 0xe1c10f95, 4), 0);
	assert_int_equal(m.mem[128], initial_reg(5) & 0xff);
	assert_int_equal(m.regs.r[0], 0);
	m.regs.cpsr |= CPSR_T;
	m.regs.r[0] = 9;
	assert_int_equal(machine_run(&m, 0xe8415002, 4), 0);
	assert_int_equal(m.regs.r[0], 0);
	assert_int_equal(mem_word(&m, BASE + 8), initial_reg(5));
	/* strexh r0, r5, [r1]; strexd r0, r5, r8, [r1] */
	assert_int_equal(machine_run(&m, 0xe8c15f50, 4), 0);
	assert_int_equal(m.mem[129], (initial_reg(5) >> 8) & 0xff);
	assert_int_equal(machine_run(&m, 0xe8c15870, 4), 0);
	assert_int_equal(mem_word(&m, BASE + 4), initial_reg(8));
}

/* Each faults at its second access, except those with only one. */
static const struct {
	uint32_t word;
	uint32_t fault_at;
	bool write;
} faulting[] = {
	{ 0xe8b10025, BASE + 4, false }, /* ldmia r1!, {r0, r2, r5} */
	{ 0xe5b10008, BASE + 8, false }, /* ldr r0, [r1, #8]! */
	{ 0xe0c1a0d8, BASE + 4, false }, /* ldrd r10, r11, [r1], #8 */
	{ 0xecb10b08, BASE + 4, false }, /* vldmia r1!, {d0-d3} */
	{ 0xf421000d, BASE + 1, false }, /* vld4.8 {d0-d3}, [r1]! */
	{ 0xf42107cd, BASE + 4, false }, /* vld1.64 {d0}, [r1]! */
	{ 0xf4a10c0d, BASE + 0, false }, /* vld1.8 {d0[]}, [r1]! */
	{ 0xe1910f9f, BASE + 0, false }, /* ldrex r0, [r1] */
	{ 0xe1010095, BASE + 0, false }, /* swp r0, r5, [r1] */
	{ 0xecb15e01, BASE + 0, false }, /* ldc p14, c5, [r1], #4 */
	{ 0xf8b10a00, BASE + 4, false }, /* rfeia r1! */
	{ 0xe9210025, BASE - 8, true },	 /* stmdb r1!, {r0, r2, r5} */
	{ 0xe5a10008, BASE + 8, true },	 /* str r0, [r1, #8]! */
	{ 0xe0c1a0f8, BASE + 4, true },	 /* strd r10, r11, [r1], #8 */
	{ 0xeca10b08, BASE + 4, true },	 /* vstmia r1!, {d0-d3} */
	{ 0xf401000d, BASE + 1, true },	 /* vst4.8 {d0-d3}, [r1]! */
	{ 0xe1810f95, BASE + 0, true },	 /* strex r0, r5, [r1] */
	{ 0xf9ed0513, BASE + 8, true },	 /* srsib sp!, #19 */
};

static void fault_restores_base(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(faulting) / sizeof(faulting[0]); i++) {
		uint64_t d[32];

		arm(ARM_MODE_SVC);
		memcpy(d, m.d, sizeof(d));
		m.fault_at = faulting[i].fault_at;
		unchanged(faulting[i].word, 4, MEM_FAULT);
		assert_int_equal(m.cpu.fault_va, faulting[i].fault_at);
		assert_int_equal(m.cpu.fault_write, faulting[i].write);
		assert_memory_equal(d, m.d, sizeof(d));
	}
}

/* For the words below: L is bit 20; for doublewords it is bit 5, inverted. */
static bool is_store(uint32_t word)
{
	if (word == 0xe1c1a0d0 || word >> 24 == 0xf4 || word == 0xe1010095)
		return false;
	return !(word & (1 << 20));
}

static void alignment_faults(void **state)
{
	/* Multiple, dual, exclusive, SWP, VLDR, VLD1 with an alignment; their
	 * stores. */
	static const uint32_t words[] = { 0xeca15e01,
					  0xed910a00,
					  0xed810a00,
					  0xe8810005,
					  0xe1c1a0f0,
					  0xe1810f95,
					  0xed810b00,
					  0xe8910005,
					  0xe1c1a0d0,
					  0xe1910f9f,
					  0xe1d10f9f /* ldrexb */,
					  0xe1010095,
					  0xed910b00,
					  0xf421371f,
					  0xf8b10a00 /* rfeia */ };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		arm(ARM_MODE_SVC);
		m.regs.r[1] = BASE + 2;
		if (words[i] == 0xe1d10f9f) {
			assert_int_equal(machine_run(&m, words[i], 4), 0);
			continue;
		}
		unchanged(words[i], 4, ARM_INSN_ALIGN);
		assert_int_equal(m.cpu.fault_va, BASE + 2);
		assert_int_equal(m.cpu.fault_write, is_store(words[i]));
		assert_int_equal(m.accesses, 0);
	}
}

static void doubleword_exclusive_aligned_to_8(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	m.regs.r[1] = BASE + 4;
	unchanged(0xe1b1af9f, 4, ARM_INSN_ALIGN); /* ldrexd r10, r11, [r1] */
	assert_false(m.cpu.fault_write);
	unchanged(0xe1a10f9a, 4, ARM_INSN_ALIGN); /* strexd r0, r10, r11 */
	assert_true(m.cpu.fault_write);
}

static void sctlr_a(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	m.cpu.sctlr = SCTLR_A;
	unchanged(0xe5910001, 4, ARM_INSN_ALIGN); /* ldr r0, [r1, #1] */
	unchanged(0xe1c100b1, 4, ARM_INSN_ALIGN); /* strh r0, [r1, #1] */
	assert_true(m.cpu.fault_write);
	assert_int_equal(machine_run(&m, 0xe5d10001, 4), 0); /* ldrb */
	assert_int_equal(machine_run(&m, 0xf42137cf, 4), 0);
	m.regs.r[1] = BASE + 4;
	unchanged(0xf42137cf, 4, ARM_INSN_ALIGN); /* vld1.64 {d3}, [r1] */
}

static void unprivileged(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	assert_int_equal(machine_run(&m, 0xe4b10004, 4), 0); /* ldrt */
	assert_true(m.unpriv);
	assert_int_equal(machine_run(&m, 0xe4910004, 4), 0); /* ldr */
	assert_false(m.unpriv);
	thumb(ARM_MODE_SVC);
	assert_int_equal(machine_run(&m, 0xf8410e04, 4), 0); /* strt */
	assert_true(m.unpriv);
}

static void rotate_with_extend(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	/* ldr r0, [r9, r2, rrx]: C enters at the top */
	m.regs.r[2] = 0x9;
	m.regs.r[9] = BASE - 0x80000000u;
	assert_int_equal(machine_run(&m, 0xe7990062, 4), 0);
	assert_int_equal(m.regs.r[0], mem_word(&m, BASE + 4));
	m.regs.cpsr &= ~CPSR_C;
	m.regs.r[9] = BASE;
	assert_int_equal(machine_run(&m, 0xe7990062, 4), 0);
	assert_int_equal(m.regs.r[0], mem_word(&m, BASE + 4));
}

static void it_block(void **state)
{
	uint32_t it_eq_ne = 0x0c; /* ITE EQ: first condition EQ */

	(void)state;
	thumb(ARM_MODE_SVC);
	m.regs.cpsr = arm_it_set(m.regs.cpsr, it_eq_ne);
	/* ldr r0, [r7]: EQ fails, Z being clear */
	assert_int_equal(machine_run(&m, 0x6838, 2), 0);
	assert_int_equal(m.regs.r[0], initial_reg(0));
	assert_int_equal(m.regs.pc, START_PC + 2);
	assert_int_equal(arm_it_get(m.regs.cpsr), 0x18);
	assert_int_equal(m.accesses, 0);
	/* NE passes, and the block ends. */
	assert_int_equal(machine_run(&m, 0x6838, 2), 0);
	assert_int_equal(m.regs.r[0], mem_word(&m, BASE));
	assert_int_equal(arm_it_get(m.regs.cpsr), 0);
}

static void hints_touch_no_memory(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	assert_int_equal(machine_run(&m, 0xf5d1f000, 4), 0);
	thumb(ARM_MODE_SVC);
	assert_int_equal(machine_run(&m, 0xf891f000, 4), 0);
	assert_int_equal(m.accesses, 0);
	assert_int_equal(m.regs.pc, START_PC + 4);
}

static void debug_transfer(void **state)
{
	(void)state;
	arm(ARM_MODE_SVC);
	/* stc p14, c5, [r1], #4: DBGDTRRXint reads as zero */
	assert_int_equal(machine_run(&m, 0xeca15e01, 4), 0);
	assert_int_equal(mem_word(&m, BASE), 0);
	assert_int_equal(m.regs.r[1], BASE + 4);
	/* ldc p14, c5, [r1, #4] */
	assert_int_equal(machine_run(&m, 0xed915e01, 4), 0);
	assert_int_equal(m.regs.r[1], BASE + 4);
}

/* An UNDEFINED encoding below has one of these next to it. */
static void defined_neighbours(void **state)
{
	struct arm_insn insn;

	(void)state;
	/* pld [r1, r0, lsr #32]; strex r6, r5, [r1]; ldc p14, c5, [r1], {1};
	 * vld1.8 {d30, d31}, [r1]; tbb [r12, r2] */
	assert_int_equal(arm_insn_decode(0xec915e01, false, 4, &insn), 0);
	assert_int_equal(insn.imm, 0);
	assert_int_equal(arm_insn_decode(0xf461ea0f, false, 4, &insn), 0);
	assert_int_equal(arm_insn_decode(0xf7d1f020, false, 4, &insn), 0);
	assert_int_equal(arm_insn_decode(0xe1816f95, false, 4, &insn), 0);
	assert_int_equal(arm_insn_decode(0xe8dcf002, true, 4, &insn), 0);
	assert_int_equal(insn.rn, 12);
}

/* The largest offset of each form. */
static const struct {
	uint32_t word;
	bool is_thumb;
	uint8_t len;
	uint16_t imm;
} offsets[] = {
	{ 0xe5910fff, false, 4, 4095 }, /* ldr r0, [r1, #4095] */
	{ 0xe1d10fbf, false, 4, 255 },	/* ldrh r0, [r1, #255] */
	{ 0xed910bff, false, 4, 1020 }, /* vldr d0, [r1, #1020] */
	{ 0xed915eff, false, 4, 1020 }, /* ldc p14, c5, [r1, #1020] */
	{ 0x6fc8, true, 2, 124 },	/* ldr r0, [r1, #124] */
	{ 0x7fc8, true, 2, 31 },	/* ldrb r0, [r1, #31] */
	{ 0x8fc8, true, 2, 62 },	/* ldrh r0, [r1, #62] */
	{ 0x98ff, true, 2, 1020 },	/* ldr r0, [sp, #1020] */
	{ 0x48ff, true, 2, 1020 },	/* ldr r0, [pc, #1020] */
	{ 0xf8d10fff, true, 4, 4095 },	/* ldr.w r0, [r1, #4095] */
	{ 0xf8510bff, true, 4, 255 },	/* ldr r0, [r1], #255 */
	{ 0xf8510eff, true, 4, 255 },	/* ldrt r0, [r1, #255] */
	{ 0xf8df0fff, true, 4, 4095 },	/* ldr.w r0, [pc, #4095] */
	{ 0xe9d101ff, true, 4, 1020 },	/* ldrd r0, r1, [r1, #1020] */
	{ 0xe8510fff, true, 4, 1020 },	/* ldrex r0, [r1, #1020] */
};

static void largest_offsets(void **state)
{
	struct arm_insn insn;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		assert_int_equal(arm_insn_decode(offsets[i].word,
						 offsets[i].is_thumb,
						 offsets[i].len, &insn),
				 0);
		assert_int_equal(insn.imm, offsets[i].imm);
		assert_true(insn.add);
	}
}

static void no_vfp(void **state)
{
	struct arm_insn_ops ops = machine_ops;

	(void)state;
	arm(ARM_MODE_SVC);
	ops.vfp_get = NULL;
	ops.vfp_set = NULL;
	m.cpu.ops = &ops;
	unchanged(0xed910b00, 4, ARM_INSN_UNDEF);
	unchanged(0xf421370f, 4, ARM_INSN_UNDEF);
}

/* UNDEFINED, UNPREDICTABLE, or not a load or store. */
static const struct {
	uint32_t word;
	bool is_thumb;
	uint8_t len;
	const char *why;
} undefined[] = {
	{ 0xe1a00000, false, 4, "mov" },
	{ 0xe6000010, false, 4, "media" },
	{ 0xef000000, false, 4, "svc" },
	{ 0xee110f10, false, 4, "mrc" },
	{ 0xec410b10, false, 4, "vmov d0, r0, r1" },
	{ 0xe8910000, false, 4, "ldm of nothing" },
	{ 0xe89f0001, false, 4, "ldm of pc" },
	{ 0xe8f10001, false, 4, "ldm user registers with writeback" },
	{ 0xe5bf0004, false, 4, "ldr pc base with writeback" },
	{ 0xe791000f, false, 4, "ldr with pc as offset" },
	{ 0xe5d1f000, false, 4, "ldrb to pc" },
	{ 0xe1c110d0 | 1 << 12, false, 4, "ldrd to an odd register" },
	{ 0xe1c1e0d0, false, 4, "ldrd to lr and pc" },
	{ 0xe1d1f0b0, false, 4, "ldrh to pc" },
	{ 0xe0e1a0d0, false, 4, "ldrd unprivileged" },
	{ 0xe1b1bf9f, false, 4, "ldrexd to an odd register" },
	{ 0xe1811f95, false, 4, "strex status in the base" },
	{ 0xe1815f95, false, 4, "strex status in the data" },
	{ 0xe1010191, false, 4, "swp of its base" },
	{ 0xe1a1bf9a, false, 4, "strexd status in the data" },
	{ 0xe1010f95, false, 4, "hole beside swp" },
	{ 0xe191009f, false, 4, "hole beside ldrex" },
	{ 0xe101009f, false, 4, "swp of pc" },
	{ 0xe10f0095, false, 4, "swp with pc as the base" },
	{ 0xf7d1f012, false, 4, "pld register with bit 4" },
	{ 0xf8bf0a00, false, 4, "rfe with pc as the base" },
	{ 0xf4a10ccf, false, 4, "vld1 all lanes of size 3" },
	{ 0xf4a10fcf, false, 4, "vld4 all lanes of size 3, unaligned" },
	{ 0xf92d0513, false, 4, "srs without bit 22" },
	{ 0xf97d0513, false, 4, "srs with bit 20" },
	{ 0xe1ff00b4, false, 4, "ldrh pc base with writeback" },
	{ 0xe19100bf, false, 4, "ldrh with pc as offset" },
	{ 0xecbf0b02, false, 4, "vldm pc base with writeback" },
	{ 0xec9f0b02, true, 4, "vldm of pc" },
	{ 0xec910b22, false, 4, "vldm of 17 registers" },
	{ 0xec115e01, false, 4, "ldc with P, U and W clear" },
	{ 0xf4a10a2f, false, 4, "vld3.32 lane with alignment" },
	{ 0xf461fa0f, false, 4, "vld1 of d31 and one more" },
	{ 0xe1110095, false, 4, "hole above swp" },
	{ 0xf4a1021f, false, 4, "vld3.8 lane with alignment" },
	{ 0xe19f0f9f, false, 4, "ldrex with pc as the base" },
	{ 0xe191ff9f, false, 4, "ldrex to pc" },
	{ 0xe181ff95, false, 4, "strex status to pc" },
	{ 0xfa000000, false, 4, "blx" },
	{ 0xfc915e01, false, 4, "ldc2" },
	{ 0xf57ff01f, false, 4, "clrex" },
	{ 0xf57ff04f, false, 4, "dsb" },
	{ 0xf96d0413, false, 4, "srs with a fixed bit wrong" },
	{ 0xf8b10a01, false, 4, "rfe with a fixed bit wrong" },
	{ 0xed915e01 | 1 << 22, false, 4, "ldcl p14" },
	{ 0xed914e01, false, 4, "ldc p14, c4" },
	{ 0xed915f01, false, 4, "ldc p15" },
	{ 0xec915b00, false, 4, "vldm of nothing" },
	{ 0xecf1eb0a, false, 4, "vldm past d31" },
	{ 0xed910b02 | 1 << 21 | 1 << 23, false, 4, "vldm P = U with W" },
	{ 0xf421070f | 2 << 4, false, 4, "vld1 {d}, 128-bit alignment" },
	{ 0xf4210b0f, false, 4, "vld type 0b1011" },
	{ 0xf42108cf, false, 4, "vld2.64" },
	{ 0xf46100cf, false, 4, "vld4.64" },
	{ 0xf461f00f, false, 4, "vld4 past d31" },
	{ 0xf4a1001f, false, 4, "vld1.8 lane with alignment" },
	{ 0xf4a1081f, false, 4, "vld1.32 lane with half an alignment" },
	{ 0xf4a10e1f, false, 4, "vld3.8 all lanes aligned" },
	{ 0xf4a10c1f, false, 4, "vld1.8 all lanes aligned" },
	{ 0xf4810c0f, false, 4, "vst1 all lanes" },
	{ 0xf4af000f, false, 4, "vld1 lane with pc as the base" },
	{ 0x4640, true, 2, "mov" },
	{ 0xb400, true, 2, "push of nothing" },
	{ 0xbc00, true, 2, "pop of nothing" },
	{ 0xc900, true, 2, "ldmia of nothing" },
	{ 0xb100, true, 2, "cbz" },
	{ 0xe7fe, true, 2, "b" },
	{ 0xdf00, true, 2, "svc" },
	{ 0xf3bf8f5f, true, 4, "dmb" },
	{ 0xe891c001, true, 4, "ldm of lr and pc" },
	{ 0xe8910000, true, 4, "ldm of nothing" },
	{ 0xe8912001, true, 4, "ldm of sp" },
	{ 0xe89f0001, true, 4, "ldm with pc as the base" },
	{ 0xe8818001, true, 4, "stm of pc" },
	{ 0xe9d10000, true, 4, "ldrd of one register twice" },
	{ 0xe9d1d000, true, 4, "ldrd of sp" },
	{ 0xe9cf0100, true, 4, "strd literal" },
	{ 0xe8410000, true, 4, "strex status in the data" },
	{ 0xe8410100, true, 4, "strex status in the base" },
	{ 0xe8d1f00d, true, 4, "tbb by sp" },
	{ 0xe8ddf002, true, 4, "tbb with sp as the base" },
	{ 0xe891c003, true, 4, "ldm of lr and pc" },
	{ 0xe85f0f00, true, 4, "ldrex with pc as the base" },
	{ 0xe851df00, true, 4, "ldrex to sp" },
	{ 0xe8d10d7f, true, 4, "ldrexd to sp" },
	{ 0xe8d1007f, true, 4, "ldrexd to one register twice" },
	{ 0xf851fe04, true, 4, "ldrt to pc" },
	{ 0xe8d1f022, true, 4, "hole beside tbb" },
	{ 0xe8d15f6f, true, 4, "hole among exclusives" },
	{ 0xf8cf0000, true, 4, "str literal" },
	{ 0xf8c1f000, true, 4, "str of pc" },
	{ 0xf8510800, true, 4, "ldr with P and W clear" },
	{ 0xf851000d, true, 4, "ldr by sp" },
	{ 0xf8510040, true, 4, "ldr register with a fixed bit wrong" },
	{ 0xf9d10000, true, 4, "ldrsw" },
	{ 0xf8710000, true, 4, "doubleword hole" },
	{ 0xfc110e00, true, 4, "ldc2" },
};

static void undefined_encodings(void **state)
{
	struct arm_insn insn;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(undefined) / sizeof(undefined[0]); i++)
		if (arm_insn_decode(undefined[i].word, undefined[i].is_thumb,
				    undefined[i].len, &insn) != ARM_INSN_UNDEF)
			fail_msg("%x: %s", undefined[i].word, undefined[i].why);
}

static void thumb_length(void **state)
{
	(void)state;
	assert_false(arm_thumb_is_32(0xe7ff));
	assert_true(arm_thumb_is_32(0xe800));
	assert_true(arm_thumb_is_32(0xf000));
	assert_true(arm_thumb_is_32(0xffff));
	assert_false(arm_thumb_is_32(0x6838));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ldm_user_registers),
		cmocka_unit_test(stm_user_registers_of_fiq),
		cmocka_unit_test(ldm_exception_return),
		cmocka_unit_test(ldm_exception_return_refused),
		cmocka_unit_test(srs),
		cmocka_unit_test(srs_refused),
		cmocka_unit_test(rfe),
		cmocka_unit_test(rfe_up_in_thumb),
		cmocka_unit_test(rfe_refused),
		cmocka_unit_test(load_pc),
		cmocka_unit_test(store_pc),
		cmocka_unit_test(literals),
		cmocka_unit_test(table_branches),
		cmocka_unit_test(store_exclusive),
		cmocka_unit_test(fault_restores_base),
		cmocka_unit_test(alignment_faults),
		cmocka_unit_test(doubleword_exclusive_aligned_to_8),
		cmocka_unit_test(sctlr_a),
		cmocka_unit_test(unprivileged),
		cmocka_unit_test(rotate_with_extend),
		cmocka_unit_test(it_block),
		cmocka_unit_test(hints_touch_no_memory),
		cmocka_unit_test(debug_transfer),
		cmocka_unit_test(defined_neighbours),
		cmocka_unit_test(largest_offsets),
		cmocka_unit_test(no_vfp),
		cmocka_unit_test(undefined_encodings),
		cmocka_unit_test(thumb_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
