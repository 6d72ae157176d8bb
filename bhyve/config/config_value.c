/* SPDX-License-Identifier: BSD-2-Clause */
/* Configuration values as numbers and booleans. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"

static int parse_bool(const char *text, bool *valp)
{
	static const char *const words[] = { "true",  "1", "yes", "on",
					     "false", "0", "no",  "off" };

	for (unsigned int i = 0; i < 8; i++) {
		if (!strcasecmp(text, words[i])) {
			*valp = i < 4;
			return 0;
		}
	}
	return -EINVAL;
}

int get_config_bool_node(struct config_node *parent, const char *name,
			 bool *valp)
{
	const char *text = get_config_value_node(parent, name);

	if (text && parse_bool(text, valp))
		return refuse("%s=%s: neither true nor false", name, text);
	return 0;
}

bool get_config_bool_node_default(struct config_node *parent, const char *name,
				  bool def)
{
	bool val = def;

	if (get_config_bool_node(parent, name, &val))
		exit_with_error();
	return val;
}

bool get_config_bool_default(const char *path, bool def)
{
	return get_config_bool_node_default(find_config_node(NULL), path, def);
}

int get_config_u64_node(struct config_node *parent, const char *name,
			uint64_t *valp)
{
	const char *text = get_config_value_node(parent, name);
	bool hex = text && text[0] == '0' && (text[1] | 0x20) == 'x';
	const char *digits = hex ? text + 2 : text;
	unsigned long long val;
	char *end;

	if (!text)
		return -ENOENT;
	/* strtoull() would accept a sign or blanks. */
	if (!strchr("0123456789abcdefABCDEF", *digits) || !*digits)
		return -EINVAL;
	errno = 0;
	val = strtoull(digits, &end, hex ? 16 : 10);
	if (errno || end == digits || *end)
		return -EINVAL;
	*valp = val;
	return 0;
}

int get_config_u64(const char *path, uint64_t *valp)
{
	return get_config_u64_node(find_config_node(NULL), path, valp);
}
