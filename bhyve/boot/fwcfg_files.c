/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's files in fw_cfg. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/dev/fwcfg.h"
#include "bhyve/boot/fwcfg_files.h"
#include "bhyve/boot/loader.h"

#define FILE_MAX (UINT64_C(64) << 20)

static struct image read_content(struct config_node *node, const char *name)
{
	const char *text = get_config_value_node(node, "string");
	const char *path = get_config_value_node(node, "file");
	struct loader l = { .ram_size = FILE_MAX };
	struct image img = { .path = path };

	if (!text == !path)
		die("fw_cfg file %s: give it a string or a file", name);
	if (path) {
		if (image_read(&l, path, &img))
			die("%s", l.error);
		return img;
	}
	img.data = (uint8_t *)strdup(text);
	img.len = strlen(text);
	if (!img.data)
		die("out of memory");
	return img;
}

static int add_file(const char *unused, const char *value,
		    struct config_node *node, void *arg)
{
	const char *name = node ? get_config_value_node(node, "name") : NULL;
	struct image img;

	(void)unused, (void)value, (void)arg;
	if (!name)
		die("fwcfg: a file without a name: give fwcfg.N.name");
	img = read_content(node, name);
	switch (fwcfg_add_file(name, img.data, img.len)) {
	case 0:
		return 0;
	case -EEXIST:
		die("fw_cfg file %s: given twice", name);
	case -ENOSPC:
		die("fw_cfg holds %d files", FWCFG_MAX_FILES);
	default:
		die("fw_cfg file %s: a name has 1 to %d characters", name,
		    FWCFG_MAX_NAME - 1);
	}
}

void fwcfg_add_files(void)
{
	struct config_node *files = find_config_node("fwcfg");

	if (files)
		walk_config_nodes(files, add_file, NULL);
}
