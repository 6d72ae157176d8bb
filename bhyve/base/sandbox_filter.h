/* SPDX-License-Identifier: BSD-2-Clause */
/* The seccomp filters, which sandbox_rules.c compiles when bhyve is built. */
#ifndef BHYVE_SANDBOX_FILTER_H
#define BHYVE_SANDBOX_FILTER_H

#include <linux/filter.h>
#include "bhyve/base/sandbox.h"

/*
 * Stands in them for the number of the process, which is to be put there before
 * they are used. No process has it: they end at 4,194,304.
 */
#define SANDBOX_SELF 0x7fffffff

extern const struct sock_fprog sandbox_filters[SANDBOX_KINDS];

#endif /* BHYVE_SANDBOX_FILTER_H */
