/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of the control socket that are about one device. */
#include <stdio.h>
#include <string.h>
#include "bhyve/config/config.h"
#include "bhyve/run/control.h"
#include "bhyve/virtio/virtio.h"
#include "bhyve/virtio/virtio_balloon.h"

/*
 * Reads SLOT[:FUNCTION]. Returns the text after the comma that follows it, or NULL
 * if @text does not begin like that.
 */
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

/* The argument is SIZE: how much of its memory the guest is asked to give up. */
static const char *set_balloon(const char *arg, struct json_object *reply)
{
	const char *why = NULL;
	uint64_t size;

	(void)reply;
	if (parse_memsize(arg, &size))
		return "give the balloon's SIZE, like 512M, or 0";
	return balloon_set(size, &why) ? why : NULL;
}

static void add_number(struct json_object *to, const char *key, uint64_t number)
{
	json_object_object_add(to, key, json_object_new_uint64(number));
}

void control_add_balloon(struct json_object *reply)
{
	struct balloon_report report;

	if (balloon_report(&report))
		return;
	add_number(reply, "balloon wanted", report.wanted);
	add_number(reply, "balloon", report.actual);
	for (int i = 0; i < BALLOON_NSTATS; i++)
		if (report.stats[i] != BALLOON_UNKNOWN)
			add_number(reply, balloon_stat_names[i],
				   report.stats[i]);
}

static const struct {
	const char *word;
	const char *(*func)(const char *arg, struct json_object *reply);
} commands[] = {
	{ "balloon ", set_balloon },
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
