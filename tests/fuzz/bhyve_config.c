/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as the file of -k, and each line of it as -o and as -s. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/pci/pci_dev.h"
#include "bhyve/pci/pci_emul.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool complained;

void eprintln(const char *fmt, ...)
{
	(void)fmt;
	complained = true;
}

int refuse(const char *fmt, ...)
{
	(void)fmt;
	complained = true;
	return -EINVAL;
}

void exit_with_error(void)
{
	abort();
}

void die(const char *fmt, ...)
{
	(void)fmt;
	exit_with_error();
}

/* The one device that exists here. */
const struct pci_devemu *pci_emul_find(const char *name)
{
	static const struct pci_devemu emul = { .name = "emul" };

	return strcmp(name, "emul") ? NULL : &emul;
}

void pci_emul_list(void)
{
}

static int visit(const char *name, const char *value, struct config_node *child,
		 void *arg)
{
	uint64_t val;

	if (child)
		return walk_config_nodes(child, visit, arg);
	/* The next get may free it. */
	if (value && strlen(value) > 1 << 24)
		return -1;
	get_config_u64_node(arg, name, &val);
	return 0;
}

static void as_file(const char *path)
{
	complained = false;
	if (parse_config_file(path) && !complained)
		abort();
	walk_config_nodes(find_config_node(NULL), visit,
			  find_config_node(NULL));
}

static void as_options(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (*line)
			parse_config_option(line);
		/* "help" ends the program. */
		complained = false;
		if (strcmp(line, "help") && pci_parse_slot(line) && !complained)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), path[32];
	int fd = memfd_create("config", 0);

	memcpy(text, data, size);
	text[size] = '\0';
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, data, size) != (ssize_t)size)
		abort();
	init_config();
	as_file(path);
	init_config();
	as_options(text);
	close(fd);
	free(text);
	return 0;
}
