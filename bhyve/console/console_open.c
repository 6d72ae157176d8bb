/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the kind of console that its name asks for. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/console/console_impl.h"

#define ESCAPE_KEY 0x1d /* Control-], as bhyvectl's */

static int open_kind(struct console *cons, const char *kind)
{
	if (!strcmp(kind, "stdio"))
		return console_open_stdio(cons);
	if (!strcmp(kind, "pty"))
		return console_open_pty(cons, NULL);
	if (!strncmp(kind, "pty:", 4))
		return console_open_pty(cons, kind + 4);
	if (!strcmp(kind, "ctl"))
		return console_open_ctl(cons);
	if (!strncmp(kind, "unix:", 5))
		return console_open_unix(cons, kind + 5);
	eprintln("console=%s: give stdio, ctl, pty, pty:LINK or unix:PATH",
		 kind);
	return -EINVAL;
}

static int open_log(struct console *cons, const char *path)
{
	cons->log_fd = open(path,
			    O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK |
				    O_NOCTTY | O_CLOEXEC,
			    0600);
	if (cons->log_fd >= 0)
		return 0;
	eprintln("console: logfile=%s: %s", path, strerror(errno));
	return -errno;
}

static int set_escape(struct console *cons, const char *key)
{
	if (!strcmp(key, "none")) {
		cons->escape = -1;
		return 0;
	}
	if (key[0] != '^' || key[1] < '@' || key[1] > '_' || key[2]) {
		eprintln(
			"console: escape=%s: give a key like ^] or ^A, or none",
			key);
		return -EINVAL;
	}
	cons->escape = key[1] & 0x1f;
	return 0;
}

static int set_option(struct console *cons, const char *option)
{
	if (!strncmp(option, "logfile=", 8))
		return open_log(cons, option + 8);
	if (!strncmp(option, "escape=", 7))
		return set_escape(cons, option + 7);
	eprintln("console: \"%s\": the options are logfile=PATH and escape=KEY",
		 option);
	return -EINVAL;
}

static int open_all(struct console *cons, char *words)
{
	const char *option, *kind = next_config_option(&words);
	int ret = 0;

	while (!ret && (option = next_config_option(&words)))
		ret = set_option(cons, option);
	return ret ? ret : open_kind(cons, kind ? kind : "");
}

int console_open(const char *spec, struct console **consp)
{
	struct console *cons = console_new();
	char *words = strdup(spec);
	int ret = -ENOMEM;

	if (cons && words) {
		cons->escape = ESCAPE_KEY;
		ret = open_all(cons, words);
	}
	free(words);
	if (ret == -ENOMEM)
		eprintln("console=%s: no memory or no descriptor is left: see"
			 " ulimit -n",
			 spec);
	*consp = cons;
	return ret;
}
