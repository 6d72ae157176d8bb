/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_random [WORDS [SEED]]: a guest runs random words, as ARM and Thumb code,
 * at PL1 and PL0, from random registers. Whatever they do, VM_RUN comes back
 * with an exit that has a meaning. The same seed ends with the same digest.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include "vm.h"

#define BATCH	 16 /* words between two resets of all registers */
#define MAX_REGS 512
#define WFI	 0xe320f003u
/* A batch that is still running after so many timer signals loops. */
#define TICK_US	   4000
#define LOOP_TICKS 5
#define MAX_MMIO   200

static const uint32_t wfi_word = WFI;
static uint64_t state;
static uint64_t ids[MAX_REGS], initial[MAX_REGS];
static int nregs;
static unsigned int exits[VM_EXITCODE_MAX], loops;
/* FNV-1a of all batches, and of the one that runs. */
static uint64_t digest = 14695981039346656037ull, batch_digest;

/* xorshift64*: the same numbers on every machine. */
static uint32_t rnd(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 2685821657736338717ull) >> 32);
}

static void add_to_digest(uint32_t word)
{
	batch_digest = (batch_digest ^ word) * 1099511628211ull;
}

/* Encodings that reach a hypervisor are rare among all words: help them. */
static uint32_t random_word(void)
{
	static const uint32_t system[][2] = {
		/* fixed bits, random bits: A5.4 onwards of DDI 0406C */
		{ 0xee000f10, 0x00fff0ef }, /* MCR, MRC p15 */
		{ 0xee000e10, 0x00fff0ef }, /* MCR, MRC p14 */
		{ 0xee000a10, 0x00fff1ef }, /* VMRS and kin */
		{ 0xec400f00, 0x001ff0ff }, /* MCRR, MRRC p15 */
		{ 0xe1000070, 0x0000000f }, /* BKPT, HVC, SMC */
		{ 0xe1400070, 0x0000000f }, /* HVC */
		{ 0xe1600070, 0x0000000f }, /* SMC */
		{ 0xe320f000, 0x00000007 }, /* hints */
		{ 0xe1000000, 0x006ff30f }, /* MRS, MSR, banked ones */
		{ 0xf1000000, 0x000fffff }, /* CPS, SETEND */
		{ 0xf8000500, 0x01ffffff }, /* SRS, RFE */
		{ 0xe8000000, 0x01ffffff }, /* LDM, STM */
		{ 0xe0000090, 0x01ffff60 }, /* LDRD, LDRH and kin */
		{ 0xe1800f90, 0x007ff0ff }, /* LDREX and kin */
		{ 0xe4000000, 0x03ffffff }, /* LDR, STR */
		{ 0xec000a00, 0x01fff1ff }, /* VLDM and kin */
		{ 0xf4000000, 0x00efffff }, /* VLD1 and kin */
	};
	uint32_t pick = rnd() % 32, word = rnd();

	if (pick < sizeof(system) / sizeof(system[0]))
		return system[pick][0] | (word & system[pick][1]);
	return pick < 28 ? (word & 0x0fffffff) | 0xe0000000 : word;
}

/* Thumb's own: 32-bit encodings as often as 16-bit ones. */
static uint32_t random_thumb(void)
{
	uint32_t word = rnd();

	return rnd() & 1 ? (word & 0xffff1fff) | 0xe000u | 0x0800u : word;
}

static uint32_t random_value(void)
{
	switch (rnd() % 6) {
	case 0:
		return GUEST_RAM + (rnd() & 0x1fffff);
	case 1:
		return 0x10000000 + (rnd() & 0xffc);
	case 2:
		return GUEST_GICD + (rnd() & 0xffc);
	case 3:
		return rnd() & 0xff;
	default:
		return rnd();
	}
}

static int device_read(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval,
		       int size, void *arg)
{
	(void)vcpu, (void)size, (void)arg;
	if (gpa >> 28 != 1)
		return -ENXIO;
	*rval = gpa * 2654435761u;
	return 0;
}

static int device_write(struct vcpu *vcpu, uint64_t gpa, uint64_t wval,
			int size, void *arg)
{
	(void)vcpu, (void)size, (void)arg;
	add_to_digest((uint32_t)wval);
	return gpa >> 28 == 1 ? 0 : -ENXIO;
}

static void nothing(int sig)
{
	(void)sig;
}

static void tick(void)
{
	struct itimerval every = { .it_interval.tv_usec = TICK_US,
				   .it_value.tv_usec = TICK_US };

	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
}

static void snapshot(struct test_vm *vm)
{
	nregs = vm_get_reg_list(vm->vcpu, ids, MAX_REGS);
	for (int i = 0; i < nregs; i++)
		initial[i] = get_reg(vm->vcpu, ids[i]);
}

