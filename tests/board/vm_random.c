/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_random [WORDS [SEED]]: a guest executes random words one after the other,
 * as ARM and as Thumb code, at PL1 and PL0, with random registers. Whatever
 * they do, VM_RUN returns a defined exit, and the next word runs. The same seed
 * gives the same digest.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include "random_words.h"
#include "vm.h"

#define BATCH	 16 /* words between two resets of the machine */
#define SLOT	 16 /* bytes between two words */
#define RAM_SIZE 0x20000u
#define VECTORS	 GUEST_RAM
#define DEVICE	 0x10000000u
/*
 * The end of a word's run: WFI, and a branch back to it, because WFI does not
 * trap while an interrupt of the host is pending.
 */
#define WFI	   0xe320f003u
#define BACK	   0xeafffffdu /* b .-4 */
#define THUMB_STOP 0xe7fdbf30u /* wfi; b .-2 */
/* Undefined in ARM state and in Thumb state; a stray branch ends there. */
#define STRAY 0xe7fddef1u
/*
 * A word loops if it still runs after this many accesses, or this many
 * intervals of CPU time. An emulator may not have used an interval of the
 * board's time for the guest, so one alone proves nothing.
 */
#define TICK_US	   10000
#define LOOP_TICKS 10
#define MAX_MMIO   200

#define CPSR_T	 0x20u
#define CPSR_AIF 0x1c0u
#define CPACR	 VM_REG_CP15(1, 0, 0, 2)
#define SCTLR	 VM_REG_CP15(1, 0, 0, 0)
#define VBAR	 VM_REG_CP15(12, 0, 0, 0)

static unsigned int exits[VM_EXITCODE_MAX], loops;
/* FNV-1a hash of all words, and of the current batch. */
static uint64_t digest = 14695981039346656037ull, batch_digest;

static uint64_t mix(uint64_t hash, uint64_t val)
{
	return (hash ^ val) * 1099511628211ull;
}

static uint32_t random_value(void)
{
	switch (rnd() % 6) {
	case 0:
		return GUEST_RAM + (rnd() & (RAM_SIZE - 1));
	case 1:
		return DEVICE + (rnd() & 0xffc);
	case 2:
		return GUEST_GICD + (rnd() & 0xffc);
	case 3:
		return rnd() & 0xff;
	default:
		return rnd();
	}
}

/* An access to CP15 c9 or c14: PMU and timers, which differ from run to run. */
static bool tells_time(uint32_t insn)
{
	if ((insn >> 8 & 0xf) != 15)
		return false;
	if ((insn & 0x0f000010) == 0x0e000010)
		return (insn >> 16 & 0xf) == 9 || (insn >> 16 & 0xf) == 14;
	return (insn & 0x0fe00000) == 0x0c400000 &&
	       ((insn & 0xf) == 9 || (insn & 0xf) == 14);
}

/*
 * A WFI, with any condition: whether it traps depends on the host's interrupts.
 */
static bool is_wfi(uint32_t insn)
{
	return (insn & 0x0fffffff) == (WFI & 0x0fffffff);
}

static bool is_thumb_wfi(uint32_t word)
{
	return (word & 0xffff) == 0xbf30 || word >> 16 == 0xbf30 ||
	       swap_halves(word) == 0xf3af8003;
}

/* Thumb: the whole word, or its second half with the next one. */
static bool is_repeatable(uint32_t word, bool thumb)
{
	if (!thumb)
		return !tells_time(word) && !is_wfi(word);
	return !tells_time(swap_halves(word)) && !is_thumb_wfi(word) &&
	       !tells_time((word & 0xffff0000) | (THUMB_STOP & 0xffff));
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
	batch_digest = mix(batch_digest, wval);
	return gpa >> 28 == 1 ? 0 : -ENXIO;
}

static void nothing(int sig)
{
	(void)sig;
}

/*
 * Ends a VM_RUN that takes too long, by CPU time of this process and its guest.
 */
static void wind_up(void)
{
	setitimer(ITIMER_PROF,
		  &(struct itimerval){ .it_interval.tv_usec = TICK_US,
				       .it_value.tv_usec = TICK_US },
		  NULL);
}

static void new_vm(struct test_vm *vm)
{
	static const uint32_t none;

	make_sized_test_vm(vm, 1, RAM_SIZE, &none, &none + 1);
	vm_set_capability(vm->vcpu, VM_CAP_HALT_EXIT, 1);
}

static void put_stop(uint32_t *at, bool thumb)
{
	at[0] = thumb ? THUMB_STOP : WFI;
	at[1] = thumb ? THUMB_STOP : BACK;
}

/* A slot for each word, with a stop behind it, and one for each vector. */
static void load_slots(struct test_vm *vm, bool thumb)
{
	uint32_t *ram = vm_map_gpa(vm->ctx, GUEST_RAM, RAM_SIZE);
	uint32_t *slot = ram + (GUEST_CODE - GUEST_RAM) / 4;

	for (unsigned int i = 0; i < RAM_SIZE / 4; i++)
		ram[i] = STRAY;
	for (unsigned int i = 0; i < 8; i++) {
		/*
		 * A branch from word i to word 8 + 2 * i; the PC reads two
		 * words ahead.
		 */
		ram[i] = 0xea000000 | (8 + i - 2);
		put_stop(&ram[8 + 2 * i], false);
	}
	for (int i = 0; i < BATCH; i++, slot += SLOT / 4) {
		slot[0] = STRAY;
		put_stop(slot + 1, thumb);
	}
	__builtin___clear_cache((char *)ram, (char *)ram + RAM_SIZE);
}

