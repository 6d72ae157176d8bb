// SPDX-License-Identifier: BSD-2-Clause
/*
 * A plugin of QEMU 10.0 or later, where plugins read registers, that watches a board's
 * caches:
 *   -smp 1 -plugin coherence.so,out=FILE,ram=MIB
 * It does so from the first time that a CPU runs the instruction of watch.S: the
 * board's kernel starts at full speed then, and its own affairs before are not ours.
 * FILE gets a line for each fault (report.c), and "watched:" lines that say that the
 * plugin is at work. The board is QEMU's virt with one CPU: nothing here is locked, and
 * QEMU with all CPUs in one thread does not come to an end of the kernel's boot.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qemu-plugin.h>

#include "cpu.h"
#include "decode.h"
#include "report.h"
#include "shown.h"

#define RAM_BASE   0x40000000ull
#define CPSR_MODE  0x1fu
#define CPSR_T	   (1u << 5)
#define MODE_HYP   0x1au
#define TELL_EVERY (1u << 24)
#define MARK	   0xe18bb00bu /* ORR R11, R11, R11 */

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

struct insn {
	struct block *block;
	uint32_t pc;
	struct cp15_write cp15;
};

/* A block of instructions that QEMU has translated at once. */
struct block {
	struct block *next;
	bool known; /* whether it is HYP's: QEMU shares none with other modes */
	bool hyp;
	unsigned int n;
	uint64_t pa;	   /* physical; 0: not in RAM */
	unsigned int size; /* in this page */
	struct insn insn[];
};

static struct block *blocks;
static uint64_t accesses, operations;

static struct actor actor(unsigned int cpu, const struct insn *insn)
{
	return (struct actor){ cpu_world(&cpus[cpu], insn->block->hyp), cpu,
			       insn->pc };
}

static void tell_progress(void)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "watched: %" PRIu64 " accesses, %" PRIu64
		 " operations, %" PRIu64 " pages shown",
		 accesses, operations, shown_count());
	report_line(text);
}

/* QEMU's own answer where the tables have changed meanwhile. */
static bool locate(struct cpu *cpu, const struct actor *by,
		   qemu_plugin_meminfo_t info, uint64_t va, struct walk *at)
{
	struct qemu_plugin_hwaddr *hw;

	if (cpu_translate(cpu, by->world, (uint32_t)va, at))
		return true;
	hw = qemu_plugin_get_hwaddr(info, va);
	if (!hw || qemu_plugin_hwaddr_is_io(hw))
		return false;
	at->pa = qemu_plugin_hwaddr_phys_addr(hw);
	at->cacheable = walk_mmu_on(&cpu->regs, by->world);
	return true;
}

/* Splits an access at lines; of one across pages only the first page counts. */
static void access_lines(uint64_t pa, unsigned int size, const struct walk *at,
			 bool store, const struct actor *by)
{
	unsigned int here = LINE_SIZE - pa % LINE_SIZE;
	unsigned int first = size < here ? size : here;

	if (store)
		caches_store(pa, first, at->cacheable, by);
	else
		caches_load(pa, first, at->cacheable, by);
	if (size > here && (pa + here) % PAGE_SIZE)
		access_lines(pa + here, size - here, at, store, by);
}

static void on_access(unsigned int number, qemu_plugin_meminfo_t info,
		      uint64_t va, void *arg)
{
	const struct insn *insn = arg;
	struct cpu *cpu = &cpus[number];
	struct actor by = actor(number, insn);
	unsigned int size = 1u << qemu_plugin_mem_size_shift(info);
	bool store = qemu_plugin_mem_is_store(info);
	struct walk at;

	if (!(++accesses % TELL_EVERY))
		tell_progress();
	if (!locate(cpu, &by, info, va, &at))
		return;
	access_lines(at.pa, size, &at, store, &by);
	if (store)
		shown_store(at.pa, &by);
}

/* Flags N, Z, C, V in CPSR[31:28] (ConditionPassed()). */
static bool passes(uint32_t flags, unsigned int cond)
{
	bool n = flags & 8, z = flags & 4, c = flags & 2, v = flags & 1;
	const bool met[] = { z, c, n, v, c && !z, n == v, n == v && !z, true };

	return met[cond >> 1] != (cond & 1) || cond >= 0xe;
}

/* HCR.TSW would have it trapped, and vmm.ko clean all; QEMU does nothing. */
static void maintain(struct cpu *cpu, enum maintenance op, uint32_t va,
		     const struct actor *by)
{
	struct walk at;

	switch (op) {
	case MAINT_SET_WAY:
		caches_flush_all();
		break;
	case MAINT_ICACHE_ALL:
		/* HCR.FB makes a guest's reach all CPUs. */
		if (by->world != WORLD_GUEST) {
			caches_forget_code(cpu->number);
			break;
		}
		/* fall through */
	case MAINT_ICACHE_ALL_IS:
		caches_forget_all_code();
		break;
	case MAINT_TLB:
		cpu_forget_translations();
		break;
	case MAINT_REGISTER:
		cpu->stale = true;
		break;
	default:
		if (cpu_translate(cpu, by->world, va, &at))
			caches_maintain(at.pa, op, by);
	}
}

static void on_cp15(unsigned int number, void *arg)
{
	const struct insn *insn = arg;
	const struct cp15_write *w = &insn->cp15;
	struct actor by = actor(number, insn);
	uint32_t cpsr = cpu_read_cpsr();

	if (w->thumb != !!(cpsr & CPSR_T) || !passes(cpsr >> 28, w->cond))
		return;
	operations++;
	maintain(&cpus[number], w->op, cpu_read_core(w->rt), &by);
}

