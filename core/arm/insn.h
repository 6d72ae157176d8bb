/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads and stores, decoded and carried out by software: what reaches a device
 * by an instruction for which HSR.ISV is 0. ARM and Thumb encodings of Arm ARM
 * DDI 0406C chapters A5, A6 and A7.
 *
 * An encoding that is UNPREDICTABLE is treated as UNDEFINED where carrying it
 * out has no obvious meaning.
 */
#ifndef CORE_ARM_INSN_H
#define CORE_ARM_INSN_H

#include "core/arm/vcpu_regs.h"

enum arm_insn_kind {
	ARM_INSN_SINGLE,       /* LDR, STR of 1, 2, 4 bytes */
	ARM_INSN_DUAL,	       /* LDRD, STRD */
	ARM_INSN_MULTIPLE,     /* LDM, STM, PUSH, POP */
	ARM_INSN_EXCLUSIVE,    /* LDREX, STREX of 1, 2, 4, 8 bytes */
	ARM_INSN_SWAP,	       /* SWP, SWPB */
	ARM_INSN_TABLE_BRANCH, /* TBB, TBH */
	ARM_INSN_SRS,
	ARM_INSN_RFE,
	ARM_INSN_CP14,	   /* LDC, STC of DBGDTRTXint, DBGDTRRXint */
	ARM_INSN_VFP,	   /* VLDR, VSTR, VLDM, VSTM */
	ARM_INSN_ELEMENTS, /* VLDn, VSTn (multiple n-element structures) */
	ARM_INSN_LANE, /* VLDn, VSTn (single structure to or from one lane) */
	ARM_INSN_ALL_LANES, /* VLDn (single structure to all lanes) */
	ARM_INSN_HINT,	    /* PLD, PLDW, PLI */
};

struct arm_insn {
	uint8_t kind; /* enum arm_insn_kind */
	uint8_t len;  /* bytes */
	uint8_t cond; /* 0-15; of Thumb the IT state has it */
	bool thumb;
	bool load;
	/* Addressing: Rn, plus or minus imm or a shifted Rm. */
	bool index; /* the offset counts for the access: P */
	bool add;   /* U */
	bool wback;
	bool reg_offset;
	bool align4; /* the base is Align(PC, 4): a literal */
	uint8_t rn, rm;
	uint8_t shift; /* 0 LSL, 1 LSR, 2 ASR, 3 ROR, 4 RRX */
	uint8_t shift_n;
	uint32_t imm; /* bytes */
	/* Data. */
	uint8_t size; /* bytes of one access; of an element */
	bool sign;
	bool unpriv; /* LDRT and kin */
	uint8_t rt, rt2;
	uint8_t rd;    /* the status of STREX */
	uint16_t list; /* LDM, STM */
	bool before;   /* LDM, STM, SRS, RFE: IB or DB */
	bool caret;    /* LDM, STM with ^ */
	uint8_t mode;  /* SRS */
	/* VFP and NEON: register number of D, or of S where size is 4. */
	uint8_t vd, count, inc, nelem, lane;
	uint8_t align; /* bytes; 1 for none */
};

/* Results; a positive one is what ops->read() or ops->write() returned. */
#define ARM_INSN_OK    0
#define ARM_INSN_UNDEF (-1) /* Undefined Instruction exception */
#define ARM_INSN_ALIGN (-2) /* alignment fault at fault_va */

/*
 * The data side. Addresses are virtual, multiples of size (1, 2 or 4); val
 * has the byte at va lowest, whatever CPSR.E says. unpriv: translate as User
 * mode would. Non-zero, positive: the access faulted, the instruction stops.
 */
struct arm_insn_ops {
	int (*read)(void *arg, uint32_t va, unsigned int size, bool unpriv,
		    uint32_t *val);
	int (*write)(void *arg, uint32_t va, unsigned int size, bool unpriv,
		     uint32_t val);
	/* D registers 0-31; both NULL: VFP and NEON are UNDEFINED. */
	uint64_t (*vfp_get)(void *arg, unsigned int d);
	void (*vfp_set)(void *arg, unsigned int d, uint64_t val);
};

struct arm_insn_cpu {
	struct arm_regs *regs;
	uint32_t sctlr;
	const struct arm_insn_ops *ops;
	void *arg; /* of ops */
	/* Out, where the result is not ARM_INSN_OK: the access that faulted. */
	uint32_t fault_va;
	bool fault_write;
};

/* Does a Thumb instruction with this first halfword have a second? A6.1. */
bool arm_thumb_is_32(uint16_t first);

/*
 * Decodes insn of len bytes (2 or 4; of a 4-byte Thumb one the first halfword
 * is the high one). ARM_INSN_UNDEF: not a load or store, or none that is
 * defined.
 */
int arm_insn_decode(uint32_t insn, bool thumb, unsigned int len,
		    struct arm_insn *out);

/*
 * Carries it out at cpu->regs->pc and steps over it, or just steps over it
 * if its condition fails. Registers change only with ARM_INSN_OK: a fault
 * leaves the base as it was (B1.9.8), though stores before it have been done.
 *
 * Exclusives are plain accesses, and STREX always succeeds: no monitor
 * watches a device (A3.4.5), and a STREX that never did would hang its loop.
 */
int arm_insn_execute(const struct arm_insn *insn, struct arm_insn_cpu *cpu);

#endif /* CORE_ARM_INSN_H */
