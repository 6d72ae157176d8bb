/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Breakpoint instructions and single steps. A step is a breakpoint wherever the
 * instruction may lead: ARMv7 has no other way but mismatch breakpoints (DDI
 * 0406C, DBGBCR), which QEMU does not have.
 */
#include <errno.h>
#include <string.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/gdb_arch.h"
#include "core/arm/cpu.h"
#include "core/arm/hsr.h"
#include "core/arm/insn.h"
#include "core/arm/next_pc.h"
#include "lib/arm/state.h"

#define MASKS  (CPSR_I | CPSR_F)
#define HIVECS 0xffff0000u
/* The longest exclusive sequence, in instructions; gdb looks as far. */
#define SEQUENCE_MAX 16

/*
 * Vectors of Undefined Instruction, Supervisor Call, Prefetch Abort and Data
 * Abort.
 */
static const uint32_t vectors[] = { 0x04, 0x08, 0x0c, 0x10 };
#define NVECTORS (sizeof(vectors) / sizeof(vectors[0]))

_Static_assert(NVECTORS + 2 <= VM_MAX_BREAKPOINTS, "two successors, and these");

/*
 * A BKPT, not an undefined instruction: it is executed whatever an IT block
 * says, and HDCR.TDE takes it to HYP mode, so that none of the guest's
 * exception registers change. Kinds as gdb numbers them: 2 and 3 are Thumb.
 */
bool gdb_arch_break_insn(uint64_t kind, struct gdb_break_insn *insn)
{
	static const struct gdb_break_insn arm = { { 0x70, 0x00, 0x20, 0xe1 },
						   4,
						   4 };
	static const struct gdb_break_insn thumb = { { 0x00, 0xbe }, 2, 2 };

	if (kind < 2 || kind > 4)
		return false;
	*insn = kind == 4 ? arm : thumb;
	return true;
}

/* The memory as a vCPU sees it. */
struct view {
	struct vcpu *vcpu;
	gdb_read_fn *read;
};

static bool read_guest(void *arg, uint32_t va, unsigned int size, uint32_t *val)
{
	const struct view *view = arg;
	uint8_t bytes[4];

	if (!view->read(view->vcpu, va, bytes, size))
		return false;
	*val = 0;
	for (unsigned int i = 0; i < size; i++)
		*val |= (uint32_t)bytes[i] << 8 * i;
	return true;
}

static bool fetch(struct view *view, uint32_t pc, bool thumb, uint32_t *insn,
		  uint32_t *len)
{
	uint32_t second;

	*len = thumb ? 2 : 4;
	if (!read_guest(view, pc, *len, insn))
		return false;
	if (!thumb || !arm_thumb_is_32(*insn))
		return true;
	*len = 4;
	if (!read_guest(view, pc + 2, 2, &second))
		return false;
	*insn = *insn << 16 | second;
	return true;
}

static bool is_bkpt(uint32_t insn, uint32_t len)
{
	return len == 4 ? (insn & 0xfff000f0) == 0xe1200070 :
			  (insn & 0xff00) == 0xbe00;
}

bool gdb_arch_reflect(struct vcpu *vcpu, gdb_read_fn *read)
{
	struct view view = { vcpu, read };
	const uint64_t pabt = (uint64_t)HSR_EC_PABT << 26 | HSR_FSC_DEBUG;
	uint64_t cpsr = 0;
	uint32_t insn, len, pc = gdb_arch_pc(vcpu);

	vm_get_register(vcpu, VM_REG_GUEST_CPSR, &cpsr);
	if (!fetch(&view, pc, cpsr & CPSR_T, &insn, &len) ||
	    !is_bkpt(insn, len))
		return false;
	return vm_inject_exception(vcpu, pabt, pc) == 0;
}

static void add_point(struct vm_debug_args *args, uint32_t pc, bool thumb)
{
	for (unsigned int i = 0; i < VM_MAX_BREAKPOINTS; i++) {
		if (args->bp[i].len)
			continue;
		args->bp[i].gla = pc;
		args->bp[i].len = thumb ? 2 : 4;
		return;
	}
}

static void add_next(struct gdb_step *step, struct vm_debug_args *args,
		     uint32_t pc, bool thumb)
{
	step->next[step->nnext++] = pc;
	add_point(args, pc, thumb);
}

static uint32_t vector_base(const struct arm_cp15 *cp15)
{
	return cp15->sctlr & SCTLR_V ? HIVECS : cp15->vbar & ~0x1fu;
}

static void add_vectors(const struct arm_cp15 *cp15, struct vm_debug_args *args)
{
	for (unsigned int i = 0; i < NVECTORS; i++)
		add_point(args, vector_base(cp15) + vectors[i],
			  cp15->sctlr & SCTLR_TE);
}

/*
 * Steps from a load-exclusive to behind its store-exclusive at once: an
 * exception between the two, such as a breakpoint, makes the store fail each
 * time. One conditional branch out of the sequence is followed, as by gdb.
 * False: this is no such sequence.
 */
