/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Executes VFP and NEON loads and stores. Loaded registers are collected, and
 * set when no access can fault any more.
 */
#include "core/arm/insn_exec.h"
#include "core/arm/cpu.h"

/* Makes a D register of two words of memory, in the guest's byte order. */
static uint64_t simd_join(const struct arm_insn_cpu *cpu,
			  const uint32_t word[2])
{
	bool be = cpu->regs->cpsr & CPSR_E;

	return (uint64_t)word[be ? 0 : 1] << 32 | word[be ? 1 : 0];
}

static int simd_read_d(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		       uint32_t va, bool aligned, uint64_t *val)
{
	uint32_t word[2];
	int result;

	result = arm_mem_read(cpu, insn, va, 4, aligned, &word[0]);
	if (result == ARM_INSN_OK)
		result = arm_mem_read(cpu, insn, va + 4, 4, aligned, &word[1]);
	if (result == ARM_INSN_OK)
		*val = simd_join(cpu, word);
	return result;
}

static int simd_write_d(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
			uint32_t va, bool aligned, uint64_t val)
{
	bool be = cpu->regs->cpsr & CPSR_E;
	int result;

	result = arm_mem_write(cpu, insn, va, 4, aligned,
			       (uint32_t)(be ? val >> 32 : val));
	if (result == ARM_INSN_OK)
		result = arm_mem_write(cpu, insn, va + 4, 4, aligned,
				       (uint32_t)(be ? val : val >> 32));
	return result;
}

static uint32_t simd_get_s(const struct arm_insn_cpu *cpu, unsigned int s)
{
	uint64_t d = cpu->ops->vfp_get(cpu->arg, s / 2);

	return (uint32_t)(s & 1 ? d >> 32 : d);
}

static void simd_set_s(struct arm_insn_cpu *cpu, unsigned int s, uint32_t val)
{
	uint64_t d = cpu->ops->vfp_get(cpu->arg, s / 2);
	unsigned int shift = 32 * (s & 1);

	d &= ~((uint64_t)0xffffffffu << shift);
	cpu->ops->vfp_set(cpu->arg, s / 2, d | (uint64_t)val << shift);
}

static int simd_vfp_one(const struct arm_insn *insn, struct arm_insn_cpu *cpu,
			uint32_t va, unsigned int v, uint64_t *val)
{
	uint32_t word;
	int result;

	if (insn->size == 8)
		return insn->load ?
			       simd_read_d(cpu, insn, va, true, val) :
			       simd_write_d(cpu, insn, va, true,
					    cpu->ops->vfp_get(cpu->arg, v));
	if (!insn->load)
		return arm_mem_write(cpu, insn, va, 4, true,
				     simd_get_s(cpu, v));
	result = arm_mem_read(cpu, insn, va, 4, true, &word);
	*val = word;
	return result;
}

static void simd_vfp_commit(const struct arm_insn *insn,
			    struct arm_insn_cpu *cpu, const uint64_t *val)
{
	unsigned int i;

	for (i = 0; i < insn->count; i++) {
		if (insn->size == 8)
			cpu->ops->vfp_set(cpu->arg, insn->vd + i, val[i]);
		else
			simd_set_s(cpu, insn->vd + i, (uint32_t)val[i]);
	}
}

int arm_exec_vfp(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t moved = arm_insn_offset_addr(cpu, insn);
	uint32_t va = insn->index ? moved : arm_insn_base(cpu, insn);
	uint64_t val[32];
	unsigned int i;
	int result;

	if (!cpu->ops->vfp_get)
		return ARM_INSN_UNDEF;
	for (i = 0; i < insn->count; i++) {
		result = simd_vfp_one(insn, cpu, va, insn->vd + i, &val[i]);
		if (result != ARM_INSN_OK)
			return result;
		va += insn->size;
	}
	arm_insn_complete(cpu, insn, moved);
	if (insn->load)
		simd_vfp_commit(insn, cpu, val);
	return ARM_INSN_OK;
}

/*
 * The D registers of a NEON access, indexed from vd: at most seven apart, at
 * most four in use.
 */
struct window {
	uint64_t d[8];
	uint8_t used; /* a bit for each register */
};

static uint64_t simd_lane_mask(unsigned int size)
{
	return ~(uint64_t)0 >> (64 - 8 * size);
}

static int simd_element(const struct arm_insn *insn, struct arm_insn_cpu *cpu,
			uint32_t va, uint64_t *d, unsigned int lane)
{
	unsigned int shift = 8 * insn->size * lane;
	uint64_t mask = simd_lane_mask(insn->size) << shift;
	uint32_t word = (uint32_t)(*d >> shift);
	int result;

	if (insn->size == 8)
		return insn->load ? simd_read_d(cpu, insn, va, false, d) :
				    simd_write_d(cpu, insn, va, false, *d);
	if (!insn->load)
		return arm_mem_write(cpu, insn, va, insn->size, false, word);
	result = arm_mem_read(cpu, insn, va, insn->size, false, &word);
	*d = (*d & ~mask) | (uint64_t)word << shift;
	return result;
}

