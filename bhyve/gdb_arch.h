/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the gdb stub needs to know of the guest's architecture. All functions
 * are called on the event thread, with the vCPUs in question held.
 */
#ifndef BHYVE_GDB_ARCH_H
#define BHYVE_GDB_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lib/vmmapi.h"

#define GDB_REG_BYTES 8 /* bytes of the widest register */

/* Finds out which registers @vcpu has. 0 or a negative errno. */
int gdb_arch_init(struct vcpu *vcpu);

/* The text of the target description's file @name; NULL: there is none. */
const char *gdb_arch_xml(const char *name);

/* How many registers, from 0 on, the g packet contains. */
unsigned int gdb_arch_g_registers(void);

/*
 * gdb_arch_reg_index() returns the place of a register for a number of the
 * target description; negative: there is none. The others read and write a
 * register by its place, and return its size in bytes, or a negative errno.
 */
int gdb_arch_reg_index(uint64_t number);
int gdb_arch_get_reg(struct vcpu *vcpu, unsigned int index,
		     uint8_t bytes[GDB_REG_BYTES]);
int gdb_arch_set_reg(struct vcpu *vcpu, unsigned int index,
		     const uint8_t bytes[GDB_REG_BYTES]);
int gdb_arch_reg_size(unsigned int index);

uint64_t gdb_arch_pc(struct vcpu *vcpu);
int gdb_arch_set_pc(struct vcpu *vcpu, uint64_t pc);

/*
 * The breakpoint instruction for a Z0 or Z1 packet's @kind: its bytes, their
 * number, and the length for the hardware (struct vm_debug_point, len). False:
 * there is no such kind.
 */
struct gdb_break_insn {
	uint8_t bytes[4];
	unsigned int len;
	uint32_t point_len;
};
bool gdb_arch_break_insn(uint64_t kind, struct gdb_break_insn *insn);

/*
 * Reads @len bytes of memory, RAM or flash, as @vcpu sees them at the virtual
 * address @gla. False: not all of it is there.
 */
typedef bool gdb_read_fn(struct vcpu *vcpu, uint64_t gla, void *to, size_t len);

/*
 * Makes a vCPU that stands at a BKPT of the guest's own take the exception that
 * it would cause without a debugger. False: there is no BKPT.
 */
bool gdb_arch_reflect(struct vcpu *vcpu, gdb_read_fn *read);

/* State that is needed when a step ends. */
struct gdb_step {
	uint64_t masks; /* CPSR's interrupt masks before the step */
	uint64_t next[2];
	unsigned int nnext;
	bool masked;
	bool done_already; /* the instruction branches to itself */
};

/*
 * Sets @args to the breakpoints at which one instruction of @vcpu ends, by its
 * successor or by an exception. Interrupts are masked meanwhile, unless the
 * instruction reads or writes the masks. 0 or a negative errno.
 * gdb_arch_step_end() restores the masks.
 */
int gdb_arch_step_begin(struct vcpu *vcpu, struct gdb_step *step,
			struct vm_debug_args *args, gdb_read_fn *read);
void gdb_arch_step_end(struct vcpu *vcpu, const struct gdb_step *step);

#endif /* BHYVE_GDB_ARCH_H */
