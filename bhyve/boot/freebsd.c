/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD's part of the configuration: kernel environment, boot flags,
 * transport.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/boot/freebsd.h"
#include "bhyve/boot/loader.h"

/* Names of the environment contain dots themselves: hw.uart.console. */
struct walk {
	FILE *out;
	const char *prefix;
};

static int add_value(const char *name, const char *value,
		     struct config_node *child, void *arg)
{
	const struct walk *w = arg;
	char path[256];
	struct walk below = { .out = w->out, .prefix = path };

	snprintf(path, sizeof(path), "%s%s%s", w->prefix, *w->prefix ? "." : "",
		 name);
	if (child)
		return walk_config_nodes(child, add_value, &below);
	fprintf(w->out, "%s=%s", path, value);
	fputc('\0', w->out);
	return 0;
}

static void make_kenv(struct loader *l)
{
	struct config_node *node = find_config_node("fbsd.kenv");
	struct walk w = { .prefix = "" };
	char *kenv;

	if (!node)
		return;
	w.out = open_memstream(&kenv, &l->kenv_len);
	if (!w.out)
		die("out of memory");
	walk_config_nodes(node, add_value, &w);
	mark_config_read(node);
	fclose(w.out);
	l->kenv = kenv;
}

/* The flag for a letter of FreeBSD's boot(8): RB_* of its sys/reboot.h. */
static uint32_t flag(char letter)
{
	switch (letter) {
	case 'a':
		return 0x1; /* RB_ASKNAME */
	case 's':
		return 0x2; /* RB_SINGLE */
	case 'd':
		return 0x40; /* RB_KDB */
	case 'v':
		return 0x800; /* RB_VERBOSE */
	case 'h':
		return 0x1000; /* RB_SERIAL */
	case 'D':
		return 0x20000000; /* RB_MULTIPLE */
	default:
		die("fbsd.howto: unknown flag '%c': give a number, or letters"
		    " of adDhsv",
		    letter);
	}
}

void freebsd_options(struct loader *l)
{
	const char *howto = get_config_value("fbsd.howto");
	uint64_t number;

	make_kenv(l);
	if (!howto)
		return;
	if (!get_config_u64("fbsd.howto", &number)) {
		l->howto = number;
		return;
	}
	for (; *howto; howto++)
		if (*howto != '-' && *howto != ' ')
			l->howto |= flag(*howto);
}

/*
 * FreeBSD/armv7 finds virtio devices on PCI but cannot use them: the driver
 * maps parts of BARs by bus_map_resource(), which 32-bit ARM's nexus lacks
 * (13.2). With a virtio 1.0 network device on virtio-mmio, TCP panics: the
 * header of 12 bytes misaligns IP, and the driver pads only the older, shorter
 * one.
 */
void freebsd_choose_transport(uint64_t ram_size)
{
	const char *path = get_config_value("kernel");
	struct loader l = { .ram_size = ram_size };
	struct image img;

	if (!path || get_config_value("bootrom") ||
	    get_config_value("virtio.transport") || image_read(&l, path, &img))
		return;
	if (is_freebsd_kernel(&img))
		set_config_value("virtio.transport", "legacy");
	image_free(&img);
}
