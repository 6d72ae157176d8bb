/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may be where: for each line of 64 bytes of the board's RAM, and each word of
 * it, whether memory, the data caches and the instruction caches may differ. The model is as
 * pessimistic as the architecture allows (DDI 0406C A3.5.7, B2.2): a cache keeps a
 * dirty line until it is cleaned, and holds any line that it might have fetched.
 * The data caches of all CPUs are one, as hardware keeps them coherent; each CPU
 * has an instruction cache of its own. It knows nothing of QEMU.
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

/* Who does something, and by which instruction. */
struct actor {
	enum world world;
	unsigned int cpu;
	uint32_t pc;
};

enum fault {
	/* Past the caches, while they hold newer data. */
	FAULT_STALE_MEMORY,
	/* Through the caches, while memory has newer data. */
	FAULT_STALE_CACHE,
	/* A store past the caches that a dirty line may be written over. */
	FAULT_OVERWRITTEN,
	/* A dirty line is invalidated. */
	FAULT_DISCARDED,
	/* A fetch of what is in the data cache alone. */
	FAULT_FETCH_UNCLEANED,
	/* A fetch of what the instruction cache may have an older copy of. */
	FAULT_FETCH_STALE,
	/* A guest is given a page that has dirty lines. */
	FAULT_SHOWN,
	FAULT_MAX
};

/* Tells of a fault at pa, where writer was the last to store. */
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

/* RAM is [base, base + size). False: no memory for the model. */
bool caches_init(uint64_t base, uint64_t size);

/*
 * size bytes of one line. pa need not be in RAM; nothing happens then. For fetches
 * cacheable says that the CPU's MMU is on.
 */
void caches_load(uint64_t pa, unsigned int size, bool cacheable,
		 const struct actor *by);
void caches_store(uint64_t pa, unsigned int size, bool cacheable,
		  const struct actor *by);
void caches_fetch(uint64_t pa, unsigned int size, bool cacheable,
		  const struct actor *by);

/* Operations on one line, by its address. */
void caches_maintain(uint64_t pa, enum maintenance op, const struct actor *by);

/* The instruction cache of cpu, or of all. */
void caches_forget_code(unsigned int cpu);
void caches_forget_all_code(void);

/* All lines are cleaned and invalidated. */
void caches_flush_all(void);

/* The page at pa becomes a guest's. */
void caches_show(uint64_t pa, const struct actor *by);

#endif /* COHERENCE_CACHES_H */
