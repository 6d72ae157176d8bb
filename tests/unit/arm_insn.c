/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every load and store encoding: its effect on registers and memory must be
 * what qemu-arm did with the same word from the same state (arm_insn_cases.py).
 */
#include "tests/unit/arm_insn_machine.h"

struct insn_case {
	const char *text;
	uint32_t word;
	unsigned int len;
	const char *changes;
};

static const struct insn_case a32_cases[] = {
#include "tests/unit/arm_insn_cases_a32.h"
};
static const struct insn_case t16_cases[] = {
#include "tests/unit/arm_insn_cases_t16.h"
};
static const struct insn_case t32_cases[] = {
#include "tests/unit/arm_insn_cases_t32.h"
};
static const struct insn_case vfp_cases[] = {
#include "tests/unit/arm_insn_cases_vfp.h"
};
static const struct insn_case neon_cases[] = {
#include "tests/unit/arm_insn_cases_neon.h"
};
static const struct insn_case be_cases[] = {
#include "tests/unit/arm_insn_cases_be.h"
};

#define TEXT_SIZE 8192

/* Appends one change, with " " before all but the first. */
static void __attribute__((format(printf, 2, 3)))
append(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	if (used)
		text[used++] = ' ';
	va_start(args, format);
	vsnprintf(text + used, TEXT_SIZE - used, format, args);
	va_end(args);
}

static bool word_changed(const struct machine *m, unsigned int n)
{
	unsigned int i;

	for (i = n; i < n + 4; i++)
		if (m->mem[i] != initial_mem(i))
			return true;
	return false;
}

/* Writes down the changes in the format of the tables. */
static void describe(struct machine *m, char *text)
{
	unsigned int n;

	text[0] = 0;
	for (n = 0; n < 15; n++)
		if (*arm_reg(&m->regs, n) != initial_reg(n))
			append(text, "r%u=%08x", n, *arm_reg(&m->regs, n));
	for (n = 0; n < 32; n++)
		if (m->d[n] != initial_d(n))
			append(text, "d%u=%016llx", n,
			       (unsigned long long)m->d[n]);
	for (n = 0; n < BUF_SIZE; n += 4)
		if (word_changed(m, n))
			append(text, "m%02x=%08x", n, mem_word(m, BUF + n));
}

static void run_case(const struct insn_case *c, uint32_t cpsr_bits)
{
	char text[TEXT_SIZE];
	struct machine m;
	int result;

	machine_init(&m, ARM_MODE_SVC);
	m.regs.cpsr |= cpsr_bits;
	result = machine_run(&m, c->word, c->len);
	describe(&m, text);
	if (result != ARM_INSN_OK || strcmp(text, c->changes))
		fail_msg("%s (%x): result %d\n did %s\n not %s", c->text,
			 c->word, result, text, c->changes);
	assert_int_equal(m.regs.pc, START_PC + c->len);
	assert_int_equal(m.regs.cpsr, ARM_MODE_SVC | CPSR_C | cpsr_bits);
}

static void run_cases(const struct insn_case *cases, size_t n,
		      uint32_t cpsr_bits)
{
	size_t i;

	assert_true(n > 20);
	for (i = 0; i < n; i++)
		run_case(&cases[i], cpsr_bits);
}

#define CASES(name, bits)                                                 \
	static void name(void **state)                                    \
	{                                                                 \
		(void)state;                                              \
		run_cases(name##_cases,                                   \
			  sizeof(name##_cases) / sizeof(name##_cases[0]), \
			  bits);                                          \
	}

CASES(a32, 0)
CASES(t16, CPSR_T)
CASES(t32, CPSR_T)
CASES(vfp, 0)
CASES(neon, 0)
CASES(be, CPSR_E)

/*
 * A VFP instruction has the same encoding in Thumb, a NEON one begins with
 * 0xf9.
 */
static void simd_thumb(void **state)
{
	struct insn_case c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(vfp_cases) / sizeof(vfp_cases[0]); i++)
		run_case(&vfp_cases[i], CPSR_T);
	for (i = 0; i < sizeof(neon_cases) / sizeof(neon_cases[0]); i++) {
		c = neon_cases[i];
		c.word = 0xf9000000 | (c.word & 0x00ffffff);
		run_case(&c, CPSR_T);
	}
}

/* The alignment in bytes that a NEON case's text asks for; 1: none. */
static unsigned int text_align(const char *text)
{
	const char *colon = strchr(text, ':');
	unsigned int bits = 8;

	if (colon)
		sscanf(colon, ":%u", &bits);
	return bits / 8;
}

static int run_neon_at(const struct insn_case *c, uint32_t va)
{
	struct machine m;

	machine_init(&m, ARM_MODE_SVC);
	m.regs.r[1] = va;
	return machine_run(&m, c->word, 4);
}

/*
 * An address with this alignment is accepted, and one with half of it is not.
 * Without an alignment any address is.
 */
static void neon_alignment(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(neon_cases) / sizeof(neon_cases[0]); i++) {
		const struct insn_case *c = &neon_cases[i];
		unsigned int align = text_align(c->text);
		int enough, half = ARM_INSN_ALIGN;

		enough = run_neon_at(c, align > 1 ? BASE + align : BASE + 3);
		if (align > 1)
			half = run_neon_at(c, BASE + align / 2);
		if (enough != ARM_INSN_OK || half != ARM_INSN_ALIGN)
			fail_msg("%s: %d, %d", c->text, enough, half);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a32),	cmocka_unit_test(t16),
		cmocka_unit_test(t32),	cmocka_unit_test(vfp),
		cmocka_unit_test(neon), cmocka_unit_test(simd_thumb),
		cmocka_unit_test(be),	cmocka_unit_test(neon_alignment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
