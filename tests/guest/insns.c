/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that a hypervisor or a coprocessor could trap, in ARM and Thumb
 * state, at PL1 and PL0: prints the outcome of each, for comparison with QEMU's
 * bare CPU, like regs.c.
 */
#include "cache.h"
#include "exception.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

/* One instruction between NOPs, and the return. */
static uint32_t code[6] __attribute__((aligned(64)));
static uint32_t memory[16] __attribute__((aligned(64)));

static uint32_t swap_halves(uint32_t word)
{
	return word >> 16 | word << 16;
}

static void load_arm(uint32_t word)
{
	code[0] = word;
	code[1] = 0xe2800001; /* add r0, #1 */
	code[2] = 0xe12fff1e; /* bx lr */
	cache_sync_code(code, sizeof(code));
}

/*
 * A 4-byte instruction with its first halfword in bits 31:16, or two 2-byte
 * ones.
 */
static void load_thumb(uint32_t word)
{
	code[0] = swap_halves(word);
	code[1] = 0x47703001; /* adds r0, #1; bx lr */
	cache_sync_code(code, sizeof(code));
}

static int call(void *arg)
{
	register uint32_t r0 asm("r0") = 7;
	register uint32_t r1 asm("r1") = (uint32_t)memory;

	asm volatile("mov r3, lr\n\tblx %2\n\tmov lr, r3"
		     : "+r"(r0), "+r"(r1)
		     : "r"((uint32_t)(uintptr_t)arg)
		     : "r3", "cc", "memory");
	return (int)r0;
}

/* The outcome of one instruction. */
struct ending {
	/* 0, or the vector, and where the exception was */
	uint32_t vector, offset;
	uint32_t r0;
};

static struct ending run(void *entry, bool user)
{
	static volatile uint32_t result;
	struct trap trap;

	result = 0;
	if (user)
		TRAP(&trap, result = (uint32_t)run_user(call, entry));
	else
		TRAP(&trap, result = (uint32_t)call(entry));
	if (trap.vector == VECTOR_NONE)
		return (struct ending){ .r0 = result };
	return (struct ending){ trap.vector, trap.pc - (uint32_t)code, 0 };
}

static void print_ending(const char *state, const struct ending *end)
{
	if (end->vector)
		print("%svector %u at +%u", state, end->vector, end->offset);
	else
		print("%sr0 %x", state, end->r0);
}

static bool same(const struct ending *a, const struct ending *b)
{
	return a->vector == b->vector && a->offset == b->offset &&
	       a->r0 == b->r0;
}

/* The outcomes at PL1 and at PL0. */
struct endings {
	struct ending priv, user;
};

static struct endings arm_endings(uint32_t word)
{
	load_arm(word);
	return (struct endings){ run(code, false), run(code, true) };
}

static struct endings thumb_endings(uint32_t word)
{
	load_thumb(word);
	return (struct endings){ run((char *)code + 1, false),
				 run((char *)code + 1, true) };
}

static void print_endings(const struct endings *ends)
{
	print_ending(": ", &ends->priv);
	if (!same(&ends->priv, &ends->user))
		print_ending(", user ", &ends->user);
	print("\n");
}

static void arm(uint32_t word)
{
	struct endings ends = arm_endings(word);

	print("arm %x", word);
	print_endings(&ends);
}

static void thumb(uint32_t word)
{
	struct endings ends = thumb_endings(word);

	print("thumb %x", word);
	print_endings(&ends);
}

/*
 * Tested elsewhere: CP15 by regs.c, 10 and 11 as VFP. Of CP14 only LDC and STC
 * are tested here.
 */
static bool is_elsewhere(uint32_t cp, uint32_t form)
{
	return cp == 10 || cp == 11 || cp == 15 || (cp == 14 && form > 2);
}

/* Adjacent coprocessors that behave the same share a line. */
static void one_form(const char *name, uint32_t form, uint32_t word,
		     struct endings (*look)(uint32_t))
{
	struct endings ends = look(word), next;
	uint32_t first = 0, cp;

	for (cp = 1; cp < 16; cp++) {
		if (is_elsewhere(cp, form))
			continue;
		next = look(word | cp << 8);
		if (same(&ends.priv, &next.priv) &&
		    same(&ends.user, &next.user))
			continue;
		print("%s %x p%u", name, word, first);
		print_endings(&ends);
		ends = next;
		first = cp;
	}
	print("%s %x p%u", name, word, first);
	print_endings(&ends);
}

