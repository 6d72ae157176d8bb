/* SPDX-License-Identifier: BSD-2-Clause */
/* In /proc/device-tree each node is a directory, and each property a file. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyvectl/arm/device_tree.h"
#include "core/arm/host_check.h"

#define TREE "/sys/firmware/devicetree/base"

/* static, because nftw() passes no argument to its callback. */
static struct host_facts *found;

/*
 * Reads a property; returns its length, at most @len, or 0: it does not exist.
 */
static size_t read_property(const char *node, const char *name, void *buf,
			    size_t len)
{
	char *path;
	ssize_t n;
	int fd;

	if (asprintf(&path, "%s/%s", node, name) < 0)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return 0;
	n = read(fd, buf, len);
	close(fd);
	return n < 0 ? 0 : n;
}

static bool is_compatible(const char *node, const char *const *names)
{
	char list[512];
	size_t len = read_property(node, "compatible", list, sizeof(list) - 1);

	list[len] = '\0';
	for (; *names; names++)
		for (size_t at = 0; at < len; at += strlen(list + at) + 1)
			if (!strcmp(list + at, *names))
				return true;
	return false;
}

static uint32_t read_cell(const char *node, const char *name, uint32_t absent)
{
	uint32_t cell;

	return read_property(node, name, &cell, 4) == 4 ? ntohl(cell) : absent;
}

static uint64_t take_cells(const uint32_t *cells, uint32_t n)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < n; i++)
		value = value << 32 | ntohl(cells[i]);
	return value;
}

static void look_at_gic(const char *node)
{
	uint32_t reg[4 * HOST_FRAMES], na, ns;
	size_t n = read_property(node, "reg", reg, sizeof(reg)) / 4;

	/* The parent node's #address-cells and #size-cells give the sizes. */
	na = read_cell(node, "../#address-cells", 2);
	ns = read_cell(node, "../#size-cells", 1);
	found->gic = true;
	if (na < 1 || na > 2 || ns < 1 || ns > 2)
		return;
	for (size_t i = 0; i < HOST_FRAMES && (i + 1) * (na + ns) <= n; i++)
		found->frame[i] = (struct host_region){
			take_cells(reg + i * (na + ns), na),
			take_cells(reg + i * (na + ns) + na, ns)
		};
}

static int look_at_node(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	static const char *const psci[] = { "arm,psci-1.0", "arm,psci-0.2",
					    "arm,psci", NULL };

	(void)st;
	(void)ftw;
	if (type != FTW_D)
		return 0;
	if (!found->gic && is_compatible(path, host_gic_compatible))
		look_at_gic(path);
	if (is_compatible(path, host_timer_compatible)) {
		found->timer = true;
		found->clock = read_cell(path, "clock-frequency", 0);
	}
	if (is_compatible(path, psci))
		found->psci = true;
	return 0;
}

bool tree_look(struct host_facts *facts)
{
	found = facts;
	if (nftw(TREE, look_at_node, 16, FTW_PHYS))
		return false;
	host_derive(facts);
	return true;
}
