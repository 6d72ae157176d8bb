// SPDX-License-Identifier: BSD-2-Clause
/* HVC: PSCI, SMCCC and TRNG. core/psci.c decides, this file carries it out. */
#include <linux/random.h>

#include "core/psci.h"
#include "vmm/arm/exit.h"
#include "vmm/kick.h"
#include "vmm/mem.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"
#include "vmm/wait.h"

static u8 psci_cpu_state(const struct vcpu *vcpu)
{
	switch (vcpu->power) {
	case VCPU_ON:
	case VCPU_SUSPENDED: /* as AFFINITY_INFO reports it (DEN 0022) */
		return PSCI_CPU_STATE_ON;
	case VCPU_ON_PENDING:
		return PSCI_CPU_STATE_ON_PENDING;
	case VCPU_OFF:
		break;
	}
	return PSCI_CPU_STATE_OFF;
}

/* vm->lock is held. */
static struct psci_host psci_host_state(const struct vm *vm)
{
	struct psci_host host = vm->arch.hyp->psci;
	unsigned int i;

	for (i = 0; i < VM_MAXCPU && vm_vcpu(vm, i); i++)
		host.cpu_state[i] = psci_cpu_state(vm_vcpu(vm, i));
	host.nvcpus = i;
	return host;
}

/* vm->lock is held. */
static void psci_cpu_on(struct vm *vm, const struct psci_call *call)
{
	struct vcpu *target = vm_vcpu(vm, call->target);

	target->entry = call->entry;
	target->context_id = call->context;
	WRITE_ONCE(target->power, VCPU_ON_PENDING);
	vcpu_kick(target);
}

/* vm->lock is held. */
static void psci_suspend(struct vcpu *vcpu, const struct psci_call *call)
{
	vcpu->entry = call->entry;
	vcpu->context_id = call->context;
	WRITE_ONCE(vcpu->power, VCPU_SUSPENDED);
}

static void psci_random_bits(struct psci_call *call)
{
	u32 entropy[3];

	get_random_bytes(entropy, sizeof(entropy));
	psci_trng_result(call, entropy);
}

static int psci_system_event(struct vcpu *vcpu, enum vm_suspend_how how,
			     u64 arg)
{
	vm_suspend(vcpu->vm, how, vcpu->id, arg);
	return 1; /* the run loop sees it */
}

static void psci_return_values(struct vcpu *vcpu, const struct psci_call *call)
{
	unsigned int i;

	for (i = 0; i < call->nret; i++)
		vcpu->arch.hyp->regs.r[i] = call->ret[i];
}

static bool psci_is_memory(struct vm *vm, u32 entry)
{
	struct mem_slot slot;

	return mem_find_slot(vm, entry & ~1u, &slot);
}

/* Carries out the part that changes power states. vm->lock is held. */
static enum psci_action psci_begin(struct vcpu *vcpu, enum psci_action action,
				   struct psci_call *call)
{
	switch (action) {
	case PSCI_DO_CPU_ON:
	case PSCI_DO_SUSPEND_POWERDOWN:
	case PSCI_DO_SYSTEM_SUSPEND:
		if (!psci_is_memory(vcpu->vm, call->entry)) {
			call->ret[0] = PSCI_INVALID_ADDRESS;
			return PSCI_DO_RETURN;
		}
		if (action == PSCI_DO_CPU_ON)
			psci_cpu_on(vcpu->vm, call);
		else
			psci_suspend(vcpu, call);
		break;
	case PSCI_DO_CPU_OFF:
		WRITE_ONCE(vcpu->power, VCPU_OFF);
		break;
	default:
		break;
	}
	return action;
}

/*
 * The decision and its effect are under one vm->lock, so that of two vCPUs that
 * call at once the second sees what the first has done.
 */
static enum psci_action psci_decide(struct vcpu *vcpu, struct psci_call *call)
{
	const u32 *r = vcpu->arch.hyp->regs.r;
	u32 args[PSCI_NR_ARGS] = { r[1], r[2], r[3] };
	struct vm *vm = vcpu->vm;
	enum psci_action action;
	struct psci_host host;

	mutex_lock(&vm->lock);
	host = psci_host_state(vm);
	action = psci_begin(vcpu, psci_call(&host, r[0], args, call), call);
	mutex_unlock(&vm->lock);
	return action;
}

static int psci_carry_out(struct vcpu *vcpu, enum psci_action action,
			  struct psci_call *call)
{
	switch (action) {
	case PSCI_DO_CPU_OFF:
		vgic_block(vcpu);
		return 1; /* the run loop waits for CPU_ON */
	case PSCI_DO_SYSTEM_OFF:
		return psci_system_event(vcpu, VM_SUSPEND_POWEROFF, 0);
	case PSCI_DO_SYSTEM_RESET:
		return psci_system_event(vcpu, VM_SUSPEND_RESET, 0);
	case PSCI_DO_SYSTEM_RESET2:
		return psci_system_event(vcpu, VM_SUSPEND_RESET, call->context);
	case PSCI_DO_SUSPEND_POWERDOWN:
	case PSCI_DO_SYSTEM_SUSPEND:
		return 1; /* the run loop waits for an interrupt */
	case PSCI_DO_SUSPEND_STANDBY:
		vcpu_block(vcpu);
		break;
	case PSCI_DO_TRNG:
		psci_random_bits(call);
		break;
	case PSCI_DO_CPU_ON:
	case PSCI_DO_RETURN:
		break;
	}
	psci_return_values(vcpu, call);
	return 1;
}

int exit_hvc(struct vcpu *vcpu, u32 hsr)
{
	struct psci_call call;

	vcpu_count(vcpu, VM_STAT_HVC);
	return psci_carry_out(vcpu, psci_decide(vcpu, &call), &call);
}
