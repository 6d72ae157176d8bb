/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where each kind of instruction leads, by its operation in DDI 0406C.
 * Encodings are binutils'.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/next_pc.h"

#define PC 0x8000u
#define TABLE \
	0x9000u /* words 0, 1, 2...: TABLE + 4 * n holds 0xa001 + 16 * n */
#define SVC    (ARM_MODE_SVC | CPSR_I)
#define SPSR_T (ARM_MODE_USR | CPSR_T)

static bool read_table(void *arg, uint32_t va, unsigned int size, uint32_t *val)
{
	(void)arg;
	if (va < TABLE || va >= TABLE + 0x100)
		return false;
	*val = 0xa001 + 16 * ((va - TABLE) / 4);
	if (size == 1)
		*val = va - TABLE;
	if (size == 2)
		*val = 0x100 + va - TABLE;
	return true;
}

static const struct arm_next_ops ops = { read_table, NULL };

/* R0 is 0, R1 is 0xb003, R2 is 4, SP and R3 are in the table, LR is 0xc000. */
static struct arm_regs registers(uint32_t cpsr)
{
	struct arm_regs regs = { .r = { 0, 0xb003, 4, TABLE + 0x10 },
				 .pc = PC,
				 .cpsr = cpsr,
				 .sp_svc = TABLE + 0x20,
				 .lr_svc = 0xc000,
				 .spsr_svc = SPSR_T };

	return regs;
}

struct row {
	uint32_t insn;
	uint32_t pc; /* where it leads; 0: unknown */
	bool thumb;  /* the instruction set state there */
	bool psr;
};

static void try(const struct row *rows, size_t n, uint32_t cpsr, uint32_t len)
{
	for (size_t i = 0; i < n; i++) {
		struct arm_regs regs = registers(cpsr);
		struct arm_next next;
		bool known = arm_next_pc(&regs, rows[i].insn, len, &ops, &next);

		if (known != (rows[i].pc != 0) ||
		    (known &&
		     (next.pc != rows[i].pc || next.thumb != rows[i].thumb ||
		      next.psr != rows[i].psr)))
			fail_msg("%08x: %d %x %d %d", rows[i].insn, known,
				 next.pc, next.thumb, next.psr);
	}
}

#define N(rows) (sizeof(rows) / sizeof((rows)[0]))

