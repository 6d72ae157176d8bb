/* SPDX-License-Identifier: BSD-2-Clause */
/* Remembers the last exits of each vCPU. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include "bhyve/run/exit_log.h"

#define DEPTH 4

struct entry {
	uint64_t pc, gpa;
	uint32_t count;
	uint16_t exitcode, flags; /* VIE_F_* */
	uint8_t size;
};

static struct log {
	struct entry entries[DEPTH];
	unsigned int last;
} logs[VM_MAXCPU];

static bool same(const struct entry *e, const struct vm_exit *exit)
{
	return e->pc == exit->pc && e->exitcode == exit->exitcode &&
	       (exit->exitcode != VM_EXITCODE_INST_EMUL ||
		e->gpa == exit->u.inst_emul.gpa);
}

static void begin(struct entry *e, const struct vm_exit *exit)
{
	*e = (struct entry){ .exitcode = exit->exitcode, .pc = exit->pc };
	if (exit->exitcode != VM_EXITCODE_INST_EMUL)
		return;
	e->gpa = exit->u.inst_emul.gpa;
	e->flags = exit->u.inst_emul.vie.flags;
	e->size = exit->u.inst_emul.vie.access_size;
}

void exit_log_note(unsigned int vcpu, const struct vm_exit *exit)
{
	struct log *log = &logs[vcpu];

	if (!same(&log->entries[log->last], exit)) {
		log->last = (log->last + 1) % DEPTH;
		begin(&log->entries[log->last], exit);
	}
	log->entries[log->last].count++;
}

static const char *kind(const struct entry *e)
{
	if (e->exitcode == VM_EXITCODE_SMCCC)
		return "hypervisor call";
	return e->flags & VIE_F_WRITE ? "write" : "read";
}

static void describe(const struct entry *e, FILE *out)
{
	fputs(kind(e), out);
	if (e->size)
		fprintf(out, " of %u bytes", e->size);
	if (e->exitcode == VM_EXITCODE_INST_EMUL)
		fprintf(out, " at 0x%08" PRIx64, e->gpa);
	fprintf(out, " from PC 0x%08" PRIx64, e->pc);
	if (e->count > 1)
		fprintf(out, " (%" PRIu32 " times)", e->count);
}

void exit_log_describe(unsigned int vcpu, FILE *out)
{
	unsigned int at = logs[vcpu].last;

	if (!logs[vcpu].entries[at].count)
		fputs("none", out);
	for (unsigned int i = 0; i < DEPTH; i++) {
		const struct entry *e = &logs[vcpu].entries[at];

		if (!e->count)
			break;
		fputs(i ? ", " : "", out);
		describe(e, out);
		at = (at + DEPTH - 1) % DEPTH;
	}
}
