/* SPDX-License-Identifier: BSD-2-Clause */
/* An emulated CPU: the registers and translations that the plugin has read. */
#ifndef COHERENCE_CPU_H
#define COHERENCE_CPU_H

#include "walk.h"

struct qemu_plugin_register;

#define TLB_ENTRIES 1024u

struct tlb_entry {
	uint32_t tag; /* generation, so that an empty one matches nothing */
	uint32_t page;
	struct walk at;
};

struct cpu {
	unsigned int number;
	bool stale; /* regs are to be read again */
	struct walk_regs regs;
	/* One for HYP, one for PL1 and PL0. */
	struct tlb_entry tlb[2][TLB_ENTRIES];
	uint32_t generation;
};

extern struct cpu cpus[MAX_CPUS];

/*
 * Finds the registers that the plugin reads; to be called after a CPU was made.
 * False: this QEMU lacks one of them.
 */
bool cpu_find_registers(void);

/* A general-purpose register, or CPSR, of the CPU that is running. */
uint32_t cpu_read_core(unsigned int n);
uint32_t cpu_read_cpsr(void);

/* Reads the registers again if one of them may have changed. */
void cpu_refresh(struct cpu *cpu);

enum world cpu_world(const struct cpu *cpu, bool hyp);

/*
 * Translates va by the CPU's tables, or by a translation found before. False:
 * va is not mapped.
 */
bool cpu_translate(struct cpu *cpu, enum world world, uint32_t va,
		   struct walk *at);

/* Drops all translations of all CPUs, after any TLB maintenance. */
void cpu_forget_translations(void);

#endif /* COHERENCE_CPU_H */
