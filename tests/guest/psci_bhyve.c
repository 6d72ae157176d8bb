/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PSCI 1.1 and SMCCC 1.2, as far as QEMU's own PSCI lacks it: versions, states,
 * bad entry points, affinity levels.
 */
#include "gic.h"
#include "psci.h"
#include "smp.h"
#include "test.h"
#include "timer.h"

#define CHECK_CALL(name, want, ...)                               \
	check_eq("psci_bhyve/" name, (uint32_t)psci(__VA_ARGS__), \
		 (uint32_t)(want))

static void smccc(void)
{
	CHECK_CALL("psci-1.1", 0x10001, PSCI_VERSION, 0, 0, 0);
	CHECK_CALL("features-smccc", 0, PSCI_FEATURES, SMCCC_VERSION, 0, 0);
	check("psci_bhyve/smccc-version",
	      psci(SMCCC_VERSION, 0, 0, 0) >= 0x10001);
	CHECK_CALL("arch-features", PSCI_SUCCESS, SMCCC_ARCH_FEATURES,
		   SMCCC_ARCH_FEATURES, 0, 0);
	CHECK_CALL("arch-features-unknown", PSCI_NOT_SUPPORTED,
		   SMCCC_ARCH_FEATURES, 0x80007fff, 0, 0);
	CHECK_CALL("reset2-there", 0, PSCI_FEATURES, PSCI_SYSTEM_RESET2, 0, 0);
	CHECK_CALL("no-trusted-os", 2, PSCI_MIGRATE_INFO_TYPE, 0, 0, 0);
	CHECK_CALL("no-migrate", PSCI_NOT_SUPPORTED, PSCI_MIGRATE, 0, 0, 0);
}

static void parameters(void)
{
	CHECK_CALL("affinity-level-3", PSCI_INVALID_PARAMETERS,
		   PSCI_AFFINITY_INFO, 0, 4, 0);
	CHECK_CALL("affinity-level-1", AFFINITY_ON, PSCI_AFFINITY_INFO, 0, 1,
		   0);
	CHECK_CALL("on-bad-mpidr", PSCI_INVALID_PARAMETERS, PSCI_CPU_ON,
		   0x01000001, 0x40010000, 0);
	CHECK_CALL("reset2-reserved", PSCI_INVALID_PARAMETERS,
		   PSCI_SYSTEM_RESET2, 0x7f, 0, 0);
	CHECK_CALL("suspend-while-others-on", PSCI_DENIED, PSCI_SYSTEM_SUSPEND,
		   (uint32_t)secondary_entry, 0, 0);
}

struct answer {
	uint32_t r[4];
};

static struct answer random_bits(uint32_t n)
{
	register uint32_t r0 asm("r0") = TRNG_RND32;
	register uint32_t r1 asm("r1") = n;
	register uint32_t r2 asm("r2") = 0;
	register uint32_t r3 asm("r3") = 0;

	asm volatile(".arch_extension virt\n\thvc #0"
		     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
		     :
		     : "memory");
	return (struct answer){ { r0, r1, r2, r3 } };
}

/* The requested bits end in r3, and the bits above them are zero (DEN 0098). */
static void trng(void)
{
	struct answer a, b;

	CHECK_CALL("trng-version", 0x10000, TRNG_VERSION, 0, 0, 0);
	CHECK_CALL("trng-features", 0, TRNG_FEATURES, TRNG_RND32, 0, 0);
	CHECK_CALL("trng-features-none", PSCI_NOT_SUPPORTED, TRNG_FEATURES,
		   0x84000055, 0, 0);
	CHECK_CALL("trng-no-bits", PSCI_INVALID_PARAMETERS, TRNG_RND32, 0, 0,
		   0);
	CHECK_CALL("trng-97-bits", PSCI_INVALID_PARAMETERS, TRNG_RND32, 97, 0,
		   0);
	a = random_bits(96);
	b = random_bits(96);
	check_eq("psci_bhyve/trng", a.r[0], 0);
	check("psci_bhyve/trng-differs",
	      a.r[1] != b.r[1] || a.r[2] != b.r[2] || a.r[3] != b.r[3]);
	a = random_bits(33);
	check_eq("psci_bhyve/trng-33-high", a.r[1], 0);
	check("psci_bhyve/trng-33-middle", a.r[2] <= 1);
}

/* CPU_SUSPEND to standby returns if an interrupt is pending. */
static void standby(void)
{
	gic_init();
	gic_enable(VTIMER_INTID, 0x80);
	vtimer_set(counter() + timer_hz() / 1000);
	CHECK_CALL("standby", PSCI_SUCCESS, PSCI_CPU_SUSPEND, 0, 0, 0);
	check_eq("psci_bhyve/standby-woken", gic_wait(), VTIMER_INTID);
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
}

static volatile uint32_t leave;

static void second(uint32_t arg)
{
	(void)arg;
	while (!leave)
		;
}

/* After CPU_ON a CPU is on or on-pending; QEMU reports it as off. */
static void on_pending(void)
{
	int state;

	cpu_start(1, second, 0);
	state = psci(PSCI_AFFINITY_INFO, 1, 0, 0);
	check("psci_bhyve/affinity-after-on",
	      state == AFFINITY_ON || state == AFFINITY_ON_PENDING);
	state = psci(PSCI_CPU_ON, 1, (uint32_t)secondary_entry, 0);
	check("psci_bhyve/on-after-on",
	      state == PSCI_ALREADY_ON || state == PSCI_ON_PENDING);
}

int main(void)
{
	smccc();
	trng();
	standby();
	on_pending();
	parameters();
	leave = 1;
	check_eq("psci_bhyve/second-off", (uint32_t)cpu_wait_off(1), 0);
	return 0;
}
