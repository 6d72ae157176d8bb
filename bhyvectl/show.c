/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints what is in a snapshot. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/show.h"
#include "lib/reg_names.h"
#include "lib/snapshot.h"

#define MIB (1u << 20)

static void show_machine(const struct section *section)
{
	struct snapshot_machine m;
	time_t saved;
	char when[32];

	if (section->len != sizeof(m))
		return;
	memcpy(&m, section->data, sizeof(m));
	m.name[sizeof(m.name) - 1] = '\0';
	saved = (time_t)(m.wall_ns / 1000000000u);
	if (!strftime(when, sizeof(when), "%F %T", localtime(&saved)))
		*when = '\0';
	printf("    name         ");
	print_plain(m.name, 0, stdout);
	printf("\n    saved        %s\n", when);
	printf("    CPUs         %u\n", m.ncpus);
	printf("    RAM          %" PRIu64 " MiB at 0x%" PRIx64 "\n",
	       m.ram_size / MIB, m.ram_base);
	printf("    interrupts   %u\n", m.nirqs);
	printf("    CNTFRQ       %u Hz, CNTPCT %" PRIu64 "\n", m.counter_hz,
	       m.count);
}

/* Prints those registers of the first CPU whose values the next host must have, too. */
static void show_identity(const struct section *section)
{
	struct snapshot_register reg;
	size_t at = sizeof(uint32_t);

	for (; at + sizeof(reg) <= section->len; at += sizeof(reg)) {
		char name[ARCH_REG_NAMELEN];

		memcpy(&reg, section->data + at, sizeof(reg));
		if (!is_identity_register(reg.id))
			continue;
		arch_reg_name(reg.id, name);
		printf("    %-12s 0x%08" PRIx64 "\n", name, reg.val);
	}
}

/*
 * Opens the file again, because reading the image moves the descriptor's offset. NULL, or
 * what is wrong.
 */
static const char *check_memory(const char *path,
				const struct snapshot_memory *m)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *wrong = NULL;
	struct stat st;
	uint32_t crc;

	if (fd < 0 || fstat(fd, &st))
		wrong = strerror(errno);
	else if ((uint64_t)st.st_size != m->offset + m->len)
		wrong = "the file is not complete";
	else if (m->has_crc &&
		 (snapshot_sum(fd, m->offset, m->len, &crc) || crc != m->crc))
		wrong = "its image is damaged";
	if (fd >= 0)
		close(fd);
	return wrong;
}

/* NULL, or what is wrong. */
static const char *show_memory(const struct section *section, const char *path)
{
	struct snapshot_memory m;

	if (!snapshot_get_memory(section, &m))
		return "of an unknown version";
	printf("    RAM          %" PRIu64 " MiB, of which %" PRIu64
	       " KiB are not zero\n",
	       m.len / MIB, m.saved / 1024);
	return check_memory(path, &m);
}

static const char *show_section(const struct section *section, const char *path)
{
	char name[SECTION_NAME_LEN];

	section_name(section, name);
	printf("%-24s %8u bytes, version %u\n", name, section->len,
	       section->version);
	if (!strcmp(section->tag, "machine"))
		show_machine(section);
	if (!strcmp(section->tag, "vcpu") && !section->instance)
		show_identity(section);
	return strcmp(section->tag, "memory") ? NULL :
						show_memory(section, path);
}

static int show_all(const char *path, int fd)
{
	const char *wrong = NULL;
	struct snapshot_reader r;
	struct section section;
	int ret = snapshot_open(&r, fd);

	if (!ret)
		while ((ret = snapshot_next(&r, &section)) > 0 && !wrong)
			wrong = show_section(&section, path);
	if (wrong)
		fprintf(stderr, "bhyvectl: %s: section memory: %s\n", path,
			wrong);
	else if (ret)
		fprintf(stderr, "bhyvectl: %s: it %s\n", path, r.error);
	snapshot_close(&r);
	return ret || wrong ? NOT_DONE : 0;
}

int show_snapshot(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0) {
		fprintf(stderr, "bhyvectl: %s: %s\n", path, strerror(errno));
		return NOT_DONE;
	}
	ret = show_all(path, fd);
	close(fd);
	return ret;
}
