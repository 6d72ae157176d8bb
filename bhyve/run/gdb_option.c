/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses the argument of -G. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/config/config.h"
#include "bhyve/run/gdb.h"

/* An IPv6 address has brackets in -G, and has none in gdb.address. */
static int set_address(const char *text, size_t len)
{
	char address[256];

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (!len || len >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, len);
	address[len] = '\0';
	return set_config_value("gdb.address", address);
}

bool gdb_is_port(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	return *text >= '0' && *text <= '9' && !*end && port && port < 65536;
}

int gdb_parse_option(const char *text)
{
	const char *colon = strrchr(text, ':');
	int ret = 0;

	if (*text == 'w') {
		ret = set_config_value("gdb.wait", "true");
		text++;
	}
	if (!ret && strchr(text, '/'))
		return set_config_value("gdb.socket", text);
	if (!ret && colon)
		ret = set_address(text, colon - text);
	text = colon ? colon + 1 : text;
	if (ret || !gdb_is_port(text))
		return -EINVAL;
	return set_config_value("gdb.port", text);
}
