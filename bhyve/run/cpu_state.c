/* SPDX-License-Identifier: BSD-2-Clause */
/* Saves and loads what vmm.ko has of a guest's state. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "bhyve/arch.h"
#include "bhyve/machine/device.h"
#include "bhyve/run/cpu_state.h"
#include "lib/reg_names.h"
#include "lib/vmmapi.h"

#define MAXREGS 512

static void reset_by_vmm(void *arg)
{
	(void)arg;
}

/* A register that the guest cannot change is the host's, and is compared. */
static void set_register(struct vcpu *vcpu, struct state *s, uint64_t id,
			 uint64_t val)
{
	int ret = vm_set_register(vcpu, id, val);
	char name[ARCH_REG_NAMELEN];
	uint64_t here = 0;

	if (!ret)
		return;
	arch_reg_name(id, name);
	if (ret == -EINVAL && !vm_get_register(vcpu, id, &here))
		state_fail(s,
			   "%s is 0x%" PRIx64 " in the snapshot, and this host"
			   " cannot give the guest that (here 0x%" PRIx64 ")",
			   name, val, here);
	else
		state_fail(s, "%s: %s", name,
			   ret == -ENOENT ? "this host has no such register" :
					    strerror(-ret));
}

static void register_state(struct vcpu *vcpu, struct state *s, uint64_t id)
{
	uint64_t val = 0;

	if (!s->loading && vm_get_register(vcpu, id, &val))
		state_fail(s, "a register cannot be read");
	state_number(s, "register", &id, sizeof(id), UINT64_MAX);
	state_number(s, "value", &val, sizeof(val), UINT64_MAX);
	/* Only vmm.ko knows which values a register can have, so it is asked. */
	if (state_is_read(s))
		set_register(vcpu, s, id, val);
}

static void vcpu_state(void *arg, struct state *s)
{
	struct vcpu *vcpu = arg;
	uint64_t ids[MAXREGS] = { 0 };
	int listed = vm_get_reg_list(vcpu, ids, MAXREGS);
	uint32_t n = listed < 0 ? 0 : (uint32_t)listed;

	if (listed < 0)
		state_fail(s, "no list of registers: %s", strerror(-listed));
	state_number(s, "number of registers", &n, sizeof(n), MAXREGS);
	for (uint32_t i = 0; i < n && state_is_good(s); i++)
		register_state(vcpu, s, ids[i]);
}

/* The geometry is compared first, to be named by its register. */
static void vgic_state(void *arg, struct state *s)
{
	struct vmctx *ctx = arg;
	struct vm_vgic_state here, state;
	int ret = vm_get_vgic_state(ctx, &here);

	if (ret)
		state_fail(s, "vmm.ko does not give it: %s", strerror(-ret));
	state = here;
	state_bytes(s, "state", &state, sizeof(state));
	if (!state_is_read(s))
		return;
	if (state.nirqs != here.nirqs || state.ncpus != here.ncpus)
		state_fail(s,
			   "GICD_TYPER: %u interrupts and %u CPUs in the"
			   " snapshot, %u and %u here",
			   state.nirqs, state.ncpus, here.nirqs, here.ncpus);
	else if (!s->comparing && vm_set_vgic_state(ctx, &state))
		state_fail(s, "it is in no possible state");
}

void register_cpu_state(struct vmctx *ctx, unsigned int ncpus)
{
	for (unsigned int i = 0; i < ncpus; i++)
		register_device("vcpu", i, reset_by_vmm, vcpu_state,
				vm_get_vcpu(ctx, i));
	register_device("vgic", 0, reset_by_vmm, vgic_state, ctx);
}
