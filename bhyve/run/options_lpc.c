/* SPDX-License-Identifier: BSD-2-Clause */
/* -l: what hangs on the LPC bridge of bhyve's other machine, and is elsewhere here. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/run/options.h"

static int set_console(const char *where)
{
	char path[256];

	if (!strncmp(where, "/dev/nmdm", 9)) {
		eprintln("-l com1,%s: Linux has no nmdm: give com1,pty:LINK,"
			 " and open LINK", where);
		return -EINVAL;
	}
	/* A bare path is a socket's, as for a port of virtio-console. */
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
			 " virtio-console has more", text);
	else
		eprintln("-l %s: invalid lpc device configuration: give"
			 " com1,WHERE or bootrom,FILE", text);
	return -EINVAL;
}
