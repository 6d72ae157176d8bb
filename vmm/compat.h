/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the kernels that vmm.ko is built for differ.
 */
#ifndef VMM_COMPAT_H
#define VMM_COMPAT_H

#include <linux/eventfd.h>
#include <linux/version.h>

/* Adds one to the counter. Any context. */
static inline void eventfd_signal_one(struct eventfd_ctx *ctx)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

#endif /* VMM_COMPAT_H */
