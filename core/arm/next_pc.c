/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/next_pc.h"
#include "core/arm/banked.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"

struct step {
	struct arm_regs *regs;
	uint32_t insn;
	const struct arm_next_ops *ops;
	struct arm_next *next;
	bool bad; /* a load of the target failed */
};

static uint32_t next_pc_bits(uint32_t word, unsigned int hi, unsigned int lo)
{
	return word >> lo & ((2u << (hi - lo)) - 1);
}

static bool next_pc_bit(uint32_t word, unsigned int n)
{
	return word >> n & 1;
}

static uint32_t next_pc_sign_extend(uint32_t val, unsigned int width)
{
	return (uint32_t)((int32_t)(val << (32 - width)) >> (32 - width));
}

static bool next_pc_in_thumb(const struct step *s)
{
	return s->regs->cpsr & CPSR_T;
}

/* PC reads as the instruction's address plus 8 (ARM) or 4 (Thumb). */
static uint32_t next_pc_reg(const struct step *s, unsigned int n)
{
	if (n == 15)
		return s->regs->pc + (next_pc_in_thumb(s) ? 4 : 8);
	return *arm_reg(s->regs, n);
}

static uint32_t next_pc_load(struct step *s, uint32_t va, unsigned int size)
{
	uint32_t val = 0;

	if (!s->ops->read(s->ops->arg, va, size, &val))
		s->bad = true;
	if (!(s->regs->cpsr & CPSR_E) || size == 1)
		return val;
	return size == 4 ? __builtin_bswap32(val) :
			   __builtin_bswap16((uint16_t)val);
}

/* BranchWritePC(), BXWritePC() and exception returns. */
static void next_pc_go(struct step *s, uint32_t target, bool thumb)
{
	s->next->branch = true;
	s->next->thumb = thumb;
	s->next->target = target & (thumb ? ~1u : ~3u);
	s->next->pc = s->next->target;
}

static void next_pc_branch(struct step *s, uint32_t target)
{
	next_pc_go(s, target, next_pc_in_thumb(s));
}

static void next_pc_branch_exchange(struct step *s, uint32_t target)
{
	next_pc_go(s, target, target & 1);
}

static void next_pc_exception_return(struct step *s, uint32_t target,
				     uint32_t psr)
{
	s->next->psr = true;
	next_pc_go(s, target, psr & CPSR_T);
}

static uint32_t next_pc_spsr(const struct step *s)
{
	uint32_t mode = s->regs->cpsr & CPSR_M_MASK;

	if (mode == ARM_MODE_USR || mode == ARM_MODE_SYS)
		return s->regs->cpsr; /* UNPREDICTABLE */
	return *arm_spsr(s->regs, mode);
}

/* Shift() of a register operand, by an immediate or a register. */
static uint32_t next_pc_shifted(const struct step *s)
{
	uint32_t val = next_pc_reg(s, next_pc_bits(s->insn, 3, 0));
	unsigned int type = next_pc_bits(s->insn, 6, 5);
	bool by_reg = next_pc_bit(s->insn, 4);
	unsigned int n = by_reg ? next_pc_reg(s, next_pc_bits(s->insn, 11, 8)) &
					  0xff :
				  next_pc_bits(s->insn, 11, 7);

	if (!by_reg && !n && type == 3) /* RRX */
		return val >> 1 | (s->regs->cpsr & CPSR_C ? 1u << 31 : 0);
	if (!by_reg && !n && type)
		n = 32;
	switch (type) {
	case 0:
		return n < 32 ? val << n : 0;
	case 1:
		return n < 32 ? val >> n : 0;
	case 2:
		return (uint32_t)((int32_t)val >> (n < 32 ? n : 31));
	default:
		n &= 31;
		return n ? val >> n | val << (32 - n) : val;
	}
}

static uint32_t next_pc_operand2(const struct step *s)
{
	unsigned int rot = 2 * next_pc_bits(s->insn, 11, 8);
	uint32_t imm = next_pc_bits(s->insn, 7, 0);

	if (!next_pc_bit(s->insn, 25))
		return next_pc_shifted(s);
	return rot ? imm >> rot | imm << (32 - rot) : imm;
}

