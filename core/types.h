/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fixed-width types, bool and size_t, for code that is built into every world.
 * kbuild has no <stdint.h>, but identical types of its own; freestanding C has
 * them everywhere else.
 */
#ifndef CORE_TYPES_H
#define CORE_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#endif /* CORE_TYPES_H */