static bool add_sequence(struct view *view, struct arm_state *state,
			 const struct arm_next_ops *ops, struct gdb_step *step,
			 struct vm_debug_args *args)
{
	struct arm_regs regs = state->regs;
	struct arm_next next = { 0 };
	uint32_t insn, len, out = 0;
	bool thumb = regs.cpsr & CPSR_T, has_out = false;

	regs.cpsr &= ~CPSR_IT_MASK;
	for (unsigned int i = 0; i < SEQUENCE_MAX && !next.strex; i++) {
		if (!fetch(view, regs.pc, thumb, &insn, &len))
			return false;
		if (!arm_next_pc(&regs, insn, len, ops, &next))
			return false;
		if (next.branch && has_out)
			return false;
		if (next.branch) {
			out = next.target;
			has_out = true;
		}
		regs.pc += len;
	}
	if (!next.strex)
		return false;
	add_next(step, args, regs.pc, thumb);
	if (has_out && out != regs.pc)
		add_next(step, args, out, thumb);
	return true;
}

static void mask_interrupts(struct vcpu *vcpu, struct gdb_step *step,
			    uint32_t cpsr)
{
	step->masks = cpsr & MASKS;
	step->masked = vm_set_register(vcpu, VM_REG_GUEST_CPSR, cpsr | MASKS) ==
		       0;
}

/* If the instruction cannot be fetched, the step ends in a vector. */
static void add_successors(struct view *view, struct arm_state *state,
			   struct gdb_step *step, struct vm_debug_args *args)
{
	const struct arm_next_ops ops = { read_guest, view };
	struct arm_regs *regs = &state->regs;
	struct arm_next next;
	uint32_t insn, len;

	if (!fetch(view, regs->pc, regs->cpsr & CPSR_T, &insn, &len) ||
	    !arm_next_pc(regs, insn, len, &ops, &next))
		return;
	if (!next.ldrex || !add_sequence(view, state, &ops, step, args))
		add_next(step, args, next.pc, next.thumb);
	/*
	 * If an instruction branches to itself, the vCPU is where the step
	 * leads before it has executed anything.
	 */
	step->done_already = next.branch && next.pc == regs->pc;
	if (!next.psr && !step->done_already)
		mask_interrupts(view->vcpu, step, regs->cpsr);
}

int gdb_arch_step_begin(struct vcpu *vcpu, struct gdb_step *step,
			struct vm_debug_args *args, gdb_read_fn *read)
{
	struct view view = { vcpu, read };
	struct arm_state state;
	int ret = arm_state_get(vcpu, &state);

	*step = (struct gdb_step){ 0 };
	*args = (struct vm_debug_args){ .flags = VM_DEBUG_F_ON };
	if (ret)
		return ret;
	add_successors(&view, &state, step, args);
	add_vectors(&state.cp15, args);
	return 0;
}

static bool is_next(const struct gdb_step *step, uint64_t pc)
{
	for (unsigned int i = 0; i < step->nnext; i++)
		if (step->next[i] == pc)
			return true;
	return false;
}

static bool at_vector(const struct arm_state *state)
{
	for (unsigned int i = 0; i < NVECTORS; i++)
		if (state->regs.pc == vector_base(&state->cp15) + vectors[i])
			return true;
	return false;
}

/* The id of the SPSR of the mode in CPSR. */
static uint64_t spsr_id(uint32_t cpsr)
{
	switch (cpsr & CPSR_M_MASK) {
	case ARM_MODE_SVC:
		return VM_REG_GUEST_SPSR_SVC;
	case ARM_MODE_ABT:
		return VM_REG_GUEST_SPSR_ABT;
	case ARM_MODE_UND:
		return VM_REG_GUEST_SPSR_UND;
	default:
		return 0;
	}
}

static void unmask(struct vcpu *vcpu, uint64_t id, uint32_t mask,
		   uint64_t masks)
{
	uint64_t psr;

	if (!vm_get_register(vcpu, id, &psr))
		vm_set_register(vcpu, id, (psr & ~mask) | (masks & mask));
}

/*
 * If the step has taken an exception, the masks are in SPSR now, and the
 * exception has set CPSR.I but not CPSR.F.
 */
void gdb_arch_step_end(struct vcpu *vcpu, const struct gdb_step *step)
{
	struct arm_state state;
	uint64_t spsr;

	if (!step->masked || arm_state_get(vcpu, &state))
		return;
	spsr = spsr_id(state.regs.cpsr);
	if (!at_vector(&state) || is_next(step, state.regs.pc) || !spsr) {
		unmask(vcpu, VM_REG_GUEST_CPSR, MASKS, step->masks);
		return;
	}
	unmask(vcpu, spsr, MASKS, step->masks);
	unmask(vcpu, VM_REG_GUEST_CPSR, CPSR_F, step->masks);
}