static void reset_machine(struct test_vm *vm)
{
	if (vm_reinit(vm->ctx)) {
		printf("not ok vm_random/reinit\n");
		exit(1);
	}
	set_reg(vm->vcpu, CPACR, 0xf << 20);
	set_reg(vm->vcpu, VM_REG_VFP_FPEXC, 1 << 30);
	for (uint64_t id = VM_REG_GUEST_R0; id <= VM_REG_GUEST_LR; id++)
		set_reg(vm->vcpu, id, random_value());
	set_reg(vm->vcpu, VM_REG_GUEST_SP_SVC, GUEST_RAM + 0x8000);
}

/*
 * Only one word is in memory at a time, so that no other word can branch to it.
 */
static void put_word(struct test_vm *vm, int i, uint32_t word)
{
	uint32_t *slot =
		vm_map_gpa(vm->ctx, GUEST_CODE + (uint32_t)i * SLOT, SLOT);

	slot[0] = word;
	__builtin___clear_cache((char *)slot, (char *)slot + SLOT);
}

/* Restores what an earlier word may have destroyed. */
static void enter_slot(struct test_vm *vm, int i, uint32_t cpsr)
{
	set_reg(vm->vcpu, SCTLR, 0x00c50078);
	set_reg(vm->vcpu, VBAR, VECTORS);
	set_reg(vm->vcpu, VM_REG_GUEST_PC, GUEST_CODE + (uint32_t)i * SLOT);
	set_reg(vm->vcpu, VM_REG_GUEST_CPSR, cpsr);
}

/*
 * The outcome of a word. After LOOPED nothing of its state counts, because time
 * has ended it.
 */
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

static enum outcome run_word(struct test_vm *vm)
{
	unsigned int ticks = 0, mmio = 0;
	int ret;

	while (ticks < LOOP_TICKS) {
		wind_up();
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
		batch_digest = mix(batch_digest, vm->exit->exitcode);
		batch_digest = mix(batch_digest, vm->exit->pc);
		if (vm->exit->exitcode == VM_EXITCODE_SUSPENDED)
			return VM_GONE;
		if (vm->exit->exitcode != VM_EXITCODE_INST_EMUL)
			return ENDED;
		if (emulate(vm, &mmio) == LOOPED)
			return LOOPED;
	}
	return LOOPED;
}

static void add_registers(struct test_vm *vm)
{
	for (uint64_t id = VM_REG_GUEST_R0; id <= VM_REG_GUEST_LR; id++)
		batch_digest = mix(batch_digest, get_reg(vm->vcpu, id));
}

/*
 * Executes words, each on the state that the ones before have left, unless the
 * machine has to be reset: it has ended, or has state that is not repeatable.
 */
static void run_batch(struct test_vm *vm, const uint32_t *words, bool thumb,
		      uint32_t cpsr)
{
	load_slots(vm, thumb);
	reset_machine(vm);
	for (int i = 0; i < BATCH; i++) {
		uint64_t before = batch_digest;
		enum outcome outcome;

		put_word(vm, i, words[i]);
		enter_slot(vm, i, cpsr);
		outcome = run_word(vm);
		put_word(vm, i, STRAY);
		loops += outcome == LOOPED;
		if (outcome == ENDED && is_repeatable(words[i], thumb))
			continue;
		batch_digest = mix(before, outcome);
		load_slots(vm, thumb);
		reset_machine(vm);
	}
	add_registers(vm);
}

static void one_batch(struct test_vm *vm, unsigned int n)
{
	bool thumb = n & 1, user = n & 2;
	uint32_t words[BATCH];

	for (int i = 0; i < BATCH; i++)
		words[i] = thumb ? random_thumb() : random_word();
	batch_digest = n;
	run_batch(vm, words, thumb,
		  (user ? 0x10 : 0x13) | (thumb ? CPSR_T : 0) | CPSR_AIF);
	digest = mix(digest, batch_digest);
}

int main(int argc, char *argv[])
{
	unsigned int words = argc > 1 ? (unsigned int)atoi(argv[1]) : 20000;
	unsigned int seed = argc > 2 ? (unsigned int)atoi(argv[2]) : 1;
	struct test_vm vm;

	rnd_seed(seed);
	new_vm(&vm);
	sigaction(SIGPROF, &(struct sigaction){ .sa_handler = nothing }, NULL);
	for (unsigned int n = 0; n < words / BATCH; n++)
		one_batch(&vm, n);
	printf("# %u words; exits: WFI %u, MMIO %u, SUSPENDED %u, loops %u\n",
	       words / BATCH * BATCH, exits[VM_EXITCODE_WFI],
	       exits[VM_EXITCODE_INST_EMUL], exits[VM_EXITCODE_SUSPENDED],
	       loops);
	printf("digest %016" PRIx64 "\n", digest);
	/* Every exception class that a guest can reach is answered. */
	check_eq("vm_random/unanswered", exits[VM_EXITCODE_HYP], 0);
	check("vm_random/survived", true);
	vm_destroy(vm.ctx);
	return result();
}
