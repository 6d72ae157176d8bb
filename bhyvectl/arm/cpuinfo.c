/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPUs as Linux lists them, put together to the MIDR that vmm.ko reads, so
 * that both decide by the same functions.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "bhyvectl/arm/cpuinfo.h"
#include "core/arm/errata.h"

#define MIDR(implementer, variant, part, revision)                          \
	((implementer) << 24 | (variant) << 20 | 0xfu << 16 | (part) << 4 | \
	 (revision))

struct cpu {
	unsigned int implementer, variant, part, revision;
};

/* Takes a line; true: it was the last one of this CPU. */
static bool take_line(const char *line, struct cpu *cpu)
{
	sscanf(line, "CPU implementer : %x", &cpu->implementer);
	sscanf(line, "CPU variant : %x", &cpu->variant);
	sscanf(line, "CPU part : %x", &cpu->part);
	return sscanf(line, "CPU revision : %u", &cpu->revision) == 1;
}

/* Cortex-A7, A12, A17 and A15. */
static bool has_virtualization(uint32_t kind)
{
	return kind == 0x410fc070 || kind == 0x410fc0d0 || kind == 0x410fc0e0 ||
	       kind == 0x410fc0f0;
}

static void add_cpu(const struct cpu *cpu, uint32_t *first,
		    struct host_facts *facts)
{
	uint32_t kind = host_kind(
		MIDR(cpu->implementer, cpu->variant, cpu->part, cpu->revision));

	if (!*first)
		*first = kind;
	if (facts->one_kind != HOST_NO)
		facts->one_kind = kind == *first ? HOST_YES : HOST_NO;
	if (facts->in_context != HOST_NO)
		facts->in_context = erratum_1319367_of(kind) ? HOST_NO :
							       HOST_YES;
	if (has_virtualization(kind))
		facts->virtualization = HOST_YES;
}

void cpuinfo_look(const char *text, struct host_facts *facts)
{
	struct cpu cpu = {};
	uint32_t first = 0;

	facts->lpae = strstr(text, " lpae") ? HOST_YES : HOST_NO;
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (take_line(text, &cpu))
			add_cpu(&cpu, &first, facts);
}
