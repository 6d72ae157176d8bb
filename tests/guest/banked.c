/* SPDX-License-Identifier: BSD-2-Clause */
/* The banked registers of every mode keep their values across exits. */
#include "banked.h"
#include "exits.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

#define N (sizeof(struct banked) / sizeof(uint32_t))

union all {
	struct banked banked;
	uint32_t words[N];
};

/* Values that differ in each byte; each is a valid SPSR for User mode. */
static uint32_t pattern(uint32_t n, uint32_t round)
{
	return n << 27 | (round & 15) << 16 | 0x110;
}

static void fill(uint32_t round)
{
	union all all;
	uint32_t n;

	for (n = 0; n < N; n++)
		all.words[n] = pattern(n, round);
	banked_write(&all.banked);
}

static uint32_t compare(uint32_t round)
{
	union all all;
	uint32_t n, bad = 0;

	banked_read(&all.banked);
	for (n = 0; n < N; n++) {
		if (all.words[n] != pattern(n, round)) {
			print("# word %u of struct banked is %x\n", n,
			      all.words[n]);
			bad++;
		}
	}
	return bad;
}

static void across(const char *name, void (*leave)(void), uint32_t rounds)
{
	uint32_t round, bad = 0;

	for (round = 0; round < rounds; round++) {
		fill(round);
		leave();
		bad += compare(round);
	}
	check_eq(name, bad, 0);
}

/*
 * All of r0-r12 and LR at once: the exit in between must change none of them.
 */
static void general(void)
{
	uint32_t bad;

	asm volatile("mov	r0, #0x10\n\t"
		     "mov	r1, #0x11\n\t"
		     "mov	r2, #0x12\n\t"
		     "mov	r3, #0x13\n\t"
		     "mov	r4, #0x14\n\t"
		     "mov	r5, #0x15\n\t"
		     "mov	r6, #0x16\n\t"
		     "mov	r7, #0x17\n\t"
		     "mov	r8, #0x18\n\t"
		     "mov	r9, #0x19\n\t"
		     "mov	r10, #0x1a\n\t"
		     "mov	r12, #0x09000000\n\t"
		     "mov	lr, #0x1e\n\t"
		     "cmp	r0, r0\n\t"
		     "ldr	r12, [r12, #0xfe0]\n\t" /* UARTPeriphID0 */
		     "addne	r12, #1\n\t"
		     "eor	r0, #0x10\n\t"
		     "eor	r1, #0x11\n\t"
		     "eor	r2, #0x12\n\t"
		     "eor	r3, #0x13\n\t"
		     "eor	r4, #0x14\n\t"
		     "eor	r5, #0x15\n\t"
		     "eor	r6, #0x16\n\t"
		     "eor	r7, #0x17\n\t"
		     "eor	r8, #0x18\n\t"
		     "eor	r9, #0x19\n\t"
		     "eor	r10, #0x1a\n\t"
		     "eor	r12, #0x11\n\t"
		     "eor	lr, #0x1e\n\t"
		     "orr	r0, r1\n\torr	r2, r3\n\torr	r4, r5\n\t"
		     "orr	r6, r7\n\torr	r8, r9\n\torr	r10, r12\n\t"
		     "orr	r0, r2\n\torr	r4, r6\n\torr	r8, r10\n\t"
		     "orr	r0, r4\n\torr	r8, lr\n\torr	%0, r0, r8"
		     : "=r"(bad)
		     :
		     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8",
		       "r9", "r10", "r12", "lr", "cc", "memory");
	check_eq("banked/general-registers", bad, 0);
}

/*
 * An exit from each mode, by a load into a register that the mode banks. The
 * value is read back in that mode.
 */
#define LOAD_IN(mode, reg)                                                \
	({                                                                \
		uint32_t value_;                                          \
		asm volatile("cps #" #mode "\n\t"                         \
			     "ldr	" reg ", [%1, #0xff0]\n\t"        \
			     "mov	%0, " reg "\n\t"                  \
			     "cps	#0x13"                                  \
			     : "=&r"(value_)                              \
			     : "r"(PL011_BASE)                            \
			     : "r8", "r9", "r10", "r12", "memory", "cc"); \
		value_;                                                   \
	})

static void loads(void)
{
	/* UARTPCellID0 reads as 0x0d. */
	check_eq("banked/load-lr-fiq", LOAD_IN(0x11, "lr"), 0x0d);
	check_eq("banked/load-r8-fiq", LOAD_IN(0x11, "r8"), 0x0d);
	check_eq("banked/load-r12-fiq", LOAD_IN(0x11, "r12"), 0x0d);
	check_eq("banked/load-lr-irq", LOAD_IN(0x12, "lr"), 0x0d);
	check_eq("banked/load-lr-abt", LOAD_IN(0x17, "lr"), 0x0d);
	check_eq("banked/load-lr-und", LOAD_IN(0x1b, "lr"), 0x0d);
	check_eq("banked/load-sp-und", LOAD_IN(0x1b, "sp"), 0x0d);
	check_eq("banked/load-lr-sys", LOAD_IN(0x1f, "lr"), 0x0d);
}

/* One banked register is loaded: the others stay. */
static void one_load(void)
{
	union all all;

	fill(3);
	asm volatile("cps #0x11\n\tldr lr, [%0, #0xff0]\n\tcps #0x13"
		     :
		     : "r"(PL011_BASE)
		     : "memory");
	banked_read(&all.banked);
	check_eq("banked/loaded", all.banked.fiq[6], 0x0d);
	all.banked.fiq[6] = pattern(N - 2, 3);
	banked_write(&all.banked);
	check_eq("banked/load-changes-no-other", compare(3), 0);
}

int main(void)
{
	across("banked/across-hyp-exits", exit_to_hyp, 2000);
	across("banked/across-user-exits", exit_to_user, 200);
	general();
	loads();
	one_load();
	return 0;
}
