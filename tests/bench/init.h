/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs that are a system's only process share. */
#ifndef BENCH_INIT_H
#define BENCH_INIT_H

#include <stdint.h>

/* Prints what failed and exits, which panics the kernel if this is process 1. */
void die(const char *what) __attribute__((noreturn));

/* Nanoseconds since the kernel's start; under -icount, instructions. */
uint64_t now(void);

/*
 * Mounts /dev, and loads the modules /modules/0, /modules/1, ... in this order.
 */
void start_system(void);

#endif
