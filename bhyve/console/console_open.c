/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the kind of console that its name asks for. */
#include <errno.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/console/console_impl.h"

int console_open(const char *spec, struct console **consp)
{
	struct console *cons = console_new();
	int ret = -EINVAL;

	if (!cons)
		return -ENOMEM;
	if (!strcmp(spec, "stdio"))
		ret = console_open_stdio(cons);
	else if (!strcmp(spec, "pty"))
		ret = console_open_pty(cons, NULL);
	else if (!strncmp(spec, "pty:", 4))
		ret = console_open_pty(cons, spec + 4);
	else if (!strcmp(spec, "ctl"))
		ret = console_open_ctl(cons);
	else if (!strncmp(spec, "unix:", 5))
		ret = console_open_unix(cons, spec + 5);
	else
		eprintln("console=%s: give stdio, ctl, pty, pty:LINK or"
			 " unix:PATH",
			 spec);
	*consp = cons;
	return ret;
}
