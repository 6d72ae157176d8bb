/* SPDX-License-Identifier: BSD-2-Clause */
/* What the plugin knows of an emulated CPU. */
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

/* Once a CPU is there. False: this QEMU lacks a register that is needed. */
bool cpu_find_registers(void);

/* A general-purpose register, or CPSR, of the CPU that is running. */
uint32_t cpu_read_core(unsigned int n);
uint32_t cpu_read_cpsr(void);

/* Reads the registers again if one of them may have changed. */
void cpu_refresh(struct cpu *cpu);

enum world cpu_world(const struct cpu *cpu, bool hyp);

/* By the CPU's tables, or what was found last. False: no translation. */
bool cpu_translate(struct cpu *cpu, enum world world, uint32_t va,
		   struct walk *at);

/* A TLB was told to forget: which, is not looked at. */
void cpu_forget_translations(void);

#endif /* COHERENCE_CPU_H */
