/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that trap, under conditions: one that fails does nothing, and
 * the next one runs, in ARM state and inside IT blocks.
 */
#include "exits.h"
#include "gic.h"
#include "sysreg.h"
#include "test.h"

asm(".arch_extension virt\n\t.arch_extension sec");

/* Runs @code with Z set, r0 = @in; r0 afterwards. */
#define RUN(in, code)                                             \
	({                                                        \
		register uint32_t r0 asm("r0") = (in);            \
		asm volatile("cmp r0, r0\n\t" code                \
			     : "+r"(r0)                           \
			     :                                    \
			     : "r1", "r2", "r3", "cc", "memory"); \
		(uint32_t) r0;                                    \
	})

#define THUMB(code)                                         \
	"mov r3, lr\n\tblx 1f\n\tb 2f\n\t.thumb\n1:\t" code \
	"\n\tbx lr\n\t.balign 4\n\t.arm\n2:\tmov lr, r3"

static void arm_state(void)
{
	uint32_t actlr = READ_CP15(0, c1, c0, 1);

	check_eq("cond/mrc-fails", RUN(5, "mrcne p15, 0, r0, c1, c0, 1"), 5);
	check_eq("cond/mrc-passes", RUN(5, "mrceq p15, 0, r0, c1, c0, 1"),
		 actlr);
	check_eq("cond/hvc-fails", RUN(PSCI_VERSION, "hvc #0\n\tcmp r0, r0"),
		 0x10001);
	check_eq("cond/mcr-fails",
		 RUN(7, "mcrne p15, 4, r0, c12, c0, 0\n\taddeq r0, #1"), 8);
	check_eq("cond/undef-coprocessor-fails",
		 RUN(7, "mrcne p0, 0, r0, c0, c0, 0\n\taddeq r0, #1"), 8);
	check_eq("cond/wfi-fails", RUN(7, "wfine\n\taddeq r0, #1"), 8);
	check_eq("cond/ldr-fails",
		 RUN(GICD_BASE, "ldrne r0, [r0]\n\taddeq r0, #1"),
		 GICD_BASE + 1);
	check_eq("cond/ldr-passes",
		 RUN(PL011_BASE + 0xfe0, "ldreq r0, [r0]\n\taddeq r0, #1"),
		 0x12);
}

static void it_blocks(void)
{
	uint32_t actlr = READ_CP15(0, c1, c0, 1);

	check_eq("cond/it-mrc-fails",
		 RUN(5, THUMB("itt ne\n\tmrcne p15, 0, r0, c1, c0, 1\n\t"
			      "addne r0, #1\n\tadds r0, #2")),
		 7);
	check_eq("cond/it-mrc-passes",
		 RUN(5, THUMB("itt eq\n\tmrceq p15, 0, r0, c1, c0, 1\n\t"
			      "addeq r0, #1")),
		 actlr + 1);
	/* The load traps in the middle of a block of four. */
	check_eq("cond/it-ldr",
		 RUN(PL011_BASE + 0xfe0,
		     THUMB("itete eq\n\tmoveq r1, r0\n\tmovne r1, #0\n\t"
			   "ldreq r0, [r1]\n\tmovne r0, #0")),
		 0x11);
	check_eq("cond/it-ldr-then",
		 RUN(PL011_BASE + 0xfe0,
		     THUMB("ittte eq\n\tldreq r0, [r0]\n\taddeq r0, #1\n\t"
			   "addeq r0, #2\n\taddne r0, #4\n\tadds r0, #8")),
		 0x11 + 11);
	check_eq("cond/it-ldrw-post",
		 RUN(PL011_BASE + 0xfe0,
		     THUMB("itte eq\n\tldreq.w r1, [r0], #4\n\t"
			   "ldreq.w r2, [r0]\n\tmovne r1, #0\n\t"
			   "add r0, r1, r2")),
		 0x11 + 0x10);
	check_eq("cond/it-store",
		 RUN(PL011_BASE,
		     THUMB("movs r1, #0x24\n\tmovs r2, #0x55\n\tcmp r1, r1\n\t"
			   "itee eq\n\tstreq r2, [r0, r1]\n\tstrne r1, [r0]\n\t"
			   "movne r2, #0\n\tldr r0, [r0, #0x24]")),
		 0x55);
}

/* BL and 4-byte instructions at the end of a page, HVC in Thumb state. */
static void thumb_hvc(void)
{
	check_eq("cond/thumb-hvc",
		 RUN(PSCI_VERSION, THUMB("hvc #0\n\tadds r0, #1")), 0x10002);
	check_eq("cond/thumb-wfe", RUN(1, THUMB("sev\n\twfe\n\tadds r0, #1")),
		 2);
}

int main(void)
{
	exit_to_user();
	arm_state();
	it_blocks();
	thumb_hvc();
	return 0;
}
