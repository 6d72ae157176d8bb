/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs that are the whole of a system have in common. */
#ifndef BENCH_INIT_H
#define BENCH_INIT_H

#include <stdint.h>

/* Says what failed and ends; with process 1, the system. */
void die(const char *what) __attribute__((noreturn));

/* Nanoseconds since the kernel's first steps: under -icount, instructions. */
uint64_t now(void);

/* /dev, and /modules/0, /modules/1... in the order of their numbers. */
void start_system(void);

#endif
