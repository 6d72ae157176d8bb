/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs each operation OPERATIONS times, in CHUNKS chunks that are timed
 * separately, and prints "bench NAME" and the ticks of each chunk.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include "timer.h"

#define OPERATIONS 10000
#define CHUNKS	   10
#define PER_CHUNK  (OPERATIONS / CHUNKS)
#define MAX_CHUNKS 64

/* ticks: of PER_CHUNK operations. */
void chunk(uint64_t ticks);
void report(const char *name);

/*
 * Surround one more run of the operation, for tools/benchlib/count.c to count.
 */
__attribute__((noinline)) void look_from(void);
__attribute__((noinline)) void look_to(void);

/*
 * Runs @code @times times with r4 to r7 = a to d; the loop adds two
 * instructions.
 */
#define LOOP(times, code, a, b, c, d)                                         \
	({                                                                    \
		register uint32_t r4 asm("r4") = (a);                         \
		register uint32_t r5 asm("r5") = (b);                         \
		register uint32_t r6 asm("r6") = (c);                         \
		register uint32_t r7 asm("r7") = (d);                         \
		register uint32_t r8 asm("r8") = (times);                     \
		asm volatile(                                                 \
			".balign 32\n1:\n\t" code "\n\tsubs r8, #1\n\tbne 1b" \
			: "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)    \
			:                                                     \
			: "r0", "r1", "r2", "r3", "r12", "cc", "memory");     \
	})

#define BENCH(name, code, a, b, c, d)                      \
	do {                                               \
		for (uint32_t i_ = 0; i_ < CHUNKS; i_++) { \
			uint64_t before_ = counter();      \
			LOOP(PER_CHUNK, code, a, b, c, d); \
			chunk(counter() - before_);        \
		}                                          \
		look_from();                               \
		LOOP(1, code, a, b, c, d);                 \
		look_to();                                 \
		report(name);                              \
	} while (0)

/* a PL061 register whose writes have no effect */
#define GPIOAFSEL (0x09030000u + 0x420)

/* expiry.c: timer expiries, for bench.c and for a vCPU whose WFI traps. */
void bench_expiries(void);
void bench_blocked(void);

#endif