static uint32_t next_pc_alu(const struct step *s)
{
	uint32_t a = next_pc_reg(s, next_pc_bits(s->insn, 19, 16));
	uint32_t b = next_pc_operand2(s);
	uint32_t carry = s->regs->cpsr & CPSR_C ? 1 : 0;

	switch (next_pc_bits(s->insn, 24, 21)) {
	case 0x0:
		return a & b;
	case 0x1:
		return a ^ b;
	case 0x2:
		return a - b;
	case 0x3:
		return b - a;
	case 0x4:
		return a + b;
	case 0x5:
		return a + b + carry;
	case 0x6:
		return a - b - !carry;
	case 0x7:
		return b - a - !carry;
	case 0xc:
		return a | b;
	case 0xd:
		return b;
	case 0xe:
		return a & ~b;
	default:
		return ~b;
	}
}

/* MRS, MSR and the other miscellaneous instructions. */
static void next_pc_arm_misc(struct step *s)
{
	uint32_t insn = s->insn;

	if ((insn & 0x0fbf0fff) == 0x010f0000 ||
	    (insn & 0x0fb0f000) == 0x0320f000 ||
	    (insn & 0x0fb0fff0) == 0x0120f000)
		s->next->psr = true;
	else if ((insn & 0x0fffffc0) == 0x012fff00 && next_pc_bits(insn, 5, 4))
		next_pc_branch_exchange(
			s, next_pc_reg(s, next_pc_bits(insn, 3,
						       0))); /* BX, BXJ, BLX */
	else if ((insn & 0x0fffffff) == 0x0160006e)	     /* ERET */
		next_pc_exception_return(s, next_pc_reg(s, 14),
					 next_pc_spsr(s));
}

static void next_pc_arm_data(struct step *s)
{
	uint32_t insn = s->insn;
	bool test = next_pc_bits(insn, 24, 23) == 2;

	s->next->ldrex = (insn & 0x0f9000f0) == 0x01900090;
	s->next->strex = (insn & 0x0f9000f0) == 0x01800090;
	if (!next_pc_bit(insn, 25) && next_pc_bit(insn, 7) &&
	    next_pc_bit(insn, 4))
		return; /* multiplies, extra loads and stores */
	if (test && !next_pc_bit(insn, 20))
		next_pc_arm_misc(s);
	else if (!test && next_pc_bits(insn, 15, 12) == 15 &&
		 next_pc_bit(insn, 20))
		next_pc_exception_return(s, next_pc_alu(s), next_pc_spsr(s));
	else if (!test && next_pc_bits(insn, 15, 12) == 15)
		next_pc_branch_exchange(s, next_pc_alu(s));
}

static void next_pc_arm_load(struct step *s)
{
	uint32_t insn = s->insn;
	uint32_t base = next_pc_reg(s, next_pc_bits(insn, 19, 16)), off;

	if (!next_pc_bit(insn, 20) || next_pc_bit(insn, 22) ||
	    next_pc_bits(insn, 15, 12) != 15 ||
	    (next_pc_bit(insn, 25) && next_pc_bit(insn, 4)))
		return;
	off = next_pc_bit(insn, 25) ? next_pc_shifted(s) :
				      next_pc_bits(insn, 11, 0);
	if (next_pc_bit(insn, 24))
		base += next_pc_bit(insn, 23) ? off : -off;
	next_pc_branch_exchange(s, next_pc_load(s, base, 4));
}

static void next_pc_arm_load_multiple(struct step *s)
{
	uint32_t insn = s->insn;
	uint32_t at = next_pc_reg(s, next_pc_bits(insn, 19, 16));
	uint32_t before = 4 * __builtin_popcount(insn & 0x7fff);

	if (!next_pc_bit(insn, 20) || !next_pc_bit(insn, 15))
		return;
	/* The list's highest address has PC. */
	if (next_pc_bit(insn, 23))
		at += before + (next_pc_bit(insn, 24) ? 4 : 0);
	else
		at -= next_pc_bit(insn, 24) ? 4 : 0;
	if (next_pc_bit(insn, 22))
		next_pc_exception_return(s, next_pc_load(s, at, 4),
					 next_pc_spsr(s));
	else
		next_pc_branch_exchange(s, next_pc_load(s, at, 4));
}

