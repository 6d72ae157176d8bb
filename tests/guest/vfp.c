/* SPDX-License-Identifier: BSD-2-Clause */
/* VFP and NEON registers belong to their CPU, whatever runs in between. */
#include "exception.h"
#include "exits.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"

asm(".fpu neon-vfpv4");

#define CPACR_VFP (0xfu << 20)
#define FPEXC_EN  (1u << 30)

static void vfp_on(void)
{
	WRITE_CP15(0, c1, c0, 2, CPACR_VFP);
	isb();
	asm volatile("vmsr fpexc, %0" : : "r"(FPEXC_EN));
}

static void load(const uint64_t d[32])
{
	asm volatile("vldmia %0!, {d0-d15}\n\tvldmia %0!, {d16-d31}"
		     : "+r"(d)
		     :
		     : "memory");
}

static void store(uint64_t d[32])
{
	asm volatile("vstmia %0!, {d0-d15}\n\tvstmia %0!, {d16-d31}"
		     : "+r"(d)
		     :
		     : "memory");
}

static void fill(uint64_t d[32], uint32_t seed)
{
	uint32_t i;

	for (i = 0; i < 32; i++)
		d[i] = (uint64_t)(seed + i) << 32 | (seed ^ i * 0x01010101u);
}

static uint32_t differences(const uint64_t a[32], const uint64_t b[32])
{
	uint32_t i, n = 0;

	for (i = 0; i < 32; i++)
		n += a[i] != b[i];
	return n;
}

/* FPSCR values with different rounding modes, exceptions and flags. */
static uint32_t rounds(uint32_t seed, uint32_t n)
{
	uint64_t want[32], got[32];
	uint32_t i, fpscr, want_fpscr, bad = 0;

	for (i = 0; i < n; i++) {
		fill(want, seed + i);
		want_fpscr = (seed + i) % 16 << 28 | (i & 3) << 22 | (i & 0x1f);
		load(want);
		asm volatile("vmsr fpscr, %0" : : "r"(want_fpscr));
		exit_to_hyp();
		if (!(i & 7))
			exit_to_user();
		store(got);
		asm volatile("vmrs %0, fpscr" : "=r"(fpscr));
		bad += differences(got, want) + (fpscr != want_fpscr);
	}
	return bad;
}

static void disabled(void)
{
	struct trap trap;

	check_eq("vfp/undefined-by-cpacr",
		 TRAP(&trap, asm volatile("vmov s0, r0")), VECTOR_UNDEF);
	WRITE_CP15(0, c1, c0, 2, CPACR_VFP);
	isb();
	check_eq("vfp/undefined-by-fpexc",
		 TRAP(&trap, asm volatile("vmov s0, r0")), VECTOR_UNDEF);
	asm volatile("vmsr fpexc, %0" : : "r"(FPEXC_EN));
	check_eq("vfp/enabled", TRAP(&trap, asm volatile("vmov s0, r0")),
		 VECTOR_NONE);
	exit_to_user();
	asm volatile("vmsr fpexc, %0" : : "r"(0));
	exit_to_user();
	check_eq("vfp/disabled-again", TRAP(&trap, asm volatile("vmov s0, r0")),
		 VECTOR_UNDEF);
}

static volatile uint32_t second_bad = ~0u;

static void second(uint32_t arg)
{
	vfp_on();
	second_bad = rounds(arg, 2000);
}

static void two_cpus(void)
{
	uint32_t bad;

	cpu_start(1, second, 0x77000000);
	bad = rounds(0x33000000, 2000);
	cpu_wait_off(1);
	check_eq("vfp/first-of-two", bad, 0);
	check_eq("vfp/second-of-two", second_bad, 0);
}

int main(void)
{
	uint32_t mvfr0;

	disabled();
	vfp_on();
	/* A15: DDI 0438 10.3.2 */
	asm volatile("vmrs %0, mvfr0" : "=r"(mvfr0));
	check_eq("vfp/mvfr0", mvfr0, 0x10110222);
	check_eq("vfp/across-exits", rounds(0x12345678, 2000), 0);
	two_cpus();
	return 0;
}
