/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes and emulates loads and stores, for accesses to devices by
 * instructions for which HSR.ISV is 0. ARM and Thumb encodings of DDI 0406C.
 *
 * An UNPREDICTABLE encoding is treated as UNDEFINED unless it has an obvious
 * meaning.
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
	uint8_t cond; /* 0-15; for Thumb, from the IT state */
	bool thumb;
	bool load;
	/* Addressing: Rn, plus or minus imm or a shifted Rm. */
	bool index; /* P: the access is at base plus offset */
	bool add;   /* U: the offset is added */
	bool wback;
	bool reg_offset;
	bool align4; /* the base is Align(PC, 4): a literal */
	uint8_t rn, rm;
	uint8_t shift; /* 0 LSL, 1 LSR, 2 ASR, 3 ROR, 4 RRX */
	uint8_t shift_n;
	uint32_t imm; /* bytes */
	/* Data. */
	uint8_t size; /* bytes of one access, or of an element */
	bool sign;
	bool unpriv; /* LDRT and kin */
	uint8_t rt, rt2;
	uint8_t rd;    /* status register of STREX */
	uint16_t list; /* LDM, STM */
	bool before;   /* IB or DB (LDM, STM, SRS, RFE) */
	bool caret;    /* with ^ (LDM, STM) */
	uint8_t mode;  /* mode of SRS */
	/*
	 * VFP and NEON: vd is the number of a D register, or of an S register
	 * if size is 4.
	 */
	uint8_t vd, count, inc, nelem, lane;
	uint8_t align; /* bytes; 1 for none */
};

/* Results. A positive one is what ops->read() or ops->write() returned. */
#define ARM_INSN_OK    0
#define ARM_INSN_UNDEF (-1) /* Undefined Instruction exception */
#define ARM_INSN_ALIGN (-2) /* alignment fault at fault_va */

/*
 * Memory access. va is virtual, and a multiple of size (1, 2 or 4). The byte at
 * va is the lowest of val, whatever CPSR.E says. unpriv: translate as in User
 * mode. Returns 0, or a positive number if the access faults, which ends the
 * instruction.
 */
struct arm_insn_ops {
	int (*read)(void *arg, uint32_t va, unsigned int size, bool unpriv,
		    uint32_t *val);
	int (*write)(void *arg, uint32_t va, unsigned int size, bool unpriv,
		     uint32_t val);
	/* Access to D registers 0-31. Both NULL: VFP and NEON are UNDEFINED. */
	uint64_t (*vfp_get)(void *arg, unsigned int d);
	void (*vfp_set)(void *arg, unsigned int d, uint64_t val);
};

struct arm_insn_cpu {
	struct arm_regs *regs;
	uint32_t sctlr;
	const struct arm_insn_ops *ops;
	void *arg; /* argument of ops */
	/* Output unless the result is ARM_INSN_OK: the access that faulted. */
	uint32_t fault_va;
	bool fault_write;
};

/* Whether a Thumb instruction with this first halfword has a second one. */
bool arm_thumb_is_32(uint16_t first);

/*
 * Decodes insn of len bytes (2 or 4). A 4-byte Thumb instruction has its first
 * halfword in bits 31:16. ARM_INSN_UNDEF: UNDEFINED, or not a load or store.
 */
int arm_insn_decode(uint32_t insn, bool thumb, unsigned int len,
		    struct arm_insn *out);

/*
 * Executes the instruction at cpu->regs->pc and steps over it; if its condition
 * fails, only steps over it. Registers change only with ARM_INSN_OK: a fault
 * leaves the base as it was, though earlier stores of the instruction have been
 * done.
 *
 * Exclusives are plain accesses and STREX always succeeds: no monitor watches a
 * device, and a loop around a STREX that never succeeds would hang.
 */
int arm_insn_execute(const struct arm_insn *insn, struct arm_insn_cpu *cpu);

#endif /* CORE_ARM_INSN_H */
