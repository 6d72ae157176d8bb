/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A model of the board's caches. For each word of RAM it knows whether memory,
 * the data caches and the instruction caches may hold different values. It
 * assumes the worst that DDI 0406C allows: a cache keeps a dirty line until it
 * is cleaned, and holds any line that it might have fetched. The data caches of
 * all CPUs are one, as hardware keeps them coherent; each CPU has its own
 * instruction cache. Nothing here depends on QEMU.
 */
#ifndef COHERENCE_CACHES_H
#define COHERENCE_CACHES_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_SIZE  64u
#define MAX_CPUS   8u
#define PAGE_SIZE  4096u
#define PAGE_LINES (PAGE_SIZE / LINE_SIZE)

enum world {
	WORLD_HOST,
	WORLD_HYP,
	WORLD_GUEST
};

/*
 * The CPU that accesses memory, in which world, and its instruction's address.
 */
struct actor {
	enum world world;
	unsigned int cpu;
	uint32_t pc;
};

enum fault {
	/* A load past the caches, while they hold newer data. */
	FAULT_STALE_MEMORY,
	/* A load through the caches, which may hold older data than memory. */
	FAULT_STALE_CACHE,
	/*
	 * A store past the caches to a dirty line, which may later overwrite
	 * it.
	 */
	FAULT_OVERWRITTEN,
	/* A dirty line is invalidated without being cleaned. */
	FAULT_DISCARDED,
	/* A fetch of an instruction that is only in the data cache yet. */
	FAULT_FETCH_UNCLEANED,
	/* A fetch, while the instruction cache may have an older copy. */
	FAULT_FETCH_STALE,
	/* Stage 2 maps a page that has dirty lines. */
	FAULT_SHOWN,
	FAULT_MAX
};

/*
 * Reports a fault by the access of by at pa; writer was the last to store
 * there.
 */
void report_fault(enum fault fault, uint64_t pa, const struct actor *by,
		  const struct actor *writer);

enum maintenance {
	MAINT_NONE,
	MAINT_CLEAN_POC,
	MAINT_CLEAN_POU,
	MAINT_INVALIDATE_POC,
	MAINT_CLEAN_INVALIDATE_POC,
	MAINT_ICACHE_LINE,
	MAINT_ICACHE_ALL, /* of this CPU */
	MAINT_ICACHE_ALL_IS,
	MAINT_SET_WAY, /* clean, or clean and invalidate */
	MAINT_TLB,
	MAINT_REGISTER, /* a translation or control register is written */
};

/* Makes the model for RAM at [base, base + size). False: no memory for it. */
bool caches_init(uint64_t base, uint64_t size);

/*
 * An access to size bytes within one line; ignored if pa is not in RAM.
 * cacheable: it goes through the caches; for a fetch, the CPU's MMU is on.
 */
void caches_load(uint64_t pa, unsigned int size, bool cacheable,
		 const struct actor *by);
void caches_store(uint64_t pa, unsigned int size, bool cacheable,
		  const struct actor *by);
void caches_fetch(uint64_t pa, unsigned int size, bool cacheable,
		  const struct actor *by);

/* A maintenance operation by address, on one line. */
void caches_maintain(uint64_t pa, enum maintenance op, const struct actor *by);

/* Invalidates the instruction cache of one CPU, or of all. */
void caches_forget_code(unsigned int cpu);
void caches_forget_all_code(void);

/* Cleans and invalidates all lines of the data caches. */
void caches_flush_all(void);

/* Stage 2 of a guest maps the page at pa from now on. */
void caches_show(uint64_t pa, const struct actor *by);

#endif /* COHERENCE_CACHES_H */
