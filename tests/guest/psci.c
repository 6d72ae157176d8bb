/* SPDX-License-Identifier: BSD-2-Clause */
/* PSCI calls that start no CPU: versions, features, errors (DEN 0022). */
#include "psci.h"
#include "smp.h"
#include "test.h"

static void features(void)
{
	static const uint32_t present[] = {
		PSCI_CPU_OFF,	    PSCI_CPU_ON,     PSCI_CPU_SUSPEND,
		PSCI_AFFINITY_INFO, PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET
	};
	uint32_t i;

	for (i = 0; i < sizeof(present) / sizeof(present[0]); i++)
		check("psci/features",
		      psci(PSCI_FEATURES, present[i], 0, 0) >= 0);
	check_eq("psci/features-unknown",
		 (uint32_t)psci(PSCI_FEATURES, 0x8400ffff, 0, 0),
		 (uint32_t)PSCI_NOT_SUPPORTED);
}

static void errors(void)
{
	check_eq("psci/on-already",
		 (uint32_t)psci(PSCI_CPU_ON, 0, 0x40010000, 0),
		 (uint32_t)PSCI_ALREADY_ON);
	check_eq("psci/on-nobody",
		 (uint32_t)psci(PSCI_CPU_ON, 7, 0x40010000, 0),
		 (uint32_t)PSCI_INVALID_PARAMETERS);
	check_eq("psci/affinity-nobody",
		 (uint32_t)psci(PSCI_AFFINITY_INFO, 7, 0, 0),
		 (uint32_t)PSCI_INVALID_PARAMETERS);
	check_eq("psci/affinity-self",
		 (uint32_t)psci(PSCI_AFFINITY_INFO, 0, 0, 0), AFFINITY_ON);
	check_eq("psci/affinity-other",
		 (uint32_t)psci(PSCI_AFFINITY_INFO, 1, 0, 0), AFFINITY_OFF);
	check_eq("psci/unknown", (uint32_t)psci(0x8400ffff, 0, 0, 0),
		 (uint32_t)PSCI_NOT_SUPPORTED);
	check_eq("psci/unknown-range", (uint32_t)psci(0xc2000000, 0, 0, 0),
		 (uint32_t)PSCI_NOT_SUPPORTED);
}

/* r4 to r11, and r1 to r3 beyond the results, are preserved (DEN 0028). */
static void registers(void)
{
	register uint32_t r0 asm("r0") = PSCI_VERSION;
	register uint32_t r4 asm("r4") = 0x44444444;
	register uint32_t r5 asm("r5") = 0x55555555;
	register uint32_t r8 asm("r8") = 0x88888888;
	uint32_t version, changed;

	asm volatile("hvc #0"
		     : "+r"(r0), "+r"(r4), "+r"(r5), "+r"(r8)
		     :
		     : "r1", "r2", "r3", "memory");
	/* Before the compiler can use r0 for another call. */
	version = r0;
	changed = (r4 ^ 0x44444444) | (r5 ^ 0x55555555) | (r8 ^ 0x88888888);
	check_eq("psci/version", version, 0x10001);
	check_eq("psci/registers-kept", changed, 0);
}

int main(void)
{
	registers();
	features();
	errors();
	return 0;
}
