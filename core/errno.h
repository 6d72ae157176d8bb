/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The errno values that core/ returns, negated, where no <errno.h> exists.
 */
#ifndef CORE_ERRNO_H
#define CORE_ERRNO_H

#if defined(__KERNEL__)
#include <linux/errno.h>
#elif __STDC_HOSTED__
#include <errno.h>
#else
#define ENOENT 2
#define ENOMEM 12
#define EFAULT 14
#define EINVAL 22
#endif

#endif /* CORE_ERRNO_H */
