/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads and stores whose abort has no valid syndrome (several registers,
 * writeback, VFP, Thumb-2 forms), on a device of the process and on one of the
 * kernel.
 */
#include "exception.h"
#include "gic.h"
#include "io.h"
#include "mmu.h"
#include "pl011.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

asm(".fpu neon-vfpv4");

/*
 * Three consecutive words that can each hold a, b and c (UARTFBRD has 6 bits).
 */
struct target {
	const char *name;
	uint32_t base;
	uint32_t a, b, c;
};

static const struct target *target;

static void reset(uint32_t a, uint32_t b, uint32_t c)
{
	write32(target->base, a);
	write32(target->base + 4, b);
	write32(target->base + 8, c);
}

static void expect(const char *name, uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t x = read32(target->base), y = read32(target->base + 4);
	uint32_t z = read32(target->base + 8);

	if (x == a && y == b && z == c)
		ok(name);
	else
		not_ok(name, "%s holds %x %x %x, want %x %x %x", target->name,
		       x, y, z, a, b, c);
}

/*
 * Runs @code with r0 = base + @offset and r1 to r3 as given, and checks r0 (as
 * an offset) to r3 afterwards.
 */
struct regs {
	uint32_t r[4];
};

#define RUN(in, code)                                                      \
	({                                                                 \
		register uint32_t r0 asm("r0") = target->base + (in).r[0]; \
		register uint32_t r1 asm("r1") = (in).r[1];                \
		register uint32_t r2 asm("r2") = (in).r[2];                \
		register uint32_t r3 asm("r3") = (in).r[3];                \
		asm volatile(code                                          \
			     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)      \
			     :                                             \
			     : "memory", "cc", "r12");                     \
		struct regs after_ = { { r0, r1, r2, r3 } };               \
		after_.r[0] -= target->base;                               \
		after_;                                                    \
	})

static void same(const char *name, struct regs got, uint32_t r0, uint32_t r1,
		 uint32_t r2, uint32_t r3)
{
	if (got.r[0] == r0 && got.r[1] == r1 && got.r[2] == r2 &&
	    got.r[3] == r3)
		ok(name);
	else
		not_ok(name, "on %s: base+%x %x %x %x, want base+%x %x %x %x",
		       target->name, got.r[0], got.r[1], got.r[2], got.r[3], r0,
		       r1, r2, r3);
}

/* Loads from base + @at, with r1 to r3 = 1 to 3. */
#define LOADS(at, code, ...)                                             \
	do {                                                             \
		struct regs regs_ = { { at, 1, 2, 3 } };                 \
		reset(a, b, c);                                          \
		same("mmio_forms/" code, RUN(regs_, code), __VA_ARGS__); \
	} while (0)

#define STORES(at, code, after, ...)                                        \
	do {                                                                \
		struct regs regs_ = { { at, c, b, a } };                    \
		reset(0, 0, 0);                                             \
		same("mmio_forms/" code, RUN(regs_, code), after, c, b, a); \
		expect("mmio_forms/" code " memory", __VA_ARGS__);          \
	} while (0)

static void multiple(uint32_t a, uint32_t b, uint32_t c)
{
	LOADS(0, "ldm r0, {r1-r3}", 0, a, b, c);
	LOADS(0, "ldmia r0!, {r1-r3}", 12, a, b, c);
	LOADS(4, "ldmib r0, {r2}", 4, 1, c, 3);
	LOADS(8, "ldmda r0!, {r1-r3}", (uint32_t)-4, a, b, c);
	LOADS(8, "ldmdb r0!, {r1, r3}", 0, a, 2, b);
	LOADS(0, "ldm r0, {r0, r1}; sub r0, r0, r0", -target->base, b, 2, 3);
	STORES(0, "stm r0, {r1-r3}", 0, c, b, a);
	STORES(0, "stmia r0!, {r1-r3}", 12, c, b, a);
	STORES(12, "stmdb r0!, {r1-r3}", 0, c, b, a);
	STORES(4, "stmda r0, {r1, r2}", 4, c, b, 0);
	STORES(0, "stmib r0!, {r1, r2}", 8, 0, c, b);
}