static void next_pc_return_from(struct step *s, uint32_t at)
{
	uint32_t pc = next_pc_load(s, at, 4);

	next_pc_exception_return(s, pc, next_pc_load(s, at + 4, 4));
}

static void next_pc_arm_unconditional(struct step *s)
{
	uint32_t insn = s->insn;
	uint32_t base = next_pc_reg(s, next_pc_bits(insn, 19, 16));

	if ((insn & 0xfe000000) == 0xfa000000) /* BLX */
		next_pc_go(s,
			   next_pc_reg(s, 15) +
				   next_pc_sign_extend(
					   next_pc_bits(insn, 23, 0) << 2, 26) +
				   2 * next_pc_bit(insn, 24),
			   true);
	else if ((insn & 0xfe50ffff) == 0xf8100a00) /* RFE: DA, IA, DB, IB */
		next_pc_return_from(s,
				    next_pc_bits(insn, 24, 23) == 1 ? base :
				    next_pc_bits(insn, 24, 23) == 3 ? base + 4 :
				    next_pc_bits(insn, 24, 23) == 2 ? base - 8 :
								      base - 4);
	else if ((insn & 0xfff10020) == 0xf1000000) /* CPS */
		s->next->psr = true;
}

static void next_pc_arm_insn(struct step *s)
{
	if (s->insn >> 28 == 0xf) {
		next_pc_arm_unconditional(s);
		return;
	}
	switch (next_pc_bits(s->insn, 27, 25)) {
	case 0:
	case 1:
		next_pc_arm_data(s);
		break;
	case 2:
	case 3:
		next_pc_arm_load(s);
		break;
	case 4:
		next_pc_arm_load_multiple(s);
		break;
	case 5: /* B, BL */
		next_pc_branch(
			s,
			next_pc_reg(s, 15) +
				next_pc_sign_extend(
					next_pc_bits(s->insn, 23, 0) << 2, 26));
		break;
	}
}

/* B<c>; UDF and SVC are in the same space. */
static void next_pc_t16_branch_cond(struct step *s)
{
	unsigned int cond = next_pc_bits(s->insn, 11, 8);

	if (cond >= 0xe)
		return;
	next_pc_branch(s, next_pc_reg(s, 15) +
				  next_pc_sign_extend(
					  next_pc_bits(s->insn, 7, 0) << 1, 9));
	if (!arm_cond_passed(s->regs->cpsr, cond))
		s->next->pc = s->regs->pc + 2;
}

static void next_pc_t16_compare_branch(struct step *s)
{
	uint32_t insn = s->insn;
	bool zero = next_pc_reg(s, next_pc_bits(insn, 2, 0)) == 0;

	next_pc_branch(s, next_pc_reg(s, 15) + (next_pc_bit(insn, 9) << 6 |
						next_pc_bits(insn, 7, 3) << 1));
	if (zero == next_pc_bit(insn, 11))
		s->next->pc = s->regs->pc + 2;
}

static void next_pc_t16_high(struct step *s)
{
	uint32_t rm = next_pc_reg(s, next_pc_bits(s->insn, 6, 3));
	bool to_pc = (s->insn & 0x87) == 0x87;

	switch (next_pc_bits(s->insn, 9, 8)) {
	case 0:
		if (to_pc)
			next_pc_branch(s, next_pc_reg(s, 15) + rm);
		break;
	case 2:
		if (to_pc)
			next_pc_branch(s, rm);
		break;
	case 3: /* BX, BLX */
		next_pc_branch_exchange(s, rm);
		break;
	}
}

