/* SPDX-License-Identifier: BSD-2-Clause */
/* These leave a guest, and are harmless on a bare CPU. */
#ifndef KIT_EXITS_H
#define KIT_EXITS_H

#include "io.h"
#include "pl011.h"
#include "psci.h"

/* An exit that HYP answers. */
static inline void exit_to_hyp(void)
{
	psci(PSCI_VERSION, 0, 0, 0);
}

/* An exit to the process that models the UART: UARTFR has no side effect. */
static inline void exit_to_user(void)
{
	read32(PL011_BASE + 0x18);
}

static inline void exit_often(uint32_t n)
{
	while (n--) {
		exit_to_hyp();
		if (!(n & 7))
			exit_to_user();
	}
}

#endif
