/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that change nothing, which HYP answers itself. They are in a
 * header, so that they are inlined into HYP's handler. No locks, no state.
 */
#ifndef CORE_PSCI_QUERY_H
#define CORE_PSCI_QUERY_H

#include "core/psci.h"

#define PSCI_1_1  0x00010001u
#define SMCCC_1_2 0x00010002u
#define TRNG_1_0  0x00010000u

/* MIGRATE_INFO_TYPE: there is no Trusted OS to migrate. */
#define TOS_NOT_PRESENT 2u

/* Function ids of the Arm architecture's calls (DEN 0028). */
#define PSCI_IS_ARCH_CALL(fn) ((fn) >> 16 == 0x8000u)
#define PSCI_IS_PSCI_CALL(fn) ((fn) >> 5 == PSCI_VERSION >> 5)
#define PSCI_NUMBER(fn)	      ((fn)&0xffffu)
#define PSCI_BIT(fn)	      (1u << PSCI_NUMBER(fn))

/* PSCI_FEATURES of CPU_SUSPEND: original format, platform-coordinated. */
#define PSCI_CALLS                                                         \
	(PSCI_BIT(PSCI_VERSION) | PSCI_BIT(PSCI_CPU_SUSPEND) |             \
	 PSCI_BIT(PSCI_CPU_OFF) | PSCI_BIT(PSCI_CPU_ON) |                  \
	 PSCI_BIT(PSCI_AFFINITY_INFO) | PSCI_BIT(PSCI_MIGRATE_INFO_TYPE) | \
	 PSCI_BIT(PSCI_SYSTEM_OFF) | PSCI_BIT(PSCI_SYSTEM_RESET) |         \
	 PSCI_BIT(PSCI_FEATURES) | PSCI_BIT(PSCI_SYSTEM_SUSPEND) |         \
	 PSCI_BIT(PSCI_SYSTEM_RESET2))

static inline bool psci_is_known(uint32_t fn)
{
	return PSCI_IS_PSCI_CALL(fn) && (PSCI_CALLS & PSCI_BIT(fn));
}

static inline uint32_t psci_features(uint32_t fn)
{
	return fn == SMCCC_VERSION || psci_is_known(fn) ? PSCI_SUCCESS :
							  PSCI_NOT_SUPPORTED;
}

/* UNKNOWN as well for a function that is no ARCH_WORKAROUND. */
static inline enum psci_workaround
psci_workaround_of(const struct psci_host *host, uint32_t fn)
{
	if (!PSCI_IS_ARCH_CALL(fn))
		return PSCI_WORKAROUND_UNKNOWN;
	switch (PSCI_NUMBER(fn)) {
	case PSCI_NUMBER(SMCCC_ARCH_WORKAROUND_1):
		return host->workaround[0];
	case PSCI_NUMBER(SMCCC_ARCH_WORKAROUND_2):
		return host->workaround[1];
	case PSCI_NUMBER(SMCCC_ARCH_WORKAROUND_3):
		return host->workaround[2];
	default:
		return PSCI_WORKAROUND_UNKNOWN;
	}
}

static inline uint32_t psci_arch_features(const struct psci_host *host,
					  uint32_t fn)
{
	if (fn == SMCCC_VERSION || fn == SMCCC_ARCH_FEATURES)
		return PSCI_SUCCESS;
	switch (psci_workaround_of(host, fn)) {
	case PSCI_WORKAROUND_NEEDED:
		return 0;
	case PSCI_WORKAROUND_UNNEEDED:
		return 1;
	default:
		return PSCI_NOT_SUPPORTED;
	}
}

static inline uint32_t psci_arch_query(const struct psci_host *host,
				       uint32_t fn, uint32_t arg)
{
	/* A workaround changes no register (DEN 0028), so r0 keeps fn. */
	if (psci_workaround_of(host, fn) != PSCI_WORKAROUND_UNKNOWN)
		return fn;
	switch (fn) {
	case SMCCC_VERSION:
		return SMCCC_1_2;
	case SMCCC_ARCH_FEATURES:
		return psci_arch_features(host, arg);
	default:
		return PSCI_NOT_SUPPORTED;
	}
}

static inline uint32_t psci_trng_features(uint32_t fn)
{
	return fn >= TRNG_VERSION && fn <= TRNG_RND32 ? PSCI_SUCCESS :
							PSCI_NOT_SUPPORTED;
}

static inline bool psci_trng_query(uint32_t fn, uint32_t arg, uint32_t *ret)
{
	switch (fn) {
	case TRNG_VERSION:
		*ret = TRNG_1_0;
		return true;
	case TRNG_FEATURES:
		*ret = psci_trng_features(arg);
		return true;
	default:
		return false;
	}
}

static inline bool psci_known_query(uint32_t fn, uint32_t arg, uint32_t *ret)
{
	switch (PSCI_NUMBER(fn)) {
	case PSCI_NUMBER(PSCI_VERSION):
		*ret = PSCI_1_1;
		return true;
	case PSCI_NUMBER(PSCI_MIGRATE_INFO_TYPE):
		*ret = TOS_NOT_PRESENT;
		return true;
	case PSCI_NUMBER(PSCI_FEATURES):
		*ret = psci_features(arg);
		return true;
	default:
		return false;
	}
}

/*
 * Answers a call that needs neither cpu_state nor an action: true, with r0's
 * value in *ret. False: psci_call() has to answer it; *ret is unchanged. arg is
 * r1.
 *
 * An ARCH_WORKAROUND that the host has returns fn, which leaves r0 as it was:
 * these calls change no register (DEN 0028). Every way from the guest into HYP
 * carries the workaround out already.
 */
static inline bool psci_query(const struct psci_host *host, uint32_t fn,
			      uint32_t arg, uint32_t *ret)
{
	if (PSCI_IS_ARCH_CALL(fn)) {
		*ret = psci_arch_query(host, fn, arg);
		return true;
	}
	if (psci_is_known(fn))
		return psci_known_query(fn, arg, ret);
	if (fn >= TRNG_VERSION && fn <= TRNG_RND32 && host->entropy)
		return psci_trng_query(fn, arg, ret);
	*ret = PSCI_NOT_SUPPORTED;
	return true;
}

#endif /* CORE_PSCI_QUERY_H */
