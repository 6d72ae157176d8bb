/* SPDX-License-Identifier: BSD-2-Clause */
/* SYSTEM_RESET ends the run with its exit status. */
#include "print.h"
#include "psci.h"
#include "test.h"

int main(void)
{
	ok("psci_reset/before");
	print("end\n");
	psci(PSCI_SYSTEM_RESET, 0, 0, 0);
	not_ok("psci_reset/after", "the call returned");
	return 0;
}