static void arm(void **state)
{
	static const struct row rows[] = {
		{ 0xe1a00000, PC + 4, false, false },	 /* nop */
		{ 0xea000002, PC + 0x10, false, false }, /* b */
		{ 0xebfffffe, PC, false, false },	 /* bl . */
		{ 0x0a000002, PC + 4, false, false },	 /* beq, Z is 0 */
		{ 0x1a000002, PC + 0x10, false, false }, /* bne */
		{ 0xfb000000, PC + 10, true, false },	 /* blx, H is 1 */
		{ 0xe12fff11, 0xb002, true, false },	 /* bx r1 */
		{ 0xe12fff31, 0xb002, true, false },	 /* blx r1 */
		{ 0xe12fff1e, 0xc000, false, false },	 /* bx lr */
		{ 0xe1a0f00e, 0xc000, false, false },	 /* mov pc, lr */
		{ 0xe08ff002, PC + 12, false, false },	 /* add pc, pc, r2 */
		{ 0xe28ff004, PC + 12, false, false },	 /* add pc, pc, #4 */
		{ 0xe08ff102, PC + 24, false, false },	 /* ..., r2, lsl #2 */
		{ 0xe1b0f00e, 0xc000, true, true },	 /* movs pc, lr */
		{ 0xe25ef004, 0xbffc, true, true },	 /* subs pc, lr, #4 */
		{ 0xe160006e, 0xc000, true, true },	 /* eret */
		{ 0xe593f000, 0xa040, true, false },	 /* ldr pc, [r3] */
		{ 0xe593f004, 0xa050, true, false },	 /* ..., [r3, #4] */
		{ 0xe513f004, 0xa030, true, false },	 /* ..., [r3, #-4] */
		{ 0xe493f004, 0xa040, true, false },	 /* ..., [r3], #4 */
		{ 0xe793f102, 0xa080, true, false },	 /* ..., r2, lsl #2] */
		{ 0xe590f000, 0, false, false },	 /* unreadable memory */
		{ 0x0590f000, PC + 4, false, false },	 /* ldreq */
		{ 0xe49df004, 0xa080, true, false },	 /* pop {pc} */
		{ 0xe8bd8010, 0xa090, true, false },	 /* pop {r4, pc} */
		{ 0xe913c000, 0xa030, true, false },  /* ldmdb r3, {lr, pc} */
		{ 0xe813c000, 0xa040, true, false },  /* ldmda */
		{ 0xe993c000, 0xa060, true, false },  /* ldmib */
		{ 0xe8fd8010, 0xa090, true, true },   /* ldm sp!, {..}^ */
		{ 0xf8bd0a00, 0xa080, false, true },  /* rfeia sp! */
		{ 0xf9330a00, 0xa020, true, true },   /* rfedb r3! */
		{ 0xf8330a00, 0xa030, false, true },  /* rfeda r3! */
		{ 0xf9b30a00, 0xa050, true, true },   /* rfeib r3! */
		{ 0xe10f0000, PC + 4, false, true },  /* mrs r0, cpsr */
		{ 0xe121f000, PC + 4, false, true },  /* msr cpsr_c, r0 */
		{ 0xe321f0d3, PC + 4, false, true },  /* msr cpsr_c, #0xd3 */
		{ 0xf1080080, PC + 4, false, true },  /* cpsie i */
		{ 0xf1010200, PC + 4, false, false }, /* setend be */
		{ 0xe00f0291, PC + 4, false, false }, /* mul pc: no write */
		{ 0xe15f0001, PC + 4, false, false }, /* cmp pc, r1 */
		{ 0xe5cf0000, PC + 4, false, false }, /* strb */
		{ 0xef000000, PC + 4, false, false }, /* svc */
	};

	(void)state;
	try(rows, N(rows), SVC, 4);
}

static void thumb_16(void **state)
{
	static const struct row rows[] = {
		{ 0xbf00, PC + 2, true, false },    /* nop */
		{ 0xe002, PC + 8, true, false },    /* b */
		{ 0xe7fe, PC, true, false },	    /* b . */
		{ 0xd002, PC + 2, true, false },    /* beq, Z is 0 */
		{ 0xd102, PC + 8, true, false },    /* bne */
		{ 0xdf00, PC + 2, true, false },    /* svc */
		{ 0xde00, PC + 2, true, false },    /* udf */
		{ 0xb110, PC + 8, true, false },    /* cbz r0, which is 0 */
		{ 0xb910, PC + 2, true, false },    /* cbnz r0 */
		{ 0xbb12, PC + 0x48, true, false }, /* cbnz r2, far */
		{ 0x4708, 0xb002, true, false },    /* bx r1 */
		{ 0x4770, 0xc000, false, false },   /* bx lr */
		{ 0x4788, 0xb002, true, false },    /* blx r1 */
		{ 0x46f7, 0xc000, true, false },    /* mov pc, lr */
		{ 0x4497, PC + 8, true, false },    /* add pc, r2 */
		{ 0x4496, PC + 2, true, false },    /* add lr, r2 */
		{ 0xbd10, 0xa090, true, false },    /* pop {r4, pc} */
		{ 0xbc10, PC + 2, true, false },    /* pop {r4} */
		{ 0xb662, PC + 2, true, true },	    /* cpsie i */
	};

	(void)state;
	try(rows, N(rows), SVC | CPSR_T, 2);
}