static void next_pc_t16_insn(struct step *s)
{
	uint32_t insn = s->insn;

	if ((insn & 0xf000) == 0xd000)
		next_pc_t16_branch_cond(s);
	else if ((insn & 0xf800) == 0xe000)
		next_pc_branch(
			s, next_pc_reg(s, 15) +
				   next_pc_sign_extend(
					   next_pc_bits(insn, 10, 0) << 1, 12));
	else if ((insn & 0xfc00) == 0x4400)
		next_pc_t16_high(s);
	else if ((insn & 0xf500) == 0xb100)
		next_pc_t16_compare_branch(s);
	else if ((insn & 0xff00) == 0xbd00) /* POP */
		next_pc_branch_exchange(
			s, next_pc_load(s,
					next_pc_reg(s, 13) +
						4 * __builtin_popcount(insn &
								       0xff),
					4));
	else if ((insn & 0xffe8) == 0xb660) /* CPS */
		s->next->psr = true;
}

/* The offset of B (encoding T4): I1 is NOT(J1 EOR S), I2 is NOT(J2 EOR S). */
static uint32_t next_pc_t32_offset(uint32_t insn)
{
	uint32_t sign = next_pc_bit(insn, 26);
	uint32_t i1 = !(next_pc_bit(insn, 13) ^ sign),
		 i2 = !(next_pc_bit(insn, 11) ^ sign);

	return next_pc_sign_extend(sign << 24 | i1 << 23 | i2 << 22 |
					   next_pc_bits(insn, 25, 16) << 12 |
					   next_pc_bits(insn, 10, 0) << 1,
				   25);
}

static void next_pc_t32_branch_cond(struct step *s)
{
	uint32_t insn = s->insn;
	uint32_t off =
		next_pc_bit(insn, 26) << 20 | next_pc_bit(insn, 11) << 19 |
		next_pc_bit(insn, 13) << 18 | next_pc_bits(insn, 21, 16) << 12 |
		next_pc_bits(insn, 10, 0) << 1;

	next_pc_branch(s, next_pc_reg(s, 15) + next_pc_sign_extend(off, 21));
	if (!arm_cond_passed(s->regs->cpsr, next_pc_bits(insn, 25, 22)))
		s->next->pc = s->regs->pc + 4;
}

static void next_pc_t32_control(struct step *s)
{
	uint32_t insn = s->insn;

	if ((insn & 0xffffff00) == 0xf3de8f00) /* SUBS PC, LR; ERET */
		next_pc_exception_return(
			s, next_pc_reg(s, 14) - next_pc_bits(insn, 7, 0),
			next_pc_spsr(s));
	else if ((insn & 0xfff0ffff) == 0xf3c08f00) /* BXJ */
		next_pc_branch_exchange(
			s, next_pc_reg(s, next_pc_bits(insn, 19, 16)));
	else if ((insn & 0xffe0d000) == 0xf3808000 || /* MSR, MRS, CPS */
		 (insn & 0xffe0d000) == 0xf3e08000 ||
		 ((insn & 0xfffff800) == 0xf3af8000 &&
		  next_pc_bits(insn, 10, 8)))
		s->next->psr = true;
}

static void next_pc_t32_branches(struct step *s)
{
	uint32_t insn = s->insn;

	if (next_pc_bit(insn, 12) && next_pc_bit(insn, 14)) /* BL */
		next_pc_branch(s,
			       next_pc_reg(s, 15) + next_pc_t32_offset(insn));
	else if (next_pc_bit(insn, 14)) /* BLX */
		next_pc_go(s,
			   (next_pc_reg(s, 15) & ~3u) +
				   next_pc_t32_offset(insn),
			   false);
	else if (next_pc_bit(insn, 12))
		next_pc_branch(s,
			       next_pc_reg(s, 15) + next_pc_t32_offset(insn));
	else if (next_pc_bits(insn, 25, 23) != 7)
		next_pc_t32_branch_cond(s);
	else
		next_pc_t32_control(s);
}

static void next_pc_t32_table_branch(struct step *s)
{
	uint32_t at = next_pc_reg(s, next_pc_bits(s->insn, 19, 16));
	uint32_t index = next_pc_reg(s, next_pc_bits(s->insn, 3, 0));

	if (next_pc_bit(s->insn, 4))
		next_pc_branch(s,
			       next_pc_reg(s, 15) +
				       2 * next_pc_load(s, at + 2 * index, 2));
	else
		next_pc_branch(s, next_pc_reg(s, 15) +
					  2 * next_pc_load(s, at + index, 1));
}

