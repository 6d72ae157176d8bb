/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of the control socket that are about one device. */
#include <stdio.h>
#include <string.h>
#include "bhyve/config/config.h"
#include "bhyve/run/control.h"
#include "bhyve/virtio/virtio.h"

/* SLOT[:FUNCTION] and, behind a comma, the rest; NULL: it is not that. */
static const char *parse_slot(const char *text, unsigned int *slot,
			      unsigned int *func)
{
	int used = 0;

	*func = 0;
	if (sscanf(text, "%2u%n", slot, &used) != 1)
		return NULL;
	text += used;
	if (*text == ':') {
		if (sscanf(text, ":%1u%n", func, &used) != 1)
			return NULL;
		text += used;
	}
	if (*text == ',')
		return text + 1;
	return *text ? NULL : text;
}

/* SLOT[:FUNCTION][,SIZE] */
static const char *resize_disk(const char *arg, struct json_object *reply)
{
	unsigned int slot, func;
	const char *rest = parse_slot(arg, &slot, &func), *why = NULL;
	uint64_t size = 0;

	if (!rest || (*rest && (parse_memsize(rest, &size) || !size)))
		return "give SLOT[:FUNCTION], and a SIZE like 20G";
	if (virtio_grow(slot, func, &size, &why))
		return why;
	json_object_object_add(reply, "size", json_object_new_uint64(size));
	return NULL;
}

static const struct {
	const char *word;
	const char *(*func)(const char *arg, struct json_object *reply);
} commands[] = {
	{ "resize-disk ", resize_disk },
};

bool control_device(const char *line, struct json_object *reply,
		    const char **why)
{
	const size_t n = sizeof(commands) / sizeof(commands[0]);

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(commands[i].word);

		if (strncmp(line, commands[i].word, len))
			continue;
		*why = commands[i].func(line + len, reply);
		return true;
	}
	return false;
}
