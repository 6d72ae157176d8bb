/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses text that sets configuration values: -o, -k and the options of -s. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"

/* Sets "name=value", or "name" (to true); @text is modified. */
static int set_from_text(struct config_node *node, char *text)
{
	char *eq = strchr(text, '=');

	if (eq)
		*eq = '\0';
	return set_config_value_node(node, text, eq ? eq + 1 : "true");
}

int parse_config_option(const char *option)
{
	char *copy = strdup(option);
	int ret;

	if (!copy)
		return -ENOMEM;
	ret = set_from_text(find_config_node(NULL), copy);
	free(copy);
	return ret;
}

char *next_config_option(char **restp)
{
	char *from = *restp, *to = from, *option = from;

	if (!from)
		return NULL;
	for (; *from && (*from != ',' || from[1] == ','); from++) {
		if (*from == ',')
			from++;
		*to++ = *from;
	}
	*restp = *from ? from + 1 : NULL;
	*to = '\0';
	return option;
}

int parse_config_options_node(struct config_node *node, const char *opts)
{
	char *copy = strdup(opts), *rest = copy, *opt;
	int ret = 0;

	if (!copy)
		return -ENOMEM;
	while (!ret && (opt = next_config_option(&rest)))
		if (*opt)
			ret = set_from_text(node, opt);
	free(copy);
	return ret;
}

static char *trim(char *line)
{
	char *end;

	line += strspn(line, " \t");
	end = line + strlen(line);
	while (end > line && strchr(" \t\r\n", end[-1]))
		*--end = '\0';
	return line;
}

static int parse_line(const char *path, unsigned int number, char *line)
{
	char *text = trim(line);
	int ret;

	if (!*text || *text == '#')
		return 0;
	ret = strchr(text, '=') ? parse_config_option(text) : -EINVAL;
	if (ret)
		eprintln("%s:%u: \"%s\" is not of the form key=value", path,
			 number, text);
	return ret;
}

int parse_config_file(const char *path)
{
	FILE *fp = fopen(path, "re");
	unsigned int number = 0;
	char *line = NULL;
	size_t room = 0;
	int ret = 0;

	if (!fp) {
		ret = -errno;
		eprintln("configuration file %s: %s", path, strerror(-ret));
		return ret;
	}
	while (!ret && getline(&line, &room, fp) > 0)
		ret = parse_line(path, ++number, line);
	free(line);
	fclose(fp);
	return ret;
}
