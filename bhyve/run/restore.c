/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads the machine from the file of -r. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/run/restore.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/snapshot_ram.h"

static int file_fd = -1;

static const char *path(void)
{
	return get_config_value("restore");
}

bool restore_wanted(void)
{
	return file_fd >= 0;
}

static void open_file(void)
{
	struct stat st;

	file_fd = open(path(), O_RDONLY | O_CLOEXEC);
	if (file_fd < 0)
		die("-r %s: %s", path(), strerror(errno));
	if (fstat(file_fd, &st) || !S_ISREG(st.st_mode))
		die("-r %s: not a regular file", path());
}

static void read_machine(struct snapshot_machine *m)
{
	struct section section = { 0 };
	struct snapshot_reader r;
	int ret = snapshot_open(&r, file_fd);

	if (!ret)
		ret = snapshot_next(&r, &section);
	if (ret < 0)
		die("-r %s: it %s", path(), r.error);
	if (!ret || strcmp(section.tag, "machine") ||
	    section.len != sizeof(*m) || section.version != 1)
		die("-r %s: it does not begin with section machine", path());
	memcpy(m, section.data, sizeof(*m));
	snapshot_close(&r);
	if (!memchr(m->name, '\0', sizeof(m->name)))
		die("-r %s: section machine: its name has no end", path());
}

static void set_default(const char *key, uint64_t val)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, val);
	if (!get_config_value(key) && set_config_value(key, text))
		die("-r %s: cannot set %s=%s", path(), key, text);
}

static bool gives_cpus(void)
{
	return get_config_value("cpus") || get_config_value("sockets") ||
	       get_config_value("cores") || get_config_value("threads");
}

void restore_open(void)
{
	struct snapshot_machine m;

	if (!path())
		return;
	open_file();
	read_machine(&m);
	if (!get_config_value("name"))
		set_config_value("name", m.name);
	if (!gives_cpus())
		set_default("cpus", m.ncpus);
	set_default("memory.size", m.ram_size);
	set_default("machine.ram.base", m.ram_base);
}

static void load_memory(const struct section *section)
{
	struct snapshot_memory memory;
	int ret = -EPROTO;

	if (snapshot_get_memory(section, &memory))
		ret = snapshot_ram_map(file_fd, &memory);
	if (ret == -ENODATA)
		die("-r %s: section memory: the file is not complete", path());
	if (ret)
		die("-r %s: section memory: %s", path(), strerror(-ret));
}

void restore_machine(void)
{
	char error[SNAPSHOT_ERROR_LEN];
	struct snapshot_reader r;
	struct section section;
	bool has_memory = false;
	int ret;

	lseek(file_fd, 0, SEEK_SET);
	ret = snapshot_open(&r, file_fd);
	while (!ret && (ret = snapshot_next(&r, &section)) > 0) {
		ret = 0;
		if (strcmp(section.tag, "memory")) {
			if (snapshot_load(&section, error))
				die("-r %s: %s", path(), error);
			continue;
		}
		load_memory(&section);
		has_memory = true;
	}
	if (ret)
		die("-r %s: it %s", path(), r.error);
	snapshot_close(&r);
	if (!has_memory)
		die("-r %s: it has no section memory", path());
	if (snapshot_complete(error))
		die("-r %s: %s", path(), error);
}
