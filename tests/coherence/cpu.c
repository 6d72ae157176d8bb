// SPDX-License-Identifier: BSD-2-Clause
#include "cpu.h"

#include <string.h>

#include <qemu-plugin.h>

#include "report.h"
#include "shown.h"

#define CORE_REGS 16

struct cpu cpus[MAX_CPUS];

/*
 * The names are QEMU's; of TTBR0, TTBR1 and VTTBR the 64-bit registers are
 * meant.
 */
static struct named {
	const char *name;
	unsigned int size;
	size_t offset;
	struct qemu_plugin_register *handle;
} named[] = {
#define NAMED(name, field)                                      \
	{                                                       \
		name, sizeof(((struct walk_regs *)0)->field),   \
			offsetof(struct walk_regs, field), NULL \
	}
	NAMED("SCTLR", sctlr),	 NAMED("TTBCR", ttbcr),
	NAMED("MAIR0", mair0),	 NAMED("MAIR1", mair1),
	NAMED("HCR", hcr),	 NAMED("SCTLR_EL2", hsctlr),
	NAMED("TCR_EL2", htcr),	 NAMED("MAIR_EL2", hmair0),
	NAMED("HMAIR1", hmair1), NAMED("TTBR0", ttbr0),
	NAMED("TTBR1", ttbr1),	 NAMED("HTTBR", httbr),
	NAMED("VTTBR", vttbr),
};
#define NR_NAMED (sizeof(named) / sizeof(*named))

static struct qemu_plugin_register *core[CORE_REGS], *cpsr;
static GByteArray *buffer;

static void take(const qemu_plugin_reg_descriptor *d)
{
	static const char *const names[CORE_REGS] = {
		"r0", "r1", "r2",  "r3",  "r4",	 "r5", "r6", "r7",
		"r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc"
	};

	for (unsigned int i = 0; i < NR_NAMED; i++)
		if (!strcmp(d->name, named[i].name))
			named[i].handle = d->handle;
	for (unsigned int i = 0; i < CORE_REGS; i++)
		if (!strcmp(d->name, names[i]))
			core[i] = d->handle;
	if (!strcmp(d->name, "cpsr"))
		cpsr = d->handle;
}

bool cpu_find_registers(void)
{
	GArray *all = qemu_plugin_get_registers();

	for (guint i = 0; i < all->len; i++)
		take(&g_array_index(all, qemu_plugin_reg_descriptor, i));
	g_array_free(all, TRUE);
	buffer = g_byte_array_new();
	for (unsigned int i = 0; i < NR_NAMED; i++)
		if (!named[i].handle)
			return false;
	return cpsr && core[0] && core[14];
}

static uint64_t read_register(struct qemu_plugin_register *handle)
{
	uint64_t val = 0;

	g_byte_array_set_size(buffer, 0);
	qemu_plugin_read_register(handle, buffer);
	memcpy(&val, buffer->data, MIN(buffer->len, sizeof(val)));
	return val;
}

uint32_t cpu_read_core(unsigned int n)
{
	return (uint32_t)read_register(core[n]);
}

uint32_t cpu_read_cpsr(void)
{
	return (uint32_t)read_register(cpsr);
}

void cpu_refresh(struct cpu *cpu)
{
	if (!cpu->stale)
		return;
	cpu->stale = false;
	cpu->generation++;
	for (unsigned int i = 0; i < NR_NAMED; i++) {
		uint64_t val = read_register(named[i].handle);

		memcpy((char *)&cpu->regs + named[i].offset, &val,
		       named[i].size);
	}
	shown_root(cpu->regs.vttbr);
}

enum world cpu_world(const struct cpu *cpu, bool hyp)
{
	return hyp		      ? WORLD_HYP :
	       cpu->regs.hcr & HCR_VM ? WORLD_GUEST :
					WORLD_HOST;
}

bool cpu_translate(struct cpu *cpu, enum world world, uint32_t va,
		   struct walk *at)
{
	uint32_t page = va / PAGE_SIZE;
	struct tlb_entry *e = &cpu->tlb[world == WORLD_HYP][page % TLB_ENTRIES];

	if (e->tag != cpu->generation || e->page != page) {
		if (!walk(&cpu->regs, world, va & ~(PAGE_SIZE - 1), &e->at)) {
			e->tag = 0;
			return false;
		}
		e->tag = cpu->generation;
		e->page = page;
	}
	*at = e->at;
	at->pa += va % PAGE_SIZE;
	return true;
}

void cpu_forget_translations(void)
{
	for (unsigned int i = 0; i < MAX_CPUS; i++)
		cpus[i].generation++;
}