/* CDP, LDC, STC, MRC, MCR, MRRC, MCRR, and their unconditional forms. */
static void coprocessors(void)
{
	static const uint32_t forms[] = { 0xee000000, 0xed910000, 0xed810000,
					  0xee100010, 0xee000010, 0xec510000,
					  0xec410000 };
	uint32_t i;

	for (i = 0; i < 7; i++) {
		one_form("arm", i, forms[i], arm_endings);
		one_form("arm", i, forms[i] | 0x10000000, arm_endings);
		one_form("thumb", i, forms[i], thumb_endings);
	}
}

static void vfp(void)
{
	static const uint32_t words[] = {
		0xeef00a10,			    /* vmrs r0, fpsid */
		0xeef10a10,			    /* vmrs r0, fpscr */
		0xeef60a10,			    /* vmrs r0, mvfr1 */
		0xeef70a10,			    /* vmrs r0, mvfr0 */
		0xeef80a10,			    /* vmrs r0, fpexc */
		0xeee00a10,			    /* vmsr fpsid, r0 */
		0xeef20a10, 0xeefa0a10, 0xeeff0a10, /* reserved VMRS */
		0xed910b00,			    /* vldr d0, [r1] */
		0xee300b00,			    /* vadd.f64 d0, d0, d0 */
		0xee100b10,			    /* vmov.32 r0, d0[0] */
		0xec510b10,			    /* vmov r0, r1, d0 */
		0xf2000840,			    /* vadd.i8 q0, q0, q0 */
		0xf421078f,			    /* vld1.32 {d0}, [r1] */
	};
	uint32_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		arm(words[i]);
	for (i = 0; i < 13; i++)
		thumb(words[i]);
	thumb(0xef000840);
	thumb(0xf921078f);
}

/* Without those that would change mode, byte order or the return. */
static void system_instructions(void)
{
	static const uint32_t words[] = {
		0xe1600070, /* smc #0 */
		0xe160007f, /* smc #15 */
		0xe1200070, /* bkpt */
		0xe7f000f0, /* udf */
		0xef000000, /* svc */
		0xe320f000, /* nop */
		0xe320f001, /* yield */
		0xe320f004, /* sev */
		0xe320f005, /* a reserved hint */
		0xe320f0f0, /* dbg */
		0xe1010090, /* swp r0, r0, [r1] */
		0xe1410090, /* swpb r0, r0, [r1] */
		0xf1010000, /* setend le */
		0xf10c01c0, /* cpsid aif */
		0xe14f0000, /* mrs r0, spsr */
		0xe1010200, /* mrs r0, r9_usr */
		0xf57ff01f, /* clrex */
		0xf57ff04f, /* dsb */
		0xf57ff05f, /* dmb */
		0xf57ff06f, /* isb */
		0xf551f000, /* pldw [r1] */
		0xf5d1f000, /* pld [r1] */
		0xf4d1f000, /* pli [r1] */
		0xf7f000f0, /* undefined encodings */
		0xe7ffffff, 0xe6000010,
	};
	static const uint32_t thumbs[] = {
		0xf7f08000, /* smc #0 */
		0xbe00bf00, /* bkpt; nop */
		0xde00bf00, /* udf; nop */
		0xdf00bf00, /* svc; nop */
		0xbf00bf10, /* nop; yield */
		0xbf40bf50, /* sev; a reserved hint */
		0xf3af80f0, /* dbg */
		0xf3af80e0, /* a reserved hint */
		0xf3bf8f0f, /* leavex: ThumbEE */
		0xf3bf8f2f, /* clrex */
		0xf3bf8f4f, /* dsb */
		0xf3bf8f5f, /* dmb */
		0xf3bf8f6f, /* isb */
		0xf3ff8000, /* mrs r0, spsr */
		0xf7f0a000, /* undefined encodings */
		0xf3808120,
	};
	uint32_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		arm(words[i]);
	for (i = 0; i < sizeof(thumbs) / sizeof(thumbs[0]); i++)
		thumb(thumbs[i]);
}

int main(void)
{
	print("# coprocessors off\n");
	WRITE_CP15(0, c1, c0, 2, 0);
	isb();
	coprocessors();
	vfp();
	print("# coprocessors on\n");
	WRITE_CP15(0, c1, c0, 2, 0x0fffffff);
	isb();
	coprocessors();
	vfp();
	asm volatile(".fpu neon\n\tvmsr fpexc, %0" : : "r"(1 << 30));
	vfp();
	system_instructions();
	return 0;
}
