/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QEMU plugin, loaded with from=ADDRESS,to=ADDRESS. It prints a line for each
 * time that the guest goes from the first address to the second, with what was
 * executed in between, in any mode. count.py compiles it.
 *
 * The interface is QEMU's plugin API version 1 ("TCG Emulation" in its manual),
 * for which Debian has no header.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT	   __attribute__((visibility("default")))
#define NO_REGS	   0
#define ADD_U64	   0
#define READ_WRITE 3

struct insn;
struct tb;
struct hwaddr;

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
					   void (*cb)(uint64_t, struct tb *));
size_t qemu_plugin_tb_n_insns(const struct tb *tb);
struct insn *qemu_plugin_tb_get_insn(const struct tb *tb, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct insn *insn);
char *qemu_plugin_insn_disas(const struct insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct insn *insn,
					    void (*cb)(unsigned int, void *),
					    int flags, void *arg);
void qemu_plugin_register_vcpu_insn_exec_inline(struct insn *insn, int op,
						void *counter, uint64_t imm);
void qemu_plugin_register_vcpu_mem_cb(struct insn *insn,
				      void (*cb)(unsigned int, uint32_t,
						 uint64_t, void *),
				      int flags, int rw, void *arg);
struct hwaddr *qemu_plugin_get_hwaddr(uint32_t info, uint64_t va);
bool qemu_plugin_hwaddr_is_io(const struct hwaddr *hwaddr);
const char *qemu_plugin_hwaddr_device_name(const struct hwaddr *hwaddr);
void qemu_plugin_outs(const char *line);

EXPORT int qemu_plugin_version = 1;

/*
 * Reads of GICC_IAR by a guest that polls it are not a cost of the hypervisor.
 */
#define GUEST_GICC_IAR 0x0801000cu

enum {
	GIC,
	CP15,
	BARRIER,
	TLB,
	HYP,
	KINDS
};

static const char *const names[KINDS] = { "gic_accesses", "cp15_accesses",
					  "barriers", "tlb_maintenance",
					  "exits" };
static uint64_t counts[KINDS], before[KINDS];
static uint64_t from, to;

static void begin(unsigned int cpu, void *arg)
{
	(void)cpu, (void)arg;
	memcpy(before, counts, sizeof(before));
}

static void end(unsigned int cpu, void *arg)
{
	char line[256];
	int len = snprintf(line, sizeof(line), "span");

	(void)cpu, (void)arg;
	for (int i = 0; i < KINDS; i++)
		len += snprintf(line + len, sizeof(line) - (size_t)len,
				" %s=%" PRIu64, names[i],
				counts[i] - before[i]);
	snprintf(line + len, sizeof(line) - (size_t)len, "\n");
	qemu_plugin_outs(line);
}

static void access(unsigned int cpu, uint32_t info, uint64_t va, void *arg)
{
	struct hwaddr *hwaddr = qemu_plugin_get_hwaddr(info, va);

	(void)cpu, (void)arg;
	if (hwaddr && qemu_plugin_hwaddr_is_io(hwaddr) &&
	    !strncmp(qemu_plugin_hwaddr_device_name(hwaddr), "gic", 3) &&
	    va != GUEST_GICC_IAR)
		counts[GIC]++;
}

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* KINDS: the instruction is not counted. HYP is left by ERET. */
static int kind(const char *text)
{
	if (starts(text, "dsb") || starts(text, "dmb") || starts(text, "isb"))
		return BARRIER;
	if (starts(text, "eret"))
		return HYP;
	if (!(starts(text, "mcr") || starts(text, "mrc") ||
	      starts(text, "mrrc")) ||
	    !strstr(text, "p15"))
		return KINDS;
	return strstr(text, ", c8, c") ? TLB : CP15;
}

static void instrument(struct insn *insn)
{
	uint64_t va = qemu_plugin_insn_vaddr(insn);
	char *text = qemu_plugin_insn_disas(insn);
	int what = kind(text);

	free(text);
	if (va == from)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, begin, NO_REGS,
						       NULL);
	if (va == to)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, end, NO_REGS,
						       NULL);
	if (what != KINDS)
		qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD_U64,
							   &counts[what], 1);
	qemu_plugin_register_vcpu_mem_cb(insn, access, NO_REGS, READ_WRITE,
					 NULL);
}

static void translated(uint64_t id, struct tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
		instrument(qemu_plugin_tb_get_insn(tb, i));
}

EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc,
			       char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++)
		if (sscanf(argv[i], "from=%" SCNx64, &from) != 1 &&
		    sscanf(argv[i], "to=%" SCNx64, &to) != 1)
			return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
