/* SPDX-License-Identifier: BSD-2-Clause */
/* Remembers the last loads and stores of each vCPU that came to bhyve. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include "bhyve/run/exit_log.h"

#define DEPTH 4

struct entry {
	uint64_t pc, gpa;
	uint32_t count; /* 0: an unused entry */
	uint16_t flags; /* VIE_F_* */
	uint8_t size;
};

static struct log {
	struct entry entries[DEPTH];
	unsigned int last;
} logs[VM_MAXCPU];

static bool same(const struct entry *e, const struct vm_exit *exit)
{
	return e->count && e->pc == exit->pc && e->gpa == exit->u.inst_emul.gpa;
}

static void begin(struct entry *e, const struct vm_exit *exit)
{
	*e = (struct entry){ .pc = exit->pc,
			     .gpa = exit->u.inst_emul.gpa,
			     .flags = exit->u.inst_emul.vie.flags,
			     .size = exit->u.inst_emul.vie.access_size };
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

static void describe(const struct entry *e, FILE *out)
{
	fputs(e->flags & VIE_F_WRITE ? "write" : "read", out);
	if (e->size)
		fprintf(out, " of %u bytes", e->size);
	fprintf(out, " at 0x%08" PRIx64 " from PC 0x%08" PRIx64, e->gpa, e->pc);
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
