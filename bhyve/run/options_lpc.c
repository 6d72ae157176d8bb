/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * -l: devices on the LPC bridge of bhyve's x86 machine, which are elsewhere
 * here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/run/options.h"

/*
 * FreeBSD's nmdm(4) devices come in pairs: bhyve is given one end, the user
 * opens the other.
 */
static int set_nmdm(const char *where)
{
	char key[256];
	int len = snprintf(key, sizeof(key), "pty:%s", where);
	char *end;

	if (len >= (int)sizeof(key) || !strchr("AB", key[len - 1])) {
		eprintln("-l com1,%s: its name ends in A or B", where);
		return -EINVAL;
	}
	end = &key[len - 1];
	*end = *end == 'A' ? 'B' : 'A';
	return set_config_value("console", key);
}

static int set_console(const char *where)
{
	char path[256];

	if (!strncmp(where, "/dev/nmdm", 9))
		return set_nmdm(where);
	/*
	 * A bare path is that of a UNIX socket, as for a port of
	 * virtio-console.
	 */
	snprintf(path, sizeof(path), "%s%s", *where == '/' ? "unix:" : "",
		 where);
	return set_config_value("console", path);
}

int parse_lpc(const char *text)
{
	const char *comma = strchr(text, ',');
	const char *rest = comma ? comma + 1 : "";
	size_t len = comma ? (size_t)(comma - text) : strlen(text);

	if (len == 4 && !strncmp(text, "com1", 4) && *rest)
		return set_console(rest);
	if (len == 7 && !strncmp(text, "bootrom", 7) && *rest)
		return set_config_value("bootrom", rest);
	if (len == 4 && !strncmp(text, "com", 3))
		eprintln("-l %s: the machine has one serial port: com1,WHERE;"
			 " virtio-console has more",
			 text);
	else
		eprintln("-l %s: invalid lpc device configuration: give"
			 " com1,WHERE or bootrom,FILE",
			 text);
	return -EINVAL;
}
