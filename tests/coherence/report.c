// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reports each kind of fault once for each pair of a storing and an accessing
 * instruction.
 */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#define MAX_CAUSES 256

struct cause {
	enum fault fault;
	struct actor by, writer;
};

static const char *const worlds[] = { "host", "hyp", "guest" };

static const char *const texts[FAULT_MAX] = {
	[FAULT_STALE_MEMORY] = "read past the caches of a dirty line",
	[FAULT_STALE_CACHE] = "access through caches that may be out of date",
	[FAULT_OVERWRITTEN] = "store past the caches to a dirty line",
	[FAULT_DISCARDED] = "invalidation of a dirty line",
	[FAULT_FETCH_UNCLEANED] = "fetch from a line that was not cleaned",
	[FAULT_FETCH_STALE] =
		"fetch of what the instruction cache may have older",
	[FAULT_SHOWN] = "page shown to a guest with dirty lines",
};

static FILE *out;
static struct cause causes[MAX_CAUSES];
static unsigned int ncauses;

bool report_open(const char *path)
{
	out = fopen(path, "w");
	return out;
}

void report_line(const char *text)
{
	fprintf(out, "%s\n", text);
	fflush(out);
}

void report_again(void)
{
	ncauses = 0;
	report_line("mark");
}

static bool known(enum fault fault, const struct actor *by,
		  const struct actor *writer)
{
	for (unsigned int i = 0; i < ncauses; i++) {
		const struct cause *c = &causes[i];

		if (c->fault == fault && c->by.pc == by->pc &&
		    c->by.world == by->world && c->writer.pc == writer->pc &&
		    c->writer.world == writer->world)
			return true;
	}
	return false;
}

void report_fault(enum fault fault, uint64_t pa, const struct actor *by,
		  const struct actor *writer)
{
	if (ncauses == MAX_CAUSES || known(fault, by, writer))
		return;
	causes[ncauses++] = (struct cause){ fault, *by, *writer };
	fprintf(out,
		"fault: %s: %s at %#" PRIx32 ", written by %s at %#" PRIx32
		", address %#" PRIx64 "\n",
		texts[fault], worlds[by->world], by->pc, worlds[writer->world],
		writer->pc, pa);
	fflush(out);
}
