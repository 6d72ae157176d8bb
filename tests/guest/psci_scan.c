/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints the results of PSCI_FEATURES and SMCCC_ARCH_FEATURES for each
 * function, for comparison with QEMU's PSCI, like regs.c.
 */
#include "print.h"
#include "psci.h"
#include "test.h"

int main(void)
{
	uint32_t n;

	print("version %x\n", (uint32_t)psci(PSCI_VERSION, 0, 0, 0));
	for (n = 0x84000000; n < 0x84000020; n++)
		print("features %x %d\n", n, psci(PSCI_FEATURES, n, 0, 0));
	for (n = 0xc4000000; n < 0xc4000020; n++)
		if (psci(PSCI_FEATURES, n, 0, 0) != PSCI_NOT_SUPPORTED)
			print("features %x: a 64-bit one\n", n);
	print("features of SMCCC_VERSION %d\n",
	      psci(PSCI_FEATURES, SMCCC_VERSION, 0, 0));
	for (n = 0; n < 8; n++)
		print("affinity of %u at 0 %d, at 1 %d\n", n,
		      psci(PSCI_AFFINITY_INFO, n, 0, 0),
		      psci(PSCI_AFFINITY_INFO, n, 1, 0));
	return 0;
}
