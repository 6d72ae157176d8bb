/* SPDX-License-Identifier: BSD-2-Clause */
/* The seccomp filters, which sandbox_rules.c compiles when bhyve is built. */
#ifndef BHYVE_SANDBOX_FILTER_H
#define BHYVE_SANDBOX_FILTER_H

#include <linux/filter.h>
#include "bhyve/base/sandbox.h"

/*
 * A placeholder in the filters: sandbox_enter() replaces it by bhyve's process
 * number. No process can have this number, because process numbers end at
 * 4,194,304.
 */
#define SANDBOX_SELF 0x7fffffff

extern const struct sock_fprog sandbox_filters[SANDBOX_KINDS];

#endif /* BHYVE_SANDBOX_FILTER_H */