static void indexed(uint32_t a, uint32_t b, uint32_t c)
{
	LOADS(0, "ldr r1, [r0], #4", 4, a, 2, 3);
	LOADS(0, "ldr r1, [r0, #4]!", 4, b, 2, 3);
	LOADS(8, "ldr r1, [r0], #-8", 0, c, 2, 3);
	LOADS(0, "ldr r1, [r0], r3", 3, a, 2, 3);
	LOADS(0, "ldr r1, [r0, r2, lsl #2]!", 8, c, 2, 3);
	LOADS(0, "ldrb r1, [r0], #1", 1, a & 0xff, 2, 3);
	LOADS(0, "ldrb r1, [r0, #4]!", 4, b & 0xff, 2, 3);
	LOADS(4, "ldrt r1, [r0], #4", 8, b, 2, 3);
	STORES(0, "str r1, [r0], #4", 4, c, 0, 0);
	STORES(0, "str r1, [r0, #8]!", 8, 0, 0, c);
	STORES(8, "str r1, [r0, #-4]!", 4, 0, c, 0);
	STORES(0, "strb r1, [r0], #4", 4, c & 0xff, 0, 0);
}

static void doubles(uint32_t a, uint32_t b, uint32_t c)
{
	LOADS(0, "ldrd r2, r3, [r0]", 0, 1, a, b);
	LOADS(0, "ldrd r2, r3, [r0, #4]!", 4, 1, b, c);
	LOADS(4, "ldrd r2, r3, [r0], #-4", 0, 1, b, c);
	STORES(4, "strd r2, r3, [r0]", 4, 0, b, a);
	STORES(0, "strd r2, r3, [r0], #8", 8, b, a, 0);
}

static void vector(uint32_t a, uint32_t b, uint32_t c)
{
	LOADS(0, "vldr s0, [r0, #8]; vmov r1, s0", 0, c, 2, 3);
	LOADS(0, "vldr d0, [r0]; vmov r1, r2, d0", 0, a, b, 3);
	LOADS(0, "vldmia r0!, {s0-s2}; vmov r1, s1; vmov r2, s2", 12, b, c, 3);
	LOADS(8, "vldmdb r0!, {d4}; vmov r1, r2, d4", 0, a, b, 3);
	STORES(0, "vmov d0, r1, r2; vstr d0, [r0, #4]", 0, 0, c, b);
	STORES(0, "vmov s3, r3; vstr s3, [r0]", 0, a, 0, 0);
	STORES(0, "vmov d0, r1, r2; vmov s2, r3; vstm r0!, {s0-s2}", 12, c, b,
	       a);
}

#define THUMB(code) \
	"blx 1f; b 2f; .thumb\n1:\t" code "; bx lr; .balign 4; .arm\n2:"
#define LOADS_THUMB(at, code, ...)                                            \
	do {                                                                  \
		struct regs regs_ = { { at, 1, 2, 3 } };                      \
		reset(a, b, c);                                               \
		same("mmio_forms/thumb " code, RUN_THUMB(regs_, THUMB(code)), \
		     __VA_ARGS__);                                            \
	} while (0)
#define STORES_THUMB(at, code, after, ...)                                    \
	do {                                                                  \
		struct regs regs_ = { { at, c, b, a } };                      \
		reset(0, 0, 0);                                               \
		same("mmio_forms/thumb " code, RUN_THUMB(regs_, THUMB(code)), \
		     after, c, b, a);                                         \
		expect("mmio_forms/thumb " code " memory", __VA_ARGS__);      \
	} while (0)
/* BLX changes LR. */
#define RUN_THUMB(in, code) RUN(in, "mov r12, lr; " code "; mov lr, r12")