/* LDM, RFE, exclusives and table branches. */
static void next_pc_t32_multiple(struct step *s)
{
	uint32_t insn = s->insn;
	uint32_t base = next_pc_reg(s, next_pc_bits(insn, 19, 16));

	s->next->ldrex = (insn & 0xfff00f00) == 0xe8500f00 ||
			 (insn & 0xfff000c0) == 0xe8d00040;
	s->next->strex = (insn & 0xfff00000) == 0xe8400000 ||
			 (insn & 0xfff000c0) == 0xe8c00040;
	if ((insn & 0xfff0ffe0) == 0xe8d0f000)
		next_pc_t32_table_branch(s);
	else if ((insn & 0xffd08000) == 0xe8908000) /* LDM, POP */
		next_pc_branch_exchange(
			s,
			next_pc_load(
				s, base + 4 * __builtin_popcount(insn & 0x7fff),
				4));
	else if ((insn & 0xffd0ffff) == 0xe810c000) /* RFEDB */
		next_pc_return_from(s, base - 8);
	else if ((insn & 0xffd0ffff) == 0xe990c000) /* RFEIA */
		next_pc_return_from(s, base);
	else if ((insn & 0xffd08000) == 0xe9108000) /* LDMDB */
		next_pc_branch_exchange(s, next_pc_load(s, base - 4, 4));
}

static void next_pc_t32_load(struct step *s)
{
	uint32_t insn = s->insn;
	unsigned int n = next_pc_bits(insn, 19, 16);
	uint32_t at = next_pc_reg(s, n), off = next_pc_bits(insn, 7, 0);

	if ((insn & 0xff70f000) != 0xf850f000)
		return;
	if (n == 15)
		at = (at & ~3u) + (next_pc_bit(insn, 23) ?
					   next_pc_bits(insn, 11, 0) :
					   -next_pc_bits(insn, 11, 0));
	else if (next_pc_bit(insn, 23))
		at += next_pc_bits(insn, 11, 0);
	else if (!next_pc_bit(insn, 11))
		at += next_pc_reg(s, next_pc_bits(insn, 3, 0))
		      << next_pc_bits(insn, 5, 4);
	else if (next_pc_bit(insn, 10))
		at += next_pc_bit(insn, 9) ? off : -off;
	next_pc_branch_exchange(s, next_pc_load(s, at, 4));
}

static void next_pc_t32_insn(struct step *s)
{
	if ((s->insn & 0xf8008000) == 0xf0008000)
		next_pc_t32_branches(s);
	else if ((s->insn & 0xfe400000) == 0xe8000000 ||
		 (s->insn & 0xfe400000) == 0xe8400000)
		next_pc_t32_multiple(s);
	else
		next_pc_t32_load(s);
}

static bool next_pc_executes(const struct step *s)
{
	unsigned int it;

	if (!next_pc_in_thumb(s))
		return s->insn >> 28 == 0xf ||
		       arm_cond_passed(s->regs->cpsr, s->insn >> 28);
	it = arm_it_get(s->regs->cpsr);
	return !(it & 0xf) || arm_cond_passed(s->regs->cpsr, it >> 4);
}

bool arm_next_pc(struct arm_regs *regs, uint32_t insn, uint32_t len,
		 const struct arm_next_ops *ops, struct arm_next *next)
{
	struct step s = { regs, insn, ops, next, false };

	*next = (struct arm_next){ .pc = regs->pc + len,
				   .thumb = next_pc_in_thumb(&s) };
	if (!next_pc_in_thumb(&s))
		next_pc_arm_insn(&s);
	else if (len == 2)
		next_pc_t16_insn(&s);
	else
		next_pc_t32_insn(&s);
	if (!next_pc_executes(&s)) {
		next->pc = regs->pc + len;
		next->thumb = next_pc_in_thumb(&s);
		return true;
	}
	return !s.bad;
}