/*
 * A 64-bit element is two accesses here, but SCTLR.A checks it as one. Returns
 * the fault, or ARM_INSN_OK.
 */
static int simd_check_wide(const struct arm_insn *insn,
			   struct arm_insn_cpu *cpu, uint32_t va)
{
	if (insn->size == 8 && (va & 7) && (cpu->sctlr & SCTLR_A))
		return arm_mem_align_fault(cpu, insn, va);
	return ARM_INSN_OK;
}

/* One structure: a lane in each of nelem registers, from register r on. */
static int simd_structure(const struct arm_insn *insn, struct arm_insn_cpu *cpu,
			  struct window *w, uint32_t *va, unsigned int r,
			  unsigned int lane)
{
	unsigned int k;
	int result;

	for (k = 0; k < insn->nelem; k++) {
		result = simd_element(insn, cpu, *va, &w->d[r + k * insn->inc],
				      lane);
		if (result != ARM_INSN_OK)
			return result;
		*va += insn->size;
	}
	return ARM_INSN_OK;
}

static int simd_elements(const struct arm_insn *insn, struct arm_insn_cpu *cpu,
			 struct window *w, uint32_t va)
{
	unsigned int lanes = 8 / insn->size;
	unsigned int r, lane;
	int result;

	for (r = 0; r < insn->count; r++) {
		for (lane = 0; lane < lanes; lane++) {
			result = simd_structure(insn, cpu, w, &va, r, lane);
			if (result != ARM_INSN_OK)
				return result;
		}
	}
	return ARM_INSN_OK;
}

static uint64_t simd_replicate(uint64_t val, unsigned int size)
{
	unsigned int bits;

	for (bits = 8 * size; bits < 64; bits *= 2)
		val |= val << bits;
	return val;
}

static int simd_all_lanes(const struct arm_insn *insn, struct arm_insn_cpu *cpu,
			  struct window *w, uint32_t va)
{
	unsigned int k;
	int result = simd_structure(insn, cpu, w, &va, 0, 0);

	if (result != ARM_INSN_OK)
		return result;
	for (k = 0; k < insn->nelem; k++) {
		uint64_t *d = &w->d[k * insn->inc];

		*d = simd_replicate(*d & simd_lane_mask(insn->size),
				    insn->size);
	}
	if (insn->count == 2)
		w->d[1] = w->d[0];
	return ARM_INSN_OK;
}

static int simd_transfer(const struct arm_insn *insn, struct arm_insn_cpu *cpu,
			 struct window *w, uint32_t va)
{
	switch (insn->kind) {
	case ARM_INSN_ELEMENTS:
		return simd_elements(insn, cpu, w, va);
	case ARM_INSN_LANE:
		return simd_structure(insn, cpu, w, &va, 0, insn->lane);
	default:
		return simd_all_lanes(insn, cpu, w, va);
	}
}

static void simd_window_get(const struct arm_insn *insn,
			    struct arm_insn_cpu *cpu, struct window *w)
{
	unsigned int k, r;

	w->used = 0;
	for (k = 0; k < insn->nelem; k++) {
		for (r = 0; r < insn->count; r++) {
			unsigned int n = r + k * insn->inc;

			w->used |= 1u << n;
			w->d[n] = cpu->ops->vfp_get(cpu->arg, insn->vd + n);
		}
	}
}

static void simd_window_set(const struct arm_insn *insn,
			    struct arm_insn_cpu *cpu, const struct window *w)
{
	unsigned int n;

	for (n = 0; n < 8; n++)
		if (w->used & (1u << n))
			cpu->ops->vfp_set(cpu->arg, insn->vd + n, w->d[n]);
}

int arm_exec_neon(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t moved = arm_insn_offset_addr(cpu, insn);
	uint32_t va = arm_insn_base(cpu, insn);
	struct window w;
	int result;

	if (!cpu->ops->vfp_get)
		return ARM_INSN_UNDEF;
	if (va & (insn->align - 1u))
		return arm_mem_align_fault(cpu, insn, va);
	result = simd_check_wide(insn, cpu, va);
	if (result != ARM_INSN_OK)
		return result;
	simd_window_get(insn, cpu, &w);
	result = simd_transfer(insn, cpu, &w, va);
	if (result != ARM_INSN_OK)
		return result;
	arm_insn_complete(cpu, insn, moved);
	if (insn->load)
		simd_window_set(insn, cpu, &w);
	return ARM_INSN_OK;
}
