// SPDX-License-Identifier: BSD-2-Clause
/* Since 6.8 eventfd_signal() always adds 1. */
#include <linux/eventfd.h>

void probe(struct eventfd_ctx *ctx);
void probe(struct eventfd_ctx *ctx)
{
	eventfd_signal(ctx);
}
