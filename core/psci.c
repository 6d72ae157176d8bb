/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/psci.h"

#define PSCI_1_1  0x00010001u
#define SMCCC_1_2 0x00010002u
#define TRNG_1_0  0x00010000u

/* MIGRATE_INFO_TYPE: no Trusted OS that would have to be migrated. */
#define TOS_NOT_PRESENT 2u

/* power_state of CPU_SUSPEND in its original format (DEN 0022, 5.4.2). */
#define POWER_STATE_RESERVED  0xfcfe0000u
#define POWER_STATE_LEVEL     0x03000000u
#define POWER_STATE_POWERDOWN 0x00010000u
#define MAX_POWER_LEVEL	      0x01000000u

#define MAX_AFFINITY_LEVEL 3u
#define RESET2_WARM	   0u

#define TRNG_MAX_BITS 96u

/* 5c9d1b0e-7a42-4e63-b1d7-20f6a48c3e95, of this back end alone. */
static const uint32_t trng_uuid[4] = { 0x5c9d1b0e, 0x7a424e63, 0xb1d720f6,
				       0xa48c3e95 };

static uint32_t psci_features(uint32_t fn)
{
	switch (fn) {
	case PSCI_VERSION:
	case PSCI_CPU_SUSPEND: /* original format, platform-coordinated */
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON:
	case PSCI_AFFINITY_INFO:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
	case PSCI_SYSTEM_SUSPEND:
	case PSCI_SYSTEM_RESET2:
	case SMCCC_VERSION:
		return PSCI_SUCCESS;
	default:
		return PSCI_NOT_SUPPORTED;
	}
}

/* 1 to 3, 0 for what is no ARCH_WORKAROUND. */
static unsigned int workaround_number(uint32_t fn)
{
	switch (fn) {
	case SMCCC_ARCH_WORKAROUND_1:
		return 1;
	case SMCCC_ARCH_WORKAROUND_2:
		return 2;
	case SMCCC_ARCH_WORKAROUND_3:
		return 3;
	default:
		return 0;
	}
}

static uint32_t arch_features(const struct psci_host *host, uint32_t fn)
{
	unsigned int n = workaround_number(fn);

	if (fn == SMCCC_VERSION || fn == SMCCC_ARCH_FEATURES)
		return PSCI_SUCCESS;
	if (!n || host->workaround[n - 1] == PSCI_WORKAROUND_UNKNOWN)
		return PSCI_NOT_SUPPORTED;
	return host->workaround[n - 1] == PSCI_WORKAROUND_NEEDED ? 0 : 1;
}

static uint32_t trng_features(uint32_t fn)
{
	return fn >= TRNG_VERSION && fn <= TRNG_RND32 ? PSCI_SUCCESS :
							PSCI_NOT_SUPPORTED;
}

static bool needs_psci_call(const struct psci_host *host, uint32_t fn)
{
	switch (fn) {
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON:
	case PSCI_AFFINITY_INFO:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_SYSTEM_SUSPEND:
	case PSCI_SYSTEM_RESET2:
	case SMCCC_ARCH_WORKAROUND_1:
	case SMCCC_ARCH_WORKAROUND_2:
	case SMCCC_ARCH_WORKAROUND_3:
		return true;
	case TRNG_GET_UUID:
	case TRNG_RND32:
		return host->entropy;
	default:
		return false;
	}
}

bool psci_query(const struct psci_host *host, uint32_t fn, uint32_t arg,
		uint32_t *ret)
{
	switch (fn) {
	case PSCI_VERSION:
		*ret = PSCI_1_1;
		return true;
	case PSCI_MIGRATE_INFO_TYPE:
		*ret = TOS_NOT_PRESENT;
		return true;
	case PSCI_FEATURES:
		*ret = psci_features(arg);
		return true;
	case SMCCC_VERSION:
		*ret = SMCCC_1_2;
		return true;
	case SMCCC_ARCH_FEATURES:
		*ret = arch_features(host, arg);
		return true;
	case TRNG_VERSION:
		*ret = host->entropy ? TRNG_1_0 : PSCI_NOT_SUPPORTED;
		return true;
	case TRNG_FEATURES:
		*ret = host->entropy ? trng_features(arg) : PSCI_NOT_SUPPORTED;
		return true;
	default:
		*ret = PSCI_NOT_SUPPORTED;
		return !needs_psci_call(host, fn);
	}
}

static enum psci_action returns(struct psci_call *call, uint32_t ret)
{
	call->ret[0] = ret;
	return PSCI_DO_RETURN;
}

static enum psci_action cpu_on(const struct psci_host *host,
			       const uint32_t *args, struct psci_call *call)
{
	if (args[0] >= host->nvcpus)
		return returns(call, PSCI_INVALID_PARAMETERS);
	switch (host->cpu_state[args[0]]) {
	case PSCI_CPU_STATE_ON:
		return returns(call, PSCI_ALREADY_ON);
	case PSCI_CPU_STATE_ON_PENDING:
		return returns(call, PSCI_ON_PENDING);
	default:
		break;
	}
	call->target = args[0];
	call->entry = args[1];
	call->context = args[2];
	return PSCI_DO_CPU_ON;
}

