/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/psci.h"
#include "core/psci_query.h"

/* CPU_SUSPEND's power_state in its original format (DEN 0022, CPU_SUSPEND). */
#define POWER_STATE_RESERVED  0xfcfe0000u
#define POWER_STATE_LEVEL     0x03000000u
#define POWER_STATE_POWERDOWN 0x00010000u
#define MAX_POWER_LEVEL	      0x01000000u

#define MAX_AFFINITY_LEVEL 3u
#define RESET2_WARM	   0u

#define TRNG_MAX_BITS 96u

/* 5c9d1b0e-7a42-4e63-b1d7-20f6a48c3e95 identifies this TRNG implementation. */
static const uint32_t trng_uuid[4] = { 0x5c9d1b0e, 0x7a424e63, 0xb1d720f6,
				       0xa48c3e95 };

static enum psci_action psci_returns(struct psci_call *call, uint32_t ret)
{
	call->ret[0] = ret;
	return PSCI_DO_RETURN;
}

static enum psci_action psci_cpu_on(const struct psci_host *host,
				    const uint32_t *args,
				    struct psci_call *call)
{
	if (args[0] >= host->nvcpus)
		return psci_returns(call, PSCI_INVALID_PARAMETERS);
	switch (host->cpu_state[args[0]]) {
	case PSCI_CPU_STATE_ON:
		return psci_returns(call, PSCI_ALREADY_ON);
	case PSCI_CPU_STATE_ON_PENDING:
		return psci_returns(call, PSCI_ON_PENDING);
	default:
		break;
	}
	call->target = args[0];
	call->entry = args[1];
	call->context = args[2];
	return PSCI_DO_CPU_ON;
}

static enum psci_action psci_cpu_suspend(const uint32_t *args,
					 struct psci_call *call)
{
	if ((args[0] & POWER_STATE_RESERVED) ||
	    (args[0] & POWER_STATE_LEVEL) > MAX_POWER_LEVEL)
		return psci_returns(call, PSCI_INVALID_PARAMETERS);
	if (!(args[0] & POWER_STATE_POWERDOWN))
		return PSCI_DO_SUSPEND_STANDBY;
	call->entry = args[1];
	call->context = args[2];
	return PSCI_DO_SUSPEND_POWERDOWN;
}

/* All CPUs are in cluster 0, which is on if one of them is. */
static uint32_t psci_cluster_state(const struct psci_host *host)
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

/* args[1] is the lowest affinity level: fields of lower levels are ignored. */
static uint32_t psci_affinity_info(const struct psci_host *host,
				   const uint32_t *args)
{
	if (!args[1])
		return args[0] < host->nvcpus ? host->cpu_state[args[0]] :
						PSCI_INVALID_PARAMETERS;
	if (args[1] > MAX_AFFINITY_LEVEL || args[0] >> 8 * args[1])
		return PSCI_INVALID_PARAMETERS;
	return psci_cluster_state(host);
}

static enum psci_action psci_system_suspend(const struct psci_host *host,
					    const uint32_t *args,
					    struct psci_call *call)
{
	unsigned int on = 0;
	unsigned int n;

	for (n = 0; n < host->nvcpus; n++)
		on += host->cpu_state[n] != PSCI_CPU_STATE_OFF;
	if (on > 1)
		return psci_returns(call, PSCI_DENIED);
	call->entry = args[0];
	call->context = args[1];
	return PSCI_DO_SYSTEM_SUSPEND;
}

static enum psci_action psci_system_reset2(const uint32_t *args,
					   struct psci_call *call)
{
	if (args[0] != RESET2_WARM)
		return psci_returns(call, PSCI_INVALID_PARAMETERS);
	call->context = args[1];
	return PSCI_DO_SYSTEM_RESET2;
}

static enum psci_action psci_trng_rnd32(const uint32_t *args,
					struct psci_call *call)
{
	if (!args[0] || args[0] > TRNG_MAX_BITS)
		return psci_returns(call, PSCI_INVALID_PARAMETERS);
	call->nret = 4;
	call->target = args[0];
	return PSCI_DO_TRNG;
}

static enum psci_action psci_trng_get_uuid(struct psci_call *call)
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
		return psci_cpu_on(host, args, call);
	case PSCI_CPU_OFF:
		return PSCI_DO_CPU_OFF;
	case PSCI_CPU_SUSPEND:
		return psci_cpu_suspend(args, call);
	case PSCI_AFFINITY_INFO:
		return psci_returns(call, psci_affinity_info(host, args));
	case PSCI_SYSTEM_OFF:
		return PSCI_DO_SYSTEM_OFF;
	case PSCI_SYSTEM_RESET:
		return PSCI_DO_SYSTEM_RESET;
	case PSCI_SYSTEM_RESET2:
		return psci_system_reset2(args, call);
	case PSCI_SYSTEM_SUSPEND:
		return psci_system_suspend(host, args, call);
	case TRNG_GET_UUID:
		return psci_trng_get_uuid(call);
	default:
		return psci_trng_rnd32(args, call);
	}
}

/* Bits 31:0 are in r3, 63:32 in r2, 95:64 in r1 (DEN 0098, TRNG_RND). */
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
