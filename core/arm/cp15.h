/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The coprocessor registers of a guest: one table says how each is reached,
 * what it is at reset, who may access it and where its value lives. Trapped
 * accesses, the register list of user space and reset all go by it.
 */
#ifndef CORE_ARM_CP15_H
#define CORE_ARM_CP15_H

#include "core/arm/pmu.h"
#include "core/arm/timer.h"
#include "core/arm/vcpu_regs.h"

/* Caches CCSIDR can describe: 7 levels, data and instruction. */
#define ARM_NR_CCSIDR 14

/*
 * The ID registers: of the host when filled from the CPU, of the guest after
 * arm_id_guest(). Constant while a VM lives.
 */
struct arm_id {
	uint32_t ctr, tcmtr, tlbtr, revidr;
	uint32_t pfr0, pfr1, dfr0, afr0;
	uint32_t mmfr0, mmfr1, mmfr2, mmfr3;
	uint32_t isar0, isar1, isar2, isar3, isar4, isar5;
	uint32_t clidr, aidr;
	uint32_t ccsidr[ARM_NR_CCSIDR]; /* by CSSELR[3:0] */
	uint32_t midr;
	uint32_t fpsid, mvfr0, mvfr1;
	uint32_t l2ctlr; /* the host's, where it has one; else 0 */
	uint32_t cbar;	 /* the machine's, not the host's */
	uint32_t pmcr;	 /* IMP and IDCODE count */
	uint32_t cntfrq; /* Hz */
};

/*
 * Makes the guest's ID registers of the host's: takes away the Security and
 * Virtualization Extensions, ThumbEE, debug, trace and the PMU beyond its
 * cycle counter, and sets the number of vCPUs (1-8) in L2CTLR.
 */
void arm_id_guest(struct arm_id *id, const struct arm_id *host,
		  unsigned int ncpus);

/* State that no CPU register holds while the vCPU runs. */
struct arm_virt {
	struct arm_timer cntp;
	struct arm_pmu pmu;
};

/*
 * A vCPU for the functions below. The caller serializes access to it.
 */
struct arm_cp_ctx {
	struct arm_regs *regs;
	struct arm_cp15 *cp15; /* NULL while they are in the CPU */
	struct arm_virt *virt;
	const struct arm_id *id;
	uint64_t count;	 /* CNTPCT as the guest sees it: less the VM's offset */
	uint64_t cycles; /* free-running CPU cycles, for PMCCNTR */
};

enum arm_cp_kind {
	ARM_CP_HW,     /* struct arm_cp15, switched with the guest */
	ARM_CP_ID,     /* struct arm_id */
	ARM_CP_CCSIDR, /* struct arm_id by CSSELR */
	ARM_CP_CONST,  /* reads as its reset value, ignores writes */
	ARM_CP_PMU,
	ARM_CP_CNTP_CTL,
	ARM_CP_CNTP_TVAL,
	ARM_CP_CNTP_CVAL,
	ARM_CP_COUNT,  /* CNTPCT, CNTVCT */
	ARM_CP_SETWAY, /* cache maintenance by set/way: the host's task */
	ARM_CP_MAINT,  /* other maintenance, barriers, address translation */
};

#define ARM_CP_R     (1u << 0) /* PL1 may read */
#define ARM_CP_W     (1u << 1) /* PL1 may write */
#define ARM_CP_R0    (1u << 2) /* PL0 may read */
#define ARM_CP_W0    (1u << 3)
#define ARM_CP_ALIAS (1u << 4) /* another register lists the same state */

struct arm_cp_reg {
	const char *name;
	uint32_t id;  /* VM_REG_CP15(), VM_REG_CP15_64(), or class CP14 below */
	uint8_t kind; /* enum arm_cp_kind */
	uint8_t flags;	/* ARM_CP_* */
	uint16_t where; /* offset, or enum arm_pmu_reg */
	uint32_t reset;
};

/* CP14 registers have no state and no id in the ABI: one for the table only. */
#define ARM_REG_CLASS_CP14 0xfeu
#define ARM_REG_CLASS_CP10 0xffu

enum arm_cp_result {
	ARM_CP_DONE,	   /* carried out or condition failed; PC advanced */
	ARM_CP_DONE_TIMER, /* the same, and CNTP changed: arm it anew */
	ARM_CP_UNDEF, /* Undefined Instruction exception; nothing changed */
	ARM_CP_HOST,  /* the caller carries out acc, then arm_cp15_finish() */
};

/* A decoded access. */
struct arm_cp_access {
	const struct arm_cp_reg *reg;
	uint64_t val; /* of a write; of a read, for arm_cp15_finish() */
	uint8_t rt, rt2;
	bool is64;
	bool write;
};

/*
 * A trapped MCR, MRC, MCRR, MRRC or VMRS: HSR.EC 0x03, 0x04, 0x05, 0x08 or
 * 0x0c. *acc is valid for ARM_CP_HOST: the kinds ARM_CP_SETWAY and
 * ARM_CP_MAINT, and with ctx->cp15 NULL the ones that need it.
 *
 * CNTKCTL is not looked at: an access it forbids is UNDEFINED in the guest
 * and does not trap (B1.14.1: exceptions to PL1 have priority).
 */
enum arm_cp_result arm_cp15_access(struct arm_cp_ctx *ctx, uint32_t hsr,
				   struct arm_cp_access *acc);

/* The register that such a trap is about; NULL: none that the guest has. */
const struct arm_cp_reg *arm_cp15_reg(uint32_t hsr);

/* Completes an ARM_CP_HOST access: Rt of a read from acc->val, PC. */
void arm_cp15_finish(struct arm_regs *regs, uint32_t hsr,
		     const struct arm_cp_access *acc);

/*
 * Register i (0...) of those with state, as VM_GET_REG_LIST enumerates them;
 * 0 past the last.
 */
uint32_t arm_cp15_list(unsigned int i);

/*
 * Get and set by id of include/vmm/arm/vmm_regs.h. ctx->cp15 is not NULL.
 * False: no such register, or set to another value than an ID register has.
 */
bool arm_cp15_get(struct arm_cp_ctx *ctx, uint32_t id, uint64_t *val);
bool arm_cp15_set(struct arm_cp_ctx *ctx, uint32_t id, uint64_t val);

/*
 * Resets cp15 and virt; cpu (0-7) is the vCPU's number for MPIDR. Does not
 * touch ctx->regs.
 */
void arm_cp15_reset(struct arm_cp_ctx *ctx, unsigned int cpu);

/* Core registers at reset: B1.9.1. PC becomes pc, R0-R14 and SPSRs zero. */
void arm_regs_reset(struct arm_regs *regs, uint32_t pc);

#endif /* CORE_ARM_CP15_H */
