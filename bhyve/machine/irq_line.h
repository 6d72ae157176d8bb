/* SPDX-License-Identifier: BSD-2-Clause */
/* A device's interrupt line, which tells vmm.ko only about changes. */
#ifndef BHYVE_IRQ_LINE_H
#define BHYVE_IRQ_LINE_H

#include <stdbool.h>
#include "lib/vmmapi.h"

struct irq_line {
	struct vmctx *ctx;
	uint32_t intid;
	bool level;
};

/*
 * Called with the device's lock held, so that the line always fits the
 * registers.
 */
static inline void irq_line_set(struct irq_line *line, bool level)
{
	if (line->level == level)
		return;
	line->level = level;
	if (level)
		vm_assert_irq(line->ctx, line->intid);
	else
		vm_deassert_irq(line->ctx, line->intid);
}

#endif /* BHYVE_IRQ_LINE_H */