static void thumb_32(void **state)
{
	static const struct row rows[] = {
		{ 0xf000f802, PC + 8, true, false },		 /* bl */
		{ 0xf7fffffe, PC, true, false },		 /* bl . */
		{ 0xf000e802, PC + 8, false, false },		 /* blx */
		{ 0xf000b802, PC + 8, true, false },		 /* b.w */
		{ 0xf0008002, PC + 4, true, false },		 /* beq.w */
		{ 0xf0408002, PC + 8, true, false },		 /* bne.w */
		{ 0xf47faffe, PC, true, false },		 /* bne.w . */
		{ 0xe8d3f002, PC + 4 + 2 * 0x14, true, false },	 /* tbb */
		{ 0xe8d3f012, PC + 4 + 2 * 0x118, true, false }, /* tbh */
		{ 0xe8bd8010, 0xa090, true, false }, /* pop.w {r4, pc} */
		{ 0xe9138010, 0xa030, true, false }, /* ldmdb */
		{ 0xf8d3f004, 0xa050, true, false }, /* ldr.w pc, [r3, #4] */
		{ 0xf853fc04, 0xa030, true, false }, /* ..., [r3, #-4] */
		{ 0xf853fb04, 0xa040, true, false }, /* ..., [r3], #4 */
		{ 0xf853f022, 0xa080, true, false }, /* ..., lsl #2] */
		{ 0xf3de8f04, 0xbffc, true, true },  /* subs pc, lr, #4 */
		{ 0xe993c000, 0xa040, false, true }, /* rfeia r3 */
		{ 0xe813c000, 0xa020, true, true },  /* rfedb r3 */
		{ 0xf3ef8000, PC + 4, true, true },  /* mrs */
		{ 0xf3808100, PC + 4, true, true },  /* msr cpsr_c */
		{ 0xf3af8000, PC + 4, true, false }, /* nop.w */
		{ 0xf3bf8f5f, PC + 4, true, false }, /* dmb */
	};

	(void)state;
	try(rows, N(rows), SVC | CPSR_T, 4);
}

/* In a failed IT block the instruction does nothing. */
static void it_fails(void **state)
{
	const uint32_t it_eq = arm_it_set(SVC | CPSR_T, 0x08);
	static const struct row rows[] = { { 0x4708, PC + 2, true, false },
					   { 0xbd10, PC + 2, true, false } };
	const struct row happens[] = { { 0x4708, 0xb002, true, false } };

	(void)state;
	try(rows, N(rows), it_eq, 2);
	try(happens, N(happens), it_eq | CPSR_Z, 2);
}

static void exclusives(void **state)
{
	static const struct {
		uint32_t insn, cpsr, ldrex, strex;
	} rows[] = {
		{ 0xe1931f9f, SVC, 1, 0 },
		{ 0xe1832f91, SVC, 0, 1 },
		{ 0xe1d31f9f, SVC, 1, 0 },
		{ 0xe1e32f91, SVC, 0, 1 },
		{ 0xe1b30f9f, SVC, 1, 0 },
		{ 0xe1c32f91, SVC, 0, 1 },
		{ 0xe8531f00, SVC | CPSR_T, 1, 0 },
		{ 0xe8431200, SVC | CPSR_T, 0, 1 },
		{ 0xe8d31f4f, SVC | CPSR_T, 1, 0 },
		{ 0xe8c31f42, SVC | CPSR_T, 0, 1 },
		{ 0xe8d3017f, SVC | CPSR_T, 1, 0 },
		{ 0xe1a00000, SVC, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct arm_regs regs = registers(rows[i].cpsr);
		struct arm_next next;

		assert_true(arm_next_pc(&regs, rows[i].insn, 4, &ops, &next));
		assert_int_equal(next.ldrex, rows[i].ldrex);
		assert_int_equal(next.strex, rows[i].strex);
	}
}

/* CPSR.E: data is big-endian, instructions are not. */
static void big_endian(void **state)
{
	static const struct row rows[] = {
		{ 0xe593f000, 0x41a00000, false, false } /* ldr pc, [r3] */
	};

	(void)state;
	try(rows, N(rows), SVC | CPSR_E, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arm),	      cmocka_unit_test(thumb_16),
		cmocka_unit_test(thumb_32),   cmocka_unit_test(it_fails),
		cmocka_unit_test(exclusives), cmocka_unit_test(big_endian),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
