/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/banked.h"
#include "core/arm/cpu.h"

static uint32_t *banked_reg_fiq(struct arm_regs *regs, unsigned int n)
{
	switch (n) {
	case 8:
		return &regs->r8_fiq;
	case 9:
		return &regs->r9_fiq;
	case 10:
		return &regs->r10_fiq;
	case 11:
		return &regs->r11_fiq;
	case 12:
		return &regs->r12_fiq;
	}
	return &regs->r[n];
}

static uint32_t *banked_reg_sp(struct arm_regs *regs, uint32_t mode)
{
	switch (mode) {
	case ARM_MODE_FIQ:
		return &regs->sp_fiq;
	case ARM_MODE_IRQ:
		return &regs->sp_irq;
	case ARM_MODE_SVC:
		return &regs->sp_svc;
	case ARM_MODE_ABT:
		return &regs->sp_abt;
	case ARM_MODE_UND:
		return &regs->sp_und;
	}
	return &regs->sp_usr;
}

static uint32_t *banked_reg_lr(struct arm_regs *regs, uint32_t mode)
{
	switch (mode) {
	case ARM_MODE_FIQ:
		return &regs->lr_fiq;
	case ARM_MODE_IRQ:
		return &regs->lr_irq;
	case ARM_MODE_SVC:
		return &regs->lr_svc;
	case ARM_MODE_ABT:
		return &regs->lr_abt;
	case ARM_MODE_UND:
		return &regs->lr_und;
	}
	return &regs->lr_usr;
}

uint32_t *arm_reg_mode(struct arm_regs *regs, uint32_t cpsr, unsigned int n)
{
	uint32_t mode = cpsr & CPSR_M_MASK;

	if (n == 13)
		return banked_reg_sp(regs, mode);
	if (n >= 14)
		return banked_reg_lr(regs, mode);
	if (mode == ARM_MODE_FIQ)
		return banked_reg_fiq(regs, n);
	return &regs->r[n];
}

uint32_t *arm_reg(struct arm_regs *regs, unsigned int n)
{
	return arm_reg_mode(regs, regs->cpsr, n);
}

uint32_t *arm_spsr(struct arm_regs *regs, uint32_t cpsr)
{
	switch (cpsr & CPSR_M_MASK) {
	case ARM_MODE_FIQ:
		return &regs->spsr_fiq;
	case ARM_MODE_IRQ:
		return &regs->spsr_irq;
	case ARM_MODE_SVC:
		return &regs->spsr_svc;
	case ARM_MODE_ABT:
		return &regs->spsr_abt;
	case ARM_MODE_UND:
		return &regs->spsr_und;
	}
	return NULL;
}