static void fetch_lines(uint64_t pa, unsigned int size, bool cached,
			const struct actor *by)
{
	while (size) {
		unsigned int here = LINE_SIZE - pa % LINE_SIZE;
		unsigned int n = size < here ? size : here;

		caches_fetch(pa, n, cached, by);
		pa += n;
		size -= n;
	}
}

static void on_block(unsigned int number, void *arg)
{
	struct block *b = arg;
	struct cpu *cpu = &cpus[number];
	struct actor by;
	bool cached;

	cpu_refresh(cpu);
	if (!b->known) {
		b->hyp = (cpu_read_cpsr() & CPSR_MODE) == MODE_HYP;
		b->known = true;
	}
	by = actor(number, &b->insn[0]);
	cached = walk_mmu_on(&cpu->regs, by.world);
	fetch_lines(b->pa, b->size, cached, &by);
}

/* The first block runs with the MMU off: an address is where it is in RAM. */
static uint64_t insn_pa(const struct qemu_plugin_insn *insn)
{
	const uint8_t *at = qemu_plugin_insn_haddr(insn);
	uint64_t va = qemu_plugin_insn_vaddr(insn);

	if (!at)
		return 0;
	if (!ram.bytes && va - RAM_BASE < ram.size)
		ram.bytes = at - (va - RAM_BASE);
	if (!ram.bytes || at < ram.bytes || at - ram.bytes >= (long)ram.size)
		return 0;
	return RAM_BASE + (uint64_t)(at - ram.bytes);
}

static struct block *new_block(unsigned int n)
{
	struct block *b = calloc(1, sizeof(*b) + n * sizeof(b->insn[0]));

	if (!b)
		abort();
	b->n = n;
	b->next = blocks;
	blocks = b;
	return b;
}

static void on_mark(unsigned int number, void *arg)
{
	(void)number, (void)arg;
	tell_progress();
	report_again();
}

/* The instruction's four bytes; 0: it has only two. */
static uint32_t insn_word(const struct qemu_plugin_insn *insn)
{
	uint32_t word = 0;

	return qemu_plugin_insn_data(insn, &word, 4) == 4 ? word : 0;
}

static void watch_insn(struct qemu_plugin_insn *insn, struct insn *mine)
{
	uint32_t word = insn_word(insn);

	mine->pc = (uint32_t)qemu_plugin_insn_vaddr(insn);
	mine->cp15 = decode_cp15(word);
	if (word == MARK)
		qemu_plugin_register_vcpu_insn_exec_cb(
			insn, on_mark, QEMU_PLUGIN_CB_NO_REGS, NULL);
	if (mine->cp15.op != MAINT_NONE)
		qemu_plugin_register_vcpu_insn_exec_cb(
			insn, on_cp15, QEMU_PLUGIN_CB_R_REGS, mine);
	qemu_plugin_register_vcpu_mem_cb(insn, on_access,
					 QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW, mine);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	unsigned int n = (unsigned int)qemu_plugin_tb_n_insns(tb);
	struct block *b = new_block(n);

	(void)id;
	for (unsigned int i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t pa = insn_pa(insn);

		b->insn[i].block = b;
		watch_insn(insn, &b->insn[i]);
		/* Of a block that spans two pages, only the first page counts. */
		if (!i)
			b->pa = pa;
		if (pa / PAGE_SIZE == b->pa / PAGE_SIZE)
			b->size = (unsigned int)(pa - b->pa) + 2;
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block,
					     QEMU_PLUGIN_CB_R_REGS, b);
}

static void on_flush(qemu_plugin_id_t id)
{
	(void)id;
	while (blocks) {
		struct block *b = blocks;

		blocks = b->next;
		free(b);
	}
}

/* A CPU that resumes may come out of a reset. */
static void on_resume(qemu_plugin_id_t id, unsigned int number)
{
	(void)id;
	cpus[number].stale = true;
}

static void watch(qemu_plugin_id_t id)
{
	for (unsigned int i = 0; i < MAX_CPUS; i++) {
		cpus[i].number = i;
		cpus[i].stale = true;
	}
	qemu_plugin_register_vcpu_resume_cb(id, on_resume);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_flush_cb(id, on_flush);
	report_line("watching");
}

static void on_first_mark(unsigned int number, void *arg)
{
	(void)number;
	if (!cpu_find_registers()) {
		report_line("this QEMU shows no CP15 registers");
		exit(1);
	}
	/*
	 * Discards all translated code: it is translated again, with callbacks.
	 */
	qemu_plugin_reset(*(qemu_plugin_id_t *)arg, watch);
}

static void on_early_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	static qemu_plugin_id_t mine;

	mine = id;
	insn_pa(qemu_plugin_tb_get_insn(tb, 0));
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (insn_word(insn) == MARK)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, on_first_mark, QEMU_PLUGIN_CB_R_REGS,
				&mine);
	}
}

static bool start(const char *out, uint64_t size)
{
	ram.base = RAM_BASE;
	ram.size = size;
	return out && report_open(out) && caches_init(RAM_BASE, size) &&
	       shown_init(size);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
					   const qemu_info_t *info, int argc,
					   char **argv)
{
	uint64_t mib = 1024;
	const char *out = NULL;

	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = argv[i] + 4;
		else if (!strncmp(argv[i], "ram=", 4))
			mib = strtoull(argv[i] + 4, NULL, 0);
	}
	if (!start(out, mib << 20)) {
		fprintf(stderr, "coherence: give out=FILE and ram=MIB\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_early_translation);
	return 0;
}
