/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's coprocessor registers. One table says for each register how it is
 * encoded, its value at reset, who may access it, and where its value is.
 * Trapped accesses, user space's register list and reset all use that table.
 */
#ifndef CORE_ARM_CP15_H
#define CORE_ARM_CP15_H

#include "core/arm/pmu.h"
#include "core/arm/timer.h"
#include "core/arm/vcpu_regs.h"

/* CCSIDR describes at most 7 levels of data and instruction caches. */
#define ARM_NR_CCSIDR 14

/*
 * The ID registers: the host's as read from the CPU, the guest's after
 * arm_id_guest(). Constant while a VM lives.
 */
struct arm_id {
	uint32_t ctr, tcmtr, tlbtr, revidr, actlr;
	uint32_t pfr0, pfr1, dfr0, afr0;
	uint32_t mmfr0, mmfr1, mmfr2, mmfr3;
	uint32_t isar0, isar1, isar2, isar3, isar4, isar5;
	uint32_t clidr, aidr;
	uint32_t ccsidr[ARM_NR_CCSIDR]; /* index: CSSELR[3:0] */
	uint32_t midr;
	uint32_t fpsid, mvfr0, mvfr1;
	uint32_t l2ctlr; /* the host's, or 0 if it has none */
	uint32_t cbar;	 /* the guest machine's, not the host's */
	uint32_t pmcr;	 /* only IMP and IDCODE are used */
	uint32_t cntfrq; /* Hz */
};

/*
 * Makes the guest's ID registers from the host's: removes the Security and
 * Virtualization Extensions, ThumbEE, debug, trace, and all of the PMU but its
 * cycle counter; sets the number of vCPUs (1-8) in L2CTLR. ACTLR has SMP set,
 * and IBE where the host's ICIALLU invalidates the branch predictor as well.
 */
void arm_id_guest(struct arm_id *id, const struct arm_id *host,
		  unsigned int ncpus);

/* Register state that is not in the CPU while the vCPU runs. */
struct arm_virt {
	struct arm_timer cntp;
	struct arm_pmu pmu;
};

/* A vCPU, as the functions below see it. The caller serializes access to it. */
struct arm_cp_ctx {
	struct arm_regs *regs;
	struct arm_cp15 *cp15; /* NULL while the registers are in the CPU */
	struct arm_virt *virt;
	const struct arm_id *id;
	uint64_t count;	 /* CNTPCT as the guest sees it, in ticks */
	uint64_t cycles; /* free-running count of CPU cycles, for PMCCNTR */
};

enum arm_cp_kind {
	ARM_CP_HW,     /* in struct arm_cp15, which the world switch swaps */
	ARM_CP_ID,     /* in struct arm_id */
	ARM_CP_CCSIDR, /* in struct arm_id, selected by CSSELR */
	ARM_CP_CONST,  /* reads as its reset value, ignores writes */
	ARM_CP_PMU,
	ARM_CP_CNTP_CTL,
	ARM_CP_CNTP_TVAL,
	ARM_CP_CNTP_CVAL,
	ARM_CP_COUNT, /* CNTPCT, CNTVCT */
	ARM_CP_SETWAY, /* cache maintenance by set/way: the host carries it out */
	ARM_CP_MAINT, /* other maintenance, barriers, address translation */
};

#define ARM_CP_R     (1u << 0) /* PL1 may read */
#define ARM_CP_W     (1u << 1) /* PL1 may write */
#define ARM_CP_R0    (1u << 2) /* PL0 may read */
#define ARM_CP_W0    (1u << 3)
#define ARM_CP_OF_VM (1u << 5) /* an ID register that may differ between VMs */
#define ARM_CP_ALIAS (1u << 4) /* another row lists the same state */

struct arm_cp_reg {
	const char *name;
	uint32_t id;	/* VM_REG_CP15(), VM_REG_CP15_64(), or a class below */
	uint8_t kind;	/* enum arm_cp_kind */
	uint8_t flags;	/* ARM_CP_* */
	uint16_t where; /* offset in a structure, or enum arm_pmu_reg */
	uint32_t reset;
};

/*
 * CP14 registers have no state, and no id in the ABI: a class for the table
 * alone.
 */
#define ARM_REG_CLASS_CP14 0xfeu
#define ARM_REG_CLASS_CP10 0xffu

enum arm_cp_result {
	/* carried out, or its condition failed; PC has advanced */
	ARM_CP_DONE,
	ARM_CP_DONE_TIMER, /* ARM_CP_DONE, and CNTP has changed: arm it again */
	ARM_CP_UNDEF, /* raise Undefined Instruction; nothing has changed */
	ARM_CP_HOST,  /* carry out *acc, then call arm_cp15_finish() */
};

/* A decoded access. */
struct arm_cp_access {
	const struct arm_cp_reg *reg;
	uint64_t val; /* a write's value; for arm_cp15_finish(), a read's */
	uint8_t rt, rt2;
	bool is64;
	bool write;
};

/*
 * Carries out a trapped MCR, MRC, MCRR, MRRC or VMRS (HSR.EC 0x03, 0x04, 0x05,
 * 0x08 or 0x0c) and steps over it. ARM_CP_HOST, for which *acc is valid, means
 * the kinds ARM_CP_SETWAY and ARM_CP_MAINT, and registers in the CPU if
 * ctx->cp15 is NULL.
 *
 * CNTKCTL is not checked: an access that it forbids is UNDEFINED in the guest
 * and never traps to HYP, because exceptions to PL1 have priority.
 */
enum arm_cp_result arm_cp15_access(struct arm_cp_ctx *ctx, uint32_t hsr,
				   struct arm_cp_access *acc);

/*
 * The register that the trapped instruction names; NULL: the guest has none
 * such.
 */
const struct arm_cp_reg *arm_cp15_reg(uint32_t hsr);

/*
 * Completes an ARM_CP_HOST access: writes a read's acc->val to Rt, advances PC.
 */
void arm_cp15_finish(struct arm_regs *regs, uint32_t hsr,
		     const struct arm_cp_access *acc);

/*
 * The id of the ith register with state (from 0), in VM_GET_REG_LIST's order; 0
 * past the last.
 */
uint32_t arm_cp15_list(unsigned int i);

/*
 * Gets or sets a register by its id of include/vmm/arm/vmm_regs.h. ctx->cp15
 * must not be NULL. False: no such register, an ID register set to another
 * value than it has, or a value that is too wide.
 */
bool arm_cp15_get(struct arm_cp_ctx *ctx, uint32_t id, uint64_t *val);
bool arm_cp15_set(struct arm_cp_ctx *ctx, uint32_t id, uint64_t val);

/*
 * Resets cp15 and virt; cpu (0-7) is the vCPU's number for MPIDR. Leaves
 * ctx->regs alone.
 */
void arm_cp15_reset(struct arm_cp_ctx *ctx, unsigned int cpu);

/*
 * Resets the core registers: Supervisor mode, PC as given, R0-R14 and SPSRs
 * zero.
 */
void arm_regs_reset(struct arm_regs *regs, uint32_t pc);

#endif /* CORE_ARM_CP15_H */
