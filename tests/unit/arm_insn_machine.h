/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CPU and 256 bytes of memory, on which loads and stores are executed, in the
 * state from which arm_insn_cases.py starts.
 */
#ifndef ARM_INSN_MACHINE_H
#define ARM_INSN_MACHINE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/arm/banked.h"
#include "core/arm/cpu.h"
#include "core/arm/insn.h"

#define BUF	  0x20000000u
#define BUF_SIZE  256
#define BASE	  (BUF + 128)
#define START_PC  0x00010000u
#define MEM_FAULT 7 /* what an access outside of memory returns */

struct machine {
	struct arm_regs regs;
	struct arm_insn_cpu cpu;
	uint64_t d[32];
	uint8_t mem[BUF_SIZE];
	uint32_t fault_at; /* an access here fails; 0: none */
	bool unpriv;	   /* whether the last access was unprivileged */
	unsigned int accesses;
};

static inline uint32_t initial_reg(unsigned int n)
{
	static const uint32_t reg[15] = {
		0x10203040, BASE,	8,	    0x14,	0xfffffff0,
		0x51525354, 0x61e2e3e4, BASE,	    0x81828384, BASE,
		0xa1a2a3a4, 0xb1b2b3b4, 0xc1c2c3c4, BASE,	0xe1e2e3e4,
	};

	return reg[n];
}

static inline uint8_t initial_mem(unsigned int n)
{
	return (uint8_t)((7 * n + 3) ^ 0x80);
}

static inline uint64_t initial_d(unsigned int n)
{
	uint64_t val = 0;
	unsigned int i;

	for (i = 0; i < 8; i++)
		val |= (uint64_t)(8 * n + i) << (8 * i);
	return val;
}

static inline uint8_t *mem_at(struct machine *m, uint32_t va, unsigned int size)
{
	assert_int_equal(va & (size - 1), 0);
	m->accesses++;
	if (va < BUF || va - BUF > BUF_SIZE - size)
		return NULL;
	if (m->fault_at && va <= m->fault_at && m->fault_at < va + size)
		return NULL;
	return &m->mem[va - BUF];
}

static inline int mem_read(void *arg, uint32_t va, unsigned int size,
			   bool unpriv, uint32_t *val)
{
	struct machine *m = arg;
	const uint8_t *p = mem_at(m, va, size);
	unsigned int i;

	m->unpriv = unpriv;
	if (!p)
		return MEM_FAULT;
	*val = 0;
	for (i = 0; i < size; i++)
		*val |= (uint32_t)p[i] << (8 * i);
	return ARM_INSN_OK;
}

static inline int mem_write(void *arg, uint32_t va, unsigned int size,
			    bool unpriv, uint32_t val)
{
	struct machine *m = arg;
	uint8_t *p = mem_at(m, va, size);
	unsigned int i;

	m->unpriv = unpriv;
	if (!p)
		return MEM_FAULT;
	assert_true(size == 4 || val >> (8 * size) == 0);
	for (i = 0; i < size; i++)
		p[i] = (uint8_t)(val >> (8 * i));
	return ARM_INSN_OK;
}

static inline uint64_t vfp_get(void *arg, unsigned int d)
{
	assert_true(d < 32);
	return ((struct machine *)arg)->d[d];
}

static inline void vfp_set(void *arg, unsigned int d, uint64_t val)
{
	assert_true(d < 32);
	((struct machine *)arg)->d[d] = val;
}

static const struct arm_insn_ops machine_ops = {
	.read = mem_read,
	.write = mem_write,
	.vfp_get = vfp_get,
	.vfp_set = vfp_set,
};

/* C is set, the other flags are clear. */
static inline void machine_init(struct machine *m, uint32_t mode)
{
	unsigned int n;

	memset(m, 0, sizeof(*m));
	m->regs.cpsr = mode | CPSR_C;
	m->regs.pc = START_PC;
	for (n = 0; n < 15; n++)
		*arm_reg(&m->regs, n) = initial_reg(n);
	for (n = 0; n < 32; n++)
		m->d[n] = initial_d(n);
	for (n = 0; n < BUF_SIZE; n++)
		m->mem[n] = initial_mem(n);
	m->cpu.regs = &m->regs;
	m->cpu.ops = &machine_ops;
	m->cpu.arg = m;
}

static inline uint32_t mem_word(const struct machine *m, uint32_t va)
{
	const uint8_t *p = &m->mem[va - BUF];

	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void set_mem_word(struct machine *m, uint32_t va, uint32_t val)
{
	assert_int_equal(mem_write(m, va, 4, false, val), ARM_INSN_OK);
}

/* Decodes and executes a word; returns ARM_INSN_UNDEF if either does. */
static inline int machine_run(struct machine *m, uint32_t word,
			      unsigned int len)
{
	struct arm_insn insn;
	bool thumb = m->regs.cpsr & CPSR_T;

	if (arm_insn_decode(word, thumb, len, &insn) != ARM_INSN_OK)
		return ARM_INSN_UNDEF;
	return arm_insn_execute(&insn, &m->cpu);
}

#endif /* ARM_INSN_MACHINE_H */
