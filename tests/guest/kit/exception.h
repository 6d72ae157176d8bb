/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts, and exceptions that a program expects. An unexpected one ends the
 * program with "not ok".
 */
#ifndef KIT_EXCEPTION_H
#define KIT_EXCEPTION_H

#include <stdbool.h>
#include <stdint.h>

enum vector {
	VECTOR_NONE,
	VECTOR_UNDEF,
	VECTOR_SVC,
	VECTOR_PABT,
	VECTOR_DABT,
	VECTOR_HYP,
	VECTOR_IRQ,
	VECTOR_FIQ,
};

struct exception_frame {
	uint32_t r[13];
	uint32_t lr_svc;
	uint32_t lr; /* LR of the exception's mode */
	uint32_t spsr;
};

/* What trap_try() has saved, and then what the exception has left. */
struct trap {
	uint32_t cpsr;
	uint32_t r4_r11[8];
	uint32_t sp;
	uint32_t resume;
	enum vector vector;
	uint32_t lr;
	uint32_t pc; /* of the instruction itself; for SVC of the next one */
	uint32_t spsr;
	uint32_t dfsr, dfar, ifsr, ifar;
};

extern uint32_t boot_regs[5]; /* r0-r2, CPSR and SCTLR at entry */

int trap_try(struct trap *trap) __attribute__((returns_twice));

/* From here to disarm_trap(), an exception of this CPU returns into @trap. */
void arm_trap(struct trap *trap);
void disarm_trap(void);

/*
 * Runs @statement, from PL1 and perhaps down to PL0. Returns the vector that it
 * took, or VECTOR_NONE.
 */
#define TRAP(trap, statement)                 \
	({                                    \
		(trap)->vector = VECTOR_NONE; \
		arm_trap(trap);               \
		if (!trap_try(trap)) {        \
			statement;            \
		}                             \
		disarm_trap();                \
		(trap)->vector;               \
	})

/* Sets the handler of all CPUs' IRQs and FIQs; it may change the frame. */
typedef void irq_handler_t(struct exception_frame *frame);
void set_irq_handler(irq_handler_t *handler);

/* Runs fn(arg) in User mode on a stack of its own, and returns its result. */
int run_user(int (*fn)(void *), void *arg);

void exception(struct exception_frame *frame, enum vector vector);
void trap_return(struct trap *trap, void *frame_end) __attribute__((noreturn));
void run_user_return(uint32_t result, void *frame_end)
	__attribute__((noreturn));
extern char user_done[], vectors[];

#endif
