/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and writes the registers that the emulation of a load or store needs.
 */
#include <vmm/arm/vmm_regs.h>
#include "lib/arm/state.h"

#define NCORE (sizeof(struct arm_regs) / sizeof(uint32_t))

/*
 * struct arm_regs has a word for each id of enum vm_reg_core, in the same
 * order.
 */
_Static_assert(VM_REG_GUEST_R0 + NCORE - 1 == VM_REG_GUEST_SPSR_FIQ, "order");
_Static_assert(offsetof(struct arm_regs, sp_svc) / 4 ==
		       VM_REG_GUEST_SP_SVC - VM_REG_GUEST_R0,
	       "order");
_Static_assert(offsetof(struct arm_regs, r8_fiq) / 4 ==
		       VM_REG_GUEST_R8_FIQ - VM_REG_GUEST_R0,
	       "order");

struct cp15_word {
	uint32_t id;
	size_t offset;
};

#define WORD(crn, op1, crm, op2, name)                  \
	{                                               \
		VM_REG_CP15(crn, op1, crm, op2),        \
			offsetof(struct arm_cp15, name) \
	}

static const struct cp15_word words[] = {
	WORD(1, 0, 0, 0, sctlr),  WORD(2, 0, 0, 2, ttbcr),
	WORD(3, 0, 0, 0, dacr),	  WORD(5, 0, 0, 0, dfsr),
	WORD(6, 0, 0, 0, dfar),	  WORD(10, 0, 2, 0, mair0),
	WORD(10, 0, 2, 1, mair1), WORD(12, 0, 0, 0, vbar),
};

#define NWORDS (sizeof(words) / sizeof(words[0]))

static uint32_t *cp15_word(const struct arm_cp15 *cp15, size_t offset)
{
	return (uint32_t *)((char *)cp15 + offset);
}

static int get_core(struct vcpu *vcpu, struct arm_regs *regs)
{
	uint32_t *word = (uint32_t *)regs;
	uint64_t val;
	int ret = 0;

	for (unsigned int i = 0; i < NCORE && !ret; i++) {
		ret = vm_get_register(vcpu, VM_REG_GUEST_R0 + i, &val);
		word[i] = ret ? 0 : val;
	}
	return ret;
}

int arm_state_get_cp15(struct vcpu *vcpu, struct arm_cp15 *cp15)
{
	uint64_t val;
	int ret = 0;

	for (unsigned int i = 0; i < NWORDS && !ret; i++) {
		ret = vm_get_register(vcpu, words[i].id, &val);
		if (!ret)
			*cp15_word(cp15, words[i].offset) = val;
	}
	if (!ret)
		ret = vm_get_register(vcpu, VM_REG_CP15_64(0, 2), &cp15->ttbr0);
	if (!ret)
		ret = vm_get_register(vcpu, VM_REG_CP15_64(1, 2), &cp15->ttbr1);
	return ret;
}

int arm_state_get(struct vcpu *vcpu, struct arm_state *state)
{
	int ret;

	*state = (struct arm_state){ 0 };
	ret = get_core(vcpu, &state->regs);
	return ret ? ret : arm_state_get_cp15(vcpu, &state->cp15);
}

static int put_core(struct vcpu *vcpu, const struct arm_regs *before,
		    const struct arm_regs *after)
{
	const uint32_t *old = (const uint32_t *)before;
	const uint32_t *new = (const uint32_t *)after;
	int ret = 0;

	for (unsigned int i = 0; i < NCORE && !ret; i++)
		if (old[i] != new[i])
			ret = vm_set_register(vcpu, VM_REG_GUEST_R0 + i,
					      new[i]);
	return ret;
}

int arm_state_put(struct vcpu *vcpu, const struct arm_state *before,
		  const struct arm_state *after)
{
	int ret = put_core(vcpu, &before->regs, &after->regs);

	for (unsigned int i = 0; i < NWORDS && !ret; i++) {
		uint32_t new = *cp15_word(&after->cp15, words[i].offset);

		if (new != *cp15_word(&before->cp15, words[i].offset))
			ret = vm_set_register(vcpu, words[i].id, new);
	}
	return ret;
}
