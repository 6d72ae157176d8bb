/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tries every encoding of MRC, MCR, MRRC and MCRR on CP15 and CP14, at PL1 and
 * PL0, and prints which exist, what they read, and which bits can be written.
 * The program does not judge: the run under bhyve is compared line by line with
 * one on QEMU's bare CPU (tests/guest/differences).
 */
#include "cache.h"
#include "exception.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

#define READ		(1u << 20)
#define ALL_USER_TIMERS 0x303u
#define EN_PMUSER	1u

/* mrc or mcr COPROCESSOR, op1, r0, crn, crm, op2 */
struct reg {
	uint8_t cp, crn, op1, crm, op2;
};

static uint32_t code[4] __attribute__((aligned(64)));

static void load(uint32_t instruction)
{
	code[0] = instruction;
	code[1] = 0xe12fff1e; /* bx lr */
	cache_sync_code(code, sizeof(code));
}

static void load_mcr(const struct reg *reg, uint32_t direction)
{
	load(0xee000010 | (uint32_t)reg->op1 << 21 | (uint32_t)reg->crn << 16 |
	     (uint32_t)reg->cp << 8 | (uint32_t)reg->op2 << 5 | reg->crm |
	     direction);
}

static uint32_t value;

/* r0 goes in and out of the code; r1 as well for 64-bit registers. */
static int call(void *arg)
{
	register uint32_t r0 asm("r0") = value;
	register uint32_t r1 asm("r1") = (uint32_t)(uintptr_t)arg;

	asm volatile("mov r3, lr\n\tblx %2\n\tmov lr, r3"
		     : "+r"(r0), "+r"(r1)
		     : "r"(code)
		     : "r3", "memory");
	value = r0;
	return (int)r1;
}

