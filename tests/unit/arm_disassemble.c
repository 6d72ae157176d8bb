/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the report on a crashed guest shows an instruction; the texts are those
 * of GNU as.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "bhyve/arch.h"

#define ARM   0x1d3
#define THUMB 0x1f3

struct sample {
	uint64_t cpsr;
	uint32_t insn, length;
	const char *text;
};

static const struct sample samples[] = {
	{ ARM, 0xe3a00001, 4, "mov r0, #1" },
	{ ARM, 0xe5921004, 4, "ldr r1, [r2, #4]" },
	{ ARM, 0xee110f10, 4, "mrc p15, #0, r0, c1, c0, #0" },
	{ ARM, 0xeafffffe, 4, "b #0x8000" }, /* to itself */
	{ ARM, 0xe1400070, 4, "hvc #0" },
	{ ARM, 0xe7f000f0, 4, "udf #0" },
	{ THUMB, 0x4770, 2, "bx lr" },
	{ THUMB, 0xf8d21004, 4, "ldr.w r1, [r2, #4]" },
	{ THUMB, 0xde00, 2, "udf #0" },
	/* Unallocated (parallel addition, op1 0b00) */
	{ ARM, 0xe6000010, 4, "no instruction" },
};

static void samples_read(void **state)
{
	char text[ARCH_INSN_TEXTLEN];

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *s = &samples[i];

		arch_disassemble(0x8000, s->cpsr, s->insn, s->length, text);
		assert_string_equal(text, s->text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
