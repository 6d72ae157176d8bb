/* SPDX-License-Identifier: BSD-2-Clause */
/* The seccomp filters that sandbox_rules.c makes when bhyve is built. */
#ifndef BHYVE_SANDBOX_FILTER_H
#define BHYVE_SANDBOX_FILTER_H

#include <linux/filter.h>

/*
 * Stands for the process id in the filters, and is replaced before they are
 * installed. No process has it: ids end at 4,194,304.
 */
#define SANDBOX_SELF 0x7fffffff

/* The filters without and with user-mode networking. */
extern struct sock_fprog sandbox_filter, sandbox_filter_network;

#endif /* BHYVE_SANDBOX_FILTER_H */
