/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fixed-width types, bool and size_t, for code that is built into every
 * world. kbuild compiles without a <stdint.h> and brings identical types of
 * its own; everywhere else freestanding C has them.
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
