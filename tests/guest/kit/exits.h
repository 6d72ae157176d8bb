/* SPDX-License-Identifier: BSD-2-Clause */
/* Under a hypervisor these leave the guest; on a bare CPU they are harmless. */
#ifndef KIT_EXITS_H
#define KIT_EXITS_H

#include "io.h"
#include "pl011.h"
#include "psci.h"

/* To the hypervisor and no further. */
static inline void exit_to_hyp(void)
{
	psci(PSCI_VERSION, 0, 0, 0);
}

/* As far as the process that models the UART: UARTFR has no side effect. */
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