static void thumb(uint32_t a, uint32_t b, uint32_t c)
{
	LOADS_THUMB(0, "ldr r1, [r0]", 0, a, 2, 3);
	LOADS_THUMB(0, "ldr r1, [r0, #4]", 0, b, 2, 3);
	LOADS_THUMB(0, "ldr.w r1, [r0, #8]", 0, c, 2, 3);
	LOADS_THUMB(8, "ldr.w r1, [r0, #-4]", 8, b, 2, 3);
	LOADS_THUMB(0, "ldr.w r1, [r0], #4", 4, a, 2, 3);
	LOADS_THUMB(0, "ldr.w r1, [r0, #8]!", 8, c, 2, 3);
	LOADS_THUMB(0, "ldr.w r1, [r0, r2, lsl #1]", 0, b, 2, 3);
	LOADS_THUMB(0, "ldm r0!, {r1, r2, r3}", 12, a, b, c);
	LOADS_THUMB(12, "ldmdb r0!, {r1, r2}", 4, b, c, 3);
	LOADS_THUMB(0, "ldrd r1, r3, [r0, #4]!", 4, b, 2, c);
	LOADS_THUMB(0, "ldrb.w r1, [r0], #4", 4, a & 0xff, 2, 3);
	LOADS_THUMB(
		0,
		"cmp r0, r0; ittee eq; ldreq r1, [r0]; ldreq r2, [r0, #4]; ldrne r3, [r0]; movne r1, #0",
		0, a, b, 3);
	STORES_THUMB(0, "str r1, [r0]", 0, c, 0, 0);
	STORES_THUMB(0, "str.w r1, [r0], #8", 8, c, 0, 0);
	STORES_THUMB(0, "stm r0!, {r1, r2, r3}", 12, c, b, a);
	STORES_THUMB(12, "stmdb r0!, {r1, r2}", 4, 0, c, b);
	STORES_THUMB(0, "strd r1, r2, [r0, #4]!", 4, 0, c, b);
	STORES_THUMB(0, "strb.w r1, [r0, #4]!", 4, 0, c & 0xff, 0);
}

/* A load whose condition fails does nothing. */
static void conditional(uint32_t a, uint32_t b, uint32_t c)
{
	LOADS(0, "cmp r0, r0; ldmne r0!, {r1-r3}", 0, 1, 2, 3);
	LOADS(0, "cmp r0, r0; ldmeq r0!, {r1-r3}", 12, a, b, c);
	LOADS(0, "cmp r0, r0; ldrne r1, [r0], #4", 0, 1, 2, 3);
	LOADS(0, "cmp r0, r0; ldreq r1, [r0], #4", 4, a, 2, 3);
}

static void no_fault(uint32_t a, uint32_t b, uint32_t c)
{
	LOADS(0, "pld [r0]", 0, 1, 2, 3);
	LOADS(0, "pldw [r0, #4]", 0, 1, 2, 3);
}

static void all_forms(void)
{
	uint32_t a = target->a, b = target->b, c = target->c;

	multiple(a, b, c);
	indexed(a, b, c);
	doubles(a, b, c);
	vector(a, b, c);
	thumb(a, b, c);
	conditional(a, b, c);
	no_fault(a, b, c);
}

static void vfp_on(void)
{
	WRITE_CP15(0, c1, c0, 2, 0xf << 20);
	isb();
	asm volatile("vmsr fpexc, %0" : : "r"(1 << 30));
}

int main(void)
{
	static const struct target targets[] = {
		{ "PL011", PL011_BASE + 0x24, 0x34, 0x15, 0x2a },
		{ "GICD", GICD_BASE + GICD_IPRIORITYR + 64, 0x10203040,
		  0x50607080, 0x90a0b0c0 },
	};
	uint32_t i;

	vfp_on();
	for (i = 0; i < 2; i++) {
		target = &targets[i];
		print("# %s\n", target->name);
		all_forms();
	}
	print("# %s, short descriptors\n", target->name);
	mmu_on_short();
	all_forms();
	mmu_off();
	print("# %s, long descriptors\n", target->name);
	mmu_on_long();
	all_forms();
	return 0;
}
