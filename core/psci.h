/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decides what a guest's firmware calls do: PSCI 1.1 (Arm DEN 0022), SMCCC 1.2
 * (DEN 0028) and TRNG 1.0 (DEN 0098), called from AArch32. The caller carries
 * the decision out. No locks, no state.
 */
#ifndef CORE_PSCI_H
#define CORE_PSCI_H

#include "core/types.h"

#define PSCI_MAX_VCPUS 8
#define PSCI_NR_ARGS   3 /* r1 onwards */

/* Function ids */
#define PSCI_VERSION		0x84000000u
#define PSCI_CPU_SUSPEND	0x84000001u
#define PSCI_CPU_OFF		0x84000002u
#define PSCI_CPU_ON		0x84000003u
#define PSCI_AFFINITY_INFO	0x84000004u
#define PSCI_MIGRATE_INFO_TYPE	0x84000006u
#define PSCI_SYSTEM_OFF		0x84000008u
#define PSCI_SYSTEM_RESET	0x84000009u
#define PSCI_FEATURES		0x8400000au
#define PSCI_SYSTEM_SUSPEND	0x8400000eu
#define PSCI_SYSTEM_RESET2	0x84000012u
#define SMCCC_VERSION		0x80000000u
#define SMCCC_ARCH_FEATURES	0x80000001u
#define SMCCC_ARCH_WORKAROUND_1 0x80008000u
#define SMCCC_ARCH_WORKAROUND_2 0x80007fffu
#define SMCCC_ARCH_WORKAROUND_3 0x80003fffu
#define TRNG_VERSION		0x84000050u
#define TRNG_FEATURES		0x84000051u
#define TRNG_GET_UUID		0x84000052u
#define TRNG_RND32		0x84000053u

/* Return values (DEN 0022); SMCCC shares NOT_SUPPORTED. */
#define PSCI_SUCCESS		0u
#define PSCI_NOT_SUPPORTED	((uint32_t)-1)
#define PSCI_INVALID_PARAMETERS ((uint32_t)-2)
#define PSCI_DENIED		((uint32_t)-3)
#define PSCI_ALREADY_ON		((uint32_t)-4)
#define PSCI_ON_PENDING		((uint32_t)-5)
#define PSCI_INTERNAL_FAILURE	((uint32_t)-6)
#define PSCI_INVALID_ADDRESS	((uint32_t)-9)
#define TRNG_NO_ENTROPY		((uint32_t)-3)

/* The values that AFFINITY_INFO returns. */
enum psci_cpu_state {
	PSCI_CPU_STATE_ON = 0,
	PSCI_CPU_STATE_OFF = 1,
	PSCI_CPU_STATE_ON_PENDING = 2,
};

/* What SMCCC_ARCH_FEATURES returns for a workaround. */
enum psci_workaround {
	PSCI_WORKAROUND_UNKNOWN = 0, /* NOT_SUPPORTED: the host cannot tell */
	PSCI_WORKAROUND_NEEDED,	     /* 0: the guest has to call it */
	PSCI_WORKAROUND_UNNEEDED,    /* 1: this CPU is not affected */
};

/* All zero except for nvcpus describes a host without any of these. */
struct psci_host {
	uint8_t nvcpus;	       /* 1 to PSCI_MAX_VCPUS */
	bool entropy;	       /* the host has a random source for TRNG */
	uint8_t workaround[3]; /* enum psci_workaround of 1, 2 and 3 */
	uint8_t cpu_state[PSCI_MAX_VCPUS]; /* enum psci_cpu_state of each vCPU */
};

enum psci_action {
	PSCI_DO_RETURN, /* nothing to do: ret is complete */
	/*
	 * The others start with ret[0] = SUCCESS, which a call that returns
	 * gives to the guest. The caller replaces it if it cannot carry the
	 * call out.
	 */
	/* target, entry, context; INVALID_ADDRESS if entry is no RAM */
	PSCI_DO_CPU_ON,
	PSCI_DO_CPU_OFF,	 /* does not return */
	PSCI_DO_SUSPEND_STANDBY, /* as WFI */
	PSCI_DO_SUSPEND_POWERDOWN, /* as WFI, then a reset to entry with context */
	PSCI_DO_SYSTEM_OFF,	   /* does not return */
	PSCI_DO_SYSTEM_RESET,	   /* does not return */
	PSCI_DO_SYSTEM_RESET2,	   /* context is the cookie */
	PSCI_DO_SYSTEM_SUSPEND,	   /* SUSPEND_POWERDOWN of the whole machine */
	PSCI_DO_TRNG, /* target: number of bits; psci_trng_result() */
};

struct psci_call {
	uint32_t ret[4];  /* r0 to r3 */
	uint8_t nret;	  /* how many of ret the guest's registers get */
	uint32_t target;  /* number of a vCPU, or as the action says */
	uint32_t entry;	  /* physical address; bit 0 set means Thumb */
	uint32_t context; /* r0 of the CPU that starts at entry */
};

/*
 * Decides on function fn with arguments args (r1 to r3), and writes all of
 * *call. It reads cpu_state for CPU_ON, AFFINITY_INFO and SYSTEM_SUSPEND only;
 * the caller holds the lock under which power states change until it has
 * carried these out.
 */
enum psci_action psci_call(const struct psci_host *host, uint32_t fn,
			   const uint32_t args[PSCI_NR_ARGS],
			   struct psci_call *call);

/*
 * Fills in PSCI_DO_TRNG's answer from 96 random bits: r1 to r3, excess bits
 * zero.
 */
void psci_trng_result(struct psci_call *call, const uint32_t entropy[3]);

/* A vCPU's MPIDR: one cluster, Aff0 is its number. */
static inline uint32_t psci_mpidr(unsigned int vcpu)
{
	return 1u << 31 | vcpu;
}

#endif /* CORE_PSCI_H */
