/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that trap, with a condition. One whose condition fails does
 * nothing, and the next one runs, in ARM state and inside IT blocks.
 */
#include "exits.h"
#include "gic.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

asm(".arch_extension virt\n\t.arch_extension sec\n\t.fpu neon");

/* Runs @code with Z set and r0 = @in; returns r0 afterwards. */
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

/*
 * Each class of trap by one instruction, in either state. If its condition
 * fails (Z is set, NE) nothing of it happens, and the ADD after it adds 1. If
 * it passes, the ADD after it runs as well.
 */
#define FAILS(name, code)                                                  \
	do {                                                               \
		check_eq("cond/" name "-fails",                            \
			 RUN(7, code "\n\taddeq r0, #1"), 8);              \
		check_eq("cond/it-" name "-fails",                         \
			 RUN(7, THUMB("ite ne\n\t" code                    \
				      "\n\taddeq r0, #1\n\tadds r0, #2")), \
			 10);                                              \
	} while (0)

#define PASSES(name, code)                                                 \
	do {                                                               \
		check_eq("cond/" name "-passes",                           \
			 RUN(7, code "\n\taddeq r0, #1"), 8);              \
		check_eq("cond/it-" name "-passes",                        \
			 RUN(7, THUMB("ittt eq\n\taddeq r0, #4\n\t" code   \
				      "\n\taddeq r0, #1\n\tadds r0, #2")), \
			 14);                                              \
	} while (0)

static void classes(void)
{
	WRITE_CP15(0, c1, c0, 2, 0xf << 20); /* CPACR: VFP, NEON */
	isb();
	asm volatile("vmsr fpexc, %0" : : "r"(1 << 30));
	FAILS("mcr-p15", "mcrne p15, 0, r0, c1, c0, 1");
	FAILS("mrc-p14", "mrcne p14, 0, r0, c0, c0, 0");
	FAILS("mcr-p14", "mcrne p14, 0, r0, c1, c0, 4");
	FAILS("mrrc-p15", "mrrcne p15, 2, r0, r1, c14");
	FAILS("mcrr-p15", "mcrrne p15, 2, r0, r1, c14");
	FAILS("mrrc-p14", "mrrcne p14, 0, r0, r1, c1");
	FAILS("ldc-p14", "ldcne p14, c5, [r0]");
	FAILS("stc-p14", "stcne p14, c5, [r0]");
	FAILS("mrc-p0", "mrcne p0, 0, r0, c0, c0, 0");
	FAILS("mcrr-p5", "mcrrne p5, 0, r0, r1, c0");
	FAILS("vmrs", "vmrsne r0, fpsid");
	FAILS("vldr", "vldrne d0, [r0]");
	FAILS("wfi", "wfine");
	FAILS("wfe", "wfene");
	FAILS("setway", "mcrne p15, 0, r0, c7, c14, 2");
	FAILS("pmcr", "mrcne p15, 0, r0, c9, c12, 0");
	PASSES("mrc-p15", "mrceq p15, 0, r1, c1, c0, 1");
	PASSES("mcr-p15", "mcreq p15, 0, r1, c1, c0, 1");
	PASSES("mrc-p14", "mrceq p14, 0, r1, c0, c0, 0");
	PASSES("mrrc-p15", "mrrceq p15, 2, r1, r2, c14");
	PASSES("mcrr-p15", "mcrreq p15, 2, r1, r2, c14");
	PASSES("vmrs", "vmrseq r1, fpsid");
	PASSES("setway", "mcreq p15, 0, r1, c7, c14, 2");
	PASSES("pmcr", "mrceq p15, 0, r1, c9, c12, 0");
}

/* These instructions must be the last of a block. */
static void last_of_block(void)
{
	check_eq("cond/smc-fails", RUN(7, "smcne #0\n\taddeq r0, #1"), 8);
	check_eq("cond/it-smc-fails",
		 RUN(7, THUMB("it ne\n\tsmcne #0\n\tadds r0, #2")), 9);
	check_eq("cond/bxj-fails", RUN(7, "bxjne r0\n\taddeq r0, #1"), 8);
	check_eq("cond/it-bxj-fails",
		 RUN(7, THUMB("it ne\n\tbxjne r0\n\tadds r0, #2")), 9);
}

static void wfe(void)
{
	check_eq("cond/wfe-passes", RUN(7, "sev\n\twfeeq\n\tadd r0, #1"), 8);
	check_eq("cond/it-wfe-passes",
		 RUN(7, THUMB("sev\n\titt eq\n\twfeeq\n\taddeq r0, #1\n\t"
			      "adds r0, #2")),
		 10);
	check_eq("cond/it-wfew-passes",
		 RUN(7, THUMB("sev\n\titt eq\n\twfeeq.w\n\taddeq r0, #1\n\t"
			      "adds r0, #2")),
		 10);
}

/* The pending SGI ends WFI, which has a 2- and a 4-byte form in Thumb. */
static void wfi_forms(void)
{
	gic_init();
	gic_enable(1, 0x80);
	gic_send_sgi(1, 1);
	PASSES("wfi", "wfieq");
	check_eq("cond/it-wfiw-passes",
		 RUN(7, THUMB("itt eq\n\twfieq.w\n\taddeq r0, #1\n\t"
			      "adds r0, #2")),
		 10);
	check_eq("cond/it-wfiw-fails",
		 RUN(7, THUMB("ite ne\n\twfine.w\n\taddeq r0, #1\n\t"
			      "adds r0, #2")),
		 10);
	gic_eoi(gic_ack());
	ptimer_stop();
}

/* BXJ is BX if Jazelle is trivial. In an IT block it must be the last. */
static void bxj(void)
{
	check_eq("cond/bxj-passes",
		 RUN(7, "adr r1, 1f\n\tbxjeq r1\n\tadd r0, #1\n1:"), 7);
	check_eq("cond/bxj-to-thumb",
		 RUN(7, "adr r1, 1f + 1\n\tbxj r1\n\t.thumb\n1:\t"
			"nop\n\tadds r0, #1\n\tbx pc\n\tnop\n\t.arm\n\t"),
		 8);
	check_eq("cond/it-bxj-passes",
		 RUN(7, THUMB("adr r1, 3f\n\tadds r1, #1\n\tcmp r0, r0\n\t"
			      "itt eq\n\taddeq r0, #1\n\tbxjeq r1\n\t"
			      "adds r0, #8\n\t.balign 4\n3:\tadds r0, #2")),
		 10);
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
	classes();
	last_of_block();
	wfe();
	wfi_forms();
	bxj();
	it_blocks();
	thumb_hvc();
	return 0;
}
