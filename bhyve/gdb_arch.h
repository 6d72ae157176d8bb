/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the gdb stub must know of the guest's architecture; all of it on the
 * event thread, with the vCPUs in question held.
 */
#ifndef BHYVE_GDB_ARCH_H
#define BHYVE_GDB_ARCH_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/vmmapi.h"

#define GDB_REG_BYTES 8 /* of the widest */

/* Learns which registers @vcpu and its like have. Negative errno. */
int gdb_arch_init(struct vcpu *vcpu);

/* The text of the target description's file @name; NULL: there is none. */
const char *gdb_arch_xml(const char *name);

/* How many registers, from 0 on in their order, the g packet has. */
unsigned int gdb_arch_g_registers(void);

/*
 * A register by its place in that order, or by the number that the target
 * description gives it (negative: none): its size in bytes, or a negative errno.
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
 * The breakpoint instruction for a Z0 or Z1 packet's @kind: its bytes, how many
 * there are, and what the hardware has to be told (struct vm_debug_point, len).
 * False: there is no such kind.
 */
struct gdb_break_insn {
	uint8_t bytes[4];
	unsigned int len;
	uint32_t point_len;
};
bool gdb_arch_break_insn(uint64_t kind, struct gdb_break_insn *insn);

/*
 * The guest's own BKPT, at which it stands: what it would have met without a
 * debugger. False: there is none.
 */
bool gdb_arch_reflect(struct vcpu *vcpu);

/* What a step has to put right when it is over. */
struct gdb_step {
	uint64_t masks; /* of CPSR, as they were */
	uint64_t next[2];
	unsigned int nnext;
	bool masked;
	bool done_already; /* a branch to itself */
};

/*
 * Makes @args the breakpoints at which one instruction of @vcpu ends, however it
 * does: by its successor or by an exception. Interrupts wait meanwhile, unless
 * the instruction concerns them. Negative errno.
 */
int gdb_arch_step_begin(struct vcpu *vcpu, struct gdb_step *step,
			struct vm_debug_args *args);
void gdb_arch_step_end(struct vcpu *vcpu, const struct gdb_step *step);

#endif /* BHYVE_GDB_ARCH_H */