/* Registers that read differently each time: counters and timers. */
static bool is_volatile(const struct reg *reg)
{
	static const struct reg regs[] = {
		{ 15, 9, 0, 13, 0 }, /* PMCCNTR */
		{ 15, 14, 0, 2, 0 }, /* CNTP_TVAL */
		{ 15, 14, 0, 3, 0 }, /* CNTV_TVAL */
	};
	uint32_t i;

	for (i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		if (reg->cp == regs[i].cp && reg->crn == regs[i].crn &&
		    reg->op1 == regs[i].op1 && reg->crm == regs[i].crm &&
		    reg->op2 == regs[i].op2)
			return true;
	return false;
}

/*
 * Registers whose change would end the program, or that another program tests.
 */
static bool is_delicate(const struct reg *reg)
{
	return reg->cp == 15 &&
	       ((reg->crn == 1 && reg->crm == 0 && !reg->op2) || /* SCTLR */
		reg->crn == 12 /* VBAR */);
}

static bool allowed(bool user)
{
	struct trap trap;

	if (user)
		return TRAP(&trap, run_user(call, 0)) == VECTOR_NONE;
	return TRAP(&trap, call(0)) == VECTOR_NONE;
}

static bool read_reg(const struct reg *reg, bool user)
{
	load_mcr(reg, READ);
	value = 0;
	return allowed(user);
}

static bool write_reg(const struct reg *reg, uint32_t val, bool user)
{
	load_mcr(reg, 0);
	value = val;
	return allowed(user);
}

/* What was found out about one encoding. */
struct found {
	bool reads, writes, counts, probed;
	uint32_t is, ones, zeros;
};

static bool same(const struct found *a, const struct found *b)
{
	return a->reads == b->reads && a->writes == b->writes &&
	       a->counts == b->counts && a->probed == b->probed &&
	       a->is == b->is && a->ones == b->ones && a->zeros == b->zeros;
}

/* Finds the bits that can be set, and those that can be cleared. */
static void probe(const struct reg *reg, struct found *found)
{
	write_reg(reg, ~0u, false);
	read_reg(reg, false);
	found->ones = value;
	write_reg(reg, 0, false);
	read_reg(reg, false);
	found->zeros = value;
	found->probed = true;
	write_reg(reg, found->is, false);
}

/* A bit for each encoding: it exists at PL1. */
static uint32_t present[2][16][1024 / 32];

static uint32_t *present_word(const struct reg *reg, uint32_t *bit)
{
	uint32_t n = (uint32_t)reg->op1 << 7 | (uint32_t)reg->crm << 3 |
		     reg->op2;

	*bit = 1u << n % 32;
	return &present[reg->cp & 1][reg->crn][n / 32];
}

static struct found privileged(const struct reg *reg)
{
	struct found found = { .reads = read_reg(reg, false) };
	uint32_t bit, *word = present_word(reg, &bit);

	found.counts = found.reads && is_volatile(reg);
	/*
	 * An old TVAL would move the compare value 2^31 ticks, or 34 s, ahead,
	 * and end the timer's condition. 0 means now.
	 */
	found.is = found.reads && !found.counts ? value : 0;
	found.writes = write_reg(reg, found.is, false);
	if (found.reads || found.writes)
		*word |= bit;
	if (found.reads && found.writes && !found.counts && !is_delicate(reg))
		probe(reg, &found);
	return found;
}

/* At PL0 a register reads the same; only the rights matter. */
static struct found unprivileged(const struct reg *reg)
{
	uint32_t bit, old;
	struct found found = { .reads = false };

	if (!(*present_word(reg, &bit) & bit))
		return found;
	old = read_reg(reg, false) ? value : 0;
	found.reads = read_reg(reg, true);
	found.writes = write_reg(reg, old, true);
	return found;
}

static void print_found(const char *name, const struct reg *from,
			const struct reg *to, const struct found *found)
{
	if (!found->reads && !found->writes)
		return;
	print("%s%s%s p%u c%u %u c%u %u", name, found->reads ? "r" : "",
	      found->writes ? "w" : "", from->cp, from->crn, from->op1,
	      from->crm, from->op2);
	if (from->op1 != to->op1 || from->crm != to->crm ||
	    from->op2 != to->op2)
		print(" to %u c%u %u", to->op1, to->crm, to->op2);
	if (found->counts)
		print(" counts");
	else if (found->is)
		print(" is %x", found->is);
	if (found->probed)
		print(" ones %x zeros %x", found->ones, found->zeros);
	print("\n");
}

/* Encoding number @n of this CRn. */
static struct reg numbered(uint8_t cp, uint8_t crn, uint32_t n)
{
	return (struct reg){ cp, crn, n >> 7, n >> 3 & 15, n & 7 };
}

/*
 * Prints all registers of a CRn; adjacent ones that behave the same share a
 * line.
 */
static void all_of(const char *name, uint8_t cp, uint8_t crn,
		   struct found (*look)(const struct reg *))
{
	struct reg first = numbered(cp, crn, 0), last = first, reg;
	struct found found = look(&first), next;
	uint32_t n;

	for (n = 1; n < 8 * 16 * 8; n++) {
		reg = numbered(cp, crn, n);
		next = look(&reg);
		if (!same(&found, &next)) {
			print_found(name, &first, &last, &found);
			first = reg;
			found = next;
		}
		last = reg;
	}
	print_found(name, &first, &last, &found);
}

static void for_each(const char *name, struct found (*look)(const struct reg *))
{
	uint8_t crn;

	for (crn = 0; crn < 16; crn++)
		all_of(name, 15, crn, look);
	for (crn = 0; crn < 16; crn++)
		all_of(name, 14, crn, look);
}

/* A 64-bit access shows another register's value, so only its existence matters. */
static void one_wide(uint32_t cp, uint32_t op1, uint32_t crm, uint32_t read)
{
	load(0xec410000 | read | cp << 8 | op1 << 4 | crm);
	value = 0;
	if (allowed(false))
		print("%s p%u %u c%u\n", read ? "mrrc" : "mcrr", cp, op1, crm);
}

static void wide(uint32_t cp)
{
	uint32_t op1, crm;

	for (op1 = 0; op1 < 16; op1++) {
		for (crm = 0; crm < 16; crm++) {
			one_wide(cp, op1, crm, READ);
			one_wide(cp, op1, crm, 0);
		}
	}
}

int main(void)
{
	for_each("", privileged);
	wide(15);
	wide(14);
	WRITE_CP15(0, c14, c1, 0, 0); /* CNTKCTL */
	WRITE_CP15(0, c9, c14, 0, 0); /* PMUSERENR */
	for_each("user ", unprivileged);
	WRITE_CP15(0, c14, c1, 0, ALL_USER_TIMERS);
	WRITE_CP15(0, c9, c14, 0, EN_PMUSER);
	all_of("user allowed ", 15, 9, unprivileged);
	all_of("user allowed ", 15, 14, unprivileged);
	return 0;
}