static enum psci_action cpu_suspend(const uint32_t *args,
				    struct psci_call *call)
{
	if ((args[0] & POWER_STATE_RESERVED) ||
	    (args[0] & POWER_STATE_LEVEL) > MAX_POWER_LEVEL)
		return returns(call, PSCI_INVALID_PARAMETERS);
	if (!(args[0] & POWER_STATE_POWERDOWN))
		return PSCI_DO_SUSPEND_STANDBY;
	call->entry = args[1];
	call->context = args[2];
	return PSCI_DO_SUSPEND_POWERDOWN;
}

/* A cluster is on when one of its CPUs is; all CPUs are in cluster 0. */
static uint32_t cluster_state(const struct psci_host *host)
{
	uint32_t state = PSCI_CPU_STATE_OFF;
	unsigned int n;

	for (n = 0; n < host->nvcpus; n++) {
		if (host->cpu_state[n] == PSCI_CPU_STATE_ON)
			return PSCI_CPU_STATE_ON;
		if (host->cpu_state[n] == PSCI_CPU_STATE_ON_PENDING)
			state = PSCI_CPU_STATE_ON_PENDING;
	}
	return state;
}

/* args[1] is the lowest affinity level: the fields below it do not count. */
static uint32_t affinity_info(const struct psci_host *host,
			      const uint32_t *args)
{
	if (!args[1])
		return args[0] < host->nvcpus ? host->cpu_state[args[0]] :
						PSCI_INVALID_PARAMETERS;
	if (args[1] > MAX_AFFINITY_LEVEL || args[0] >> 8 * args[1])
		return PSCI_INVALID_PARAMETERS;
	return cluster_state(host);
}

static enum psci_action system_suspend(const struct psci_host *host,
				       const uint32_t *args,
				       struct psci_call *call)
{
	unsigned int on = 0;
	unsigned int n;

	for (n = 0; n < host->nvcpus; n++)
		on += host->cpu_state[n] != PSCI_CPU_STATE_OFF;
	if (on > 1)
		return returns(call, PSCI_DENIED);
	call->entry = args[0];
	call->context = args[1];
	return PSCI_DO_SYSTEM_SUSPEND;
}

static enum psci_action system_reset2(const uint32_t *args,
				      struct psci_call *call)
{
	if (args[0] != RESET2_WARM)
		return returns(call, PSCI_INVALID_PARAMETERS);
	call->context = args[1];
	return PSCI_DO_SYSTEM_RESET2;
}

static enum psci_action workaround(const struct psci_host *host, uint32_t fn,
				   struct psci_call *call)
{
	unsigned int n = workaround_number(fn);

	if (host->workaround[n - 1] == PSCI_WORKAROUND_UNKNOWN)
		return returns(call, PSCI_NOT_SUPPORTED);
	call->nret = 0;
	call->target = n;
	return host->workaround[n - 1] == PSCI_WORKAROUND_NEEDED ?
		       PSCI_DO_WORKAROUND :
		       PSCI_DO_RETURN;
}

static enum psci_action trng_rnd32(const uint32_t *args, struct psci_call *call)
{
	if (!args[0] || args[0] > TRNG_MAX_BITS)
		return returns(call, PSCI_INVALID_PARAMETERS);
	call->nret = 4;
	call->target = args[0];
	return PSCI_DO_TRNG;
}

static enum psci_action trng_get_uuid(struct psci_call *call)
{
	unsigned int n;

	for (n = 0; n < 4; n++)
		call->ret[n] = trng_uuid[n];
	call->nret = 4;
	return PSCI_DO_RETURN;
}

enum psci_action psci_call(const struct psci_host *host, uint32_t fn,
			   const uint32_t args[PSCI_NR_ARGS],
			   struct psci_call *call)
{
	*call = (struct psci_call){ .nret = 1 };
	if (psci_query(host, fn, args[0], &call->ret[0]))
		return PSCI_DO_RETURN;
	call->ret[0] = PSCI_SUCCESS;
	switch (fn) {
	case PSCI_CPU_ON:
		return cpu_on(host, args, call);
	case PSCI_CPU_OFF:
		return PSCI_DO_CPU_OFF;
	case PSCI_CPU_SUSPEND:
		return cpu_suspend(args, call);
	case PSCI_AFFINITY_INFO:
		return returns(call, affinity_info(host, args));
	case PSCI_SYSTEM_OFF:
		return PSCI_DO_SYSTEM_OFF;
	case PSCI_SYSTEM_RESET:
		return PSCI_DO_SYSTEM_RESET;
	case PSCI_SYSTEM_RESET2:
		return system_reset2(args, call);
	case PSCI_SYSTEM_SUSPEND:
		return system_suspend(host, args, call);
	case TRNG_GET_UUID:
		return trng_get_uuid(call);
	case TRNG_RND32:
		return trng_rnd32(args, call);
	default:
		return workaround(host, fn, call);
	}
}

/* Bits 31:0 are in r3, 63:32 in r2, 95:64 in r1 (DEN 0098, 2.5). */
void psci_trng_result(struct psci_call *call, const uint32_t entropy[3])
{
	uint32_t bits = call->target;
	unsigned int n;

	for (n = 0; n < 3; n++) {
		uint32_t mask = bits >= 32 ? ~0u : (1u << bits) - 1;

		call->ret[3 - n] = entropy[n] & mask;
		bits -= bits >= 32 ? 32 : bits;
	}
}
