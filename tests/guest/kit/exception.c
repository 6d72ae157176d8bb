/* SPDX-License-Identifier: BSD-2-Clause */
#include "exception.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"

#define PSR_T (1u << 5)

static struct trap *armed[MAX_CPUS];
static irq_handler_t *irq_handler;

void arm_trap(struct trap *trap)
{
	*(struct trap *volatile *)&armed[cpu_id()] = trap;
}

void disarm_trap(void)
{
	arm_trap(0);
}

void set_irq_handler(irq_handler_t *handler)
{
	*(irq_handler_t *volatile *)&irq_handler = handler;
}

/* The offset of LR from the instruction that caused the exception. */
static uint32_t instruction_pc(uint32_t lr, uint32_t spsr, enum vector vector)
{
	switch (vector) {
	case VECTOR_UNDEF:
		return lr - (spsr & PSR_T ? 2 : 4);
	case VECTOR_DABT:
		return lr - 8;
	case VECTOR_SVC:
		return lr;
	default:
		return lr - 4;
	}
}

static void record(struct trap *trap, const struct exception_frame *frame,
		   enum vector vector)
{
	trap->vector = vector;
	trap->lr = frame->lr;
	trap->spsr = frame->spsr;
	trap->pc = instruction_pc(frame->lr, frame->spsr, vector);
	trap->dfsr = READ_CP15(0, c5, c0, 0);
	trap->ifsr = READ_CP15(0, c5, c0, 1);
	trap->dfar = READ_CP15(0, c6, c0, 0);
	trap->ifar = READ_CP15(0, c6, c0, 2);
}

static void unexpected(const struct trap *trap)
{
	static const char *const names[] = { "nothing",	   "undefined",
					     "SVC",	   "prefetch abort",
					     "data abort", "hyp trap",
					     "IRQ",	   "FIQ" };

	not_ok("exceptions",
	       "unexpected %s on CPU %u at %x, SPSR %x, DFSR %x DFAR %x IFSR %x IFAR %x",
	       names[trap->vector], cpu_id(), trap->pc, trap->spsr, trap->dfsr,
	       trap->dfar, trap->ifsr, trap->ifar);
	finish();
}

void exception(struct exception_frame *frame, enum vector vector)
{
	struct trap unasked, *trap = armed[cpu_id()];

	if (vector == VECTOR_SVC && frame->lr == (uint32_t)user_done)
		run_user_return(frame->r[0], frame + 1);
	if ((vector == VECTOR_IRQ || vector == VECTOR_FIQ) && irq_handler) {
		irq_handler(frame);
		/* LR is the interrupted instruction plus 4. */
		frame->lr -= 4;
		return;
	}
	record(trap ? trap : &unasked, frame, vector);
	if (!trap)
		unexpected(&unasked);
	trap_return(trap, frame + 1);
}