/* All vectors, and what follows the batch, are WFI: each is an exit. */
static void load_batch(struct test_vm *vm, bool thumb)
{
	uint32_t *code = vm_map_gpa(vm->ctx, GUEST_CODE, 4096);
	uint32_t *vectors = vm_map_gpa(vm->ctx, GUEST_RAM, 4096);

	for (int i = 0; i < 8; i++)
		vectors[i] = wfi_word;
	for (int i = 0; i < 64; i++)
		code[i] = thumb ? 0xbf30bf30 : wfi_word;
	for (int i = 0; i < BATCH; i++)
		code[i] = thumb ? random_thumb() : random_word();
	__builtin___clear_cache((char *)code, (char *)(code + 64));
	__builtin___clear_cache((char *)vectors, (char *)(vectors + 8));
}

/* Registers no VM has to take back, its identity for one, are left alone. */
static void reset_registers(struct test_vm *vm, bool thumb, bool user)
{
	for (int i = 0; i < nregs; i++)
		vm_set_register(vm->vcpu, ids[i], initial[i]);
	for (uint64_t id = VM_REG_GUEST_R0; id <= VM_REG_GUEST_R12; id++)
		set_reg(vm->vcpu, id, random_value());
	set_reg(vm->vcpu, VM_REG_GUEST_SP, random_value());
	set_reg(vm->vcpu, VM_REG_GUEST_SP_SVC, GUEST_RAM + 0x8000);
	set_reg(vm->vcpu, VM_REG_GUEST_LR_SVC, GUEST_CODE + 0x80);
	set_reg(vm->vcpu, VM_REG_CP15(12, 0, 0, 0), GUEST_RAM); /* VBAR */
	set_reg(vm->vcpu, VM_REG_CP15(1, 0, 0, 2), 0xf << 20);	/* CPACR */
	set_reg(vm->vcpu, VM_REG_VFP_FPEXC, 1 << 30);
	set_reg(vm->vcpu, VM_REG_GUEST_PC, GUEST_CODE);
	set_reg(vm->vcpu, VM_REG_GUEST_CPSR,
		(user ? 0x10 : 0x13) | (thumb ? 0x20 : 0) | 0x1c0);
}

/* How a batch went: LOOPED is cut off by time, so nothing of it counts. */
enum outcome {
	ENDED,
	LOOPED,
	VM_GONE
};

static enum outcome emulate(struct test_vm *vm, unsigned int *mmio)
{
	vmm_emulate_instruction(vm->vcpu, vm->exit->u.inst_emul.gpa,
				&vm->exit->u.inst_emul.vie, device_read,
				device_write, NULL);
	return ++*mmio < MAX_MMIO ? ENDED : LOOPED;
}

static enum outcome run_batch(struct test_vm *vm)
{
	unsigned int ticks = 0, mmio = 0;
	int ret;

	while (ticks < LOOP_TICKS) {
		ret = vm_run(vm->vcpu);
		if (ret == -EINTR) {
			ticks++;
			continue;
		}
		if (ret || vm->exit->exitcode >= VM_EXITCODE_MAX) {
			printf("not ok vm_random/run: %d, exit %u\n", ret,
			       vm->exit->exitcode);
			exit(1);
		}
		exits[vm->exit->exitcode]++;
		if (vm->exit->exitcode == VM_EXITCODE_BOGUS)
			continue;
		add_to_digest(vm->exit->exitcode);
		add_to_digest((uint32_t)vm->exit->pc);
		if (vm->exit->exitcode == VM_EXITCODE_SUSPENDED)
			return VM_GONE;
		if (vm->exit->exitcode != VM_EXITCODE_INST_EMUL)
			return ENDED;
		if (emulate(vm, &mmio) == LOOPED)
			return LOOPED;
	}
	return LOOPED;
}

static void new_vm(struct test_vm *vm)
{
	make_test_vm(vm, 1, &wfi_word, &wfi_word + 1);
	vm_set_capability(vm->vcpu, VM_CAP_HALT_EXIT, 1);
	snapshot(vm);
}

static void one_batch(struct test_vm *vm, unsigned int i)
{
	enum outcome outcome;

	batch_digest = i;
	load_batch(vm, i & 1);
	reset_registers(vm, i & 1, i & 2);
	outcome = run_batch(vm);
	loops += outcome == LOOPED;
	digest = (digest ^ (outcome == LOOPED ? 1 : batch_digest)) *
		 1099511628211ull;
	if (outcome != VM_GONE)
		return;
	vm_destroy(vm->ctx);
	new_vm(vm);
}

int main(int argc, char *argv[])
{
	unsigned int words = argc > 1 ? (unsigned int)atoi(argv[1]) : 20000;
	unsigned int seed = argc > 2 ? (unsigned int)atoi(argv[2]) : 1;
	struct test_vm vm;

	state = seed * 0x9e3779b97f4a7c15ull + 1;
	new_vm(&vm);
	tick();
	for (unsigned int i = 0; i < words / BATCH; i++)
		one_batch(&vm, i);
	printf("# exits: WFI %u, MMIO %u, HYP %u, other %u, loops %u\n",
	       exits[VM_EXITCODE_WFI], exits[VM_EXITCODE_INST_EMUL],
	       exits[VM_EXITCODE_HYP],
	       exits[VM_EXITCODE_SMCCC] + exits[VM_EXITCODE_SUSPENDED], loops);
	printf("digest %016" PRIx64 "\n", digest);
	check("vm_random/survived", true);
	vm_destroy(vm.ctx);
	return result();
}
