/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each operation is done OPERATIONS times, in CHUNKS chunks that are timed one
 * by one: "bench NAME" is followed by the ticks of each chunk.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

#define OPERATIONS 10000
#define CHUNKS	   10
#define PER_CHUNK  (OPERATIONS / CHUNKS)

/* Before each operation's first chunk and after its last. */
void begin(void);
void end(const char *name);
void chunk(uint64_t ticks);

void bench_expiries(void);

#endif
