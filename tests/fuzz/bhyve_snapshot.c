/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Snapshots that anybody may have made up: whatever the bytes are, each section is
 * loaded or refused with a text. The fuzzer cannot make checksums, so its bytes are
 * put over what devices have saved, and are wrapped here; an input that begins with
 * a zero is the file as it is.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bhyve/machine/device.h"
#include "lib/snapshot.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/virtio_guest.h"
#include "tests/unit/virtio_machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void load(const struct section *section)
{
	const struct device *d;
	struct state s;

	for (unsigned int i = 0; (d = nth_device(i)); i++) {
		if (strcmp(d->tag, section->tag) ||
		    d->instance != section->instance)
			continue;
		state_begin_load(&s, section->data, section->len,
				 section->version);
		d->state(d->arg, &s);
		if (state_end(&s) == (*s.error != '\0'))
			abort();
		state_free(&s);
	}
}

static void read_file(int fd)
{
	struct snapshot_reader r;
	struct section section;
	int ret = snapshot_open(&r, fd);

	if (!ret)
		while ((ret = snapshot_next(&r, &section)) > 0)
			load(&section);
	if (ret && !*r.error)
		abort();
	snapshot_close(&r);
}

/* What a device has saved, with the fuzzer's bytes over some of it. */
static void put_section(struct snapshot_writer *w, const struct device *d,
			struct input *in)
{
	uint8_t how = input_number(in, 1);
	struct state s;

	state_begin_save(&s);
	d->state(d->arg, &s);
	if (!state_end(&s))
		abort(); /* all of them can be saved at any time */
	if (s.len && how & 1) {
		size_t at = input_number(in, 2) % s.len, left = s.len - at;

		input_copy(in, s.data + at,
			   left < how / 16u ? left : how / 16u);
	}
	if (how & 2)
		s.len = s.len / 16 * (how / 16);
	snapshot_put(w, d->tag, d->instance, how & 4 ? how / 16 : s.version,
		     s.data, s.len);
	state_free(&s);
}

static int file_of(const void *data, size_t len)
{
	int fd = memfd_create("snapshot", 0);

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Saves a machine that a guest has used, and loads it into one that was reset. */
static void save_and_load(struct input *in)
{
	struct snapshot_writer w;
	const struct device *d;
	int fd;

	snapshot_begin(&w);
	for (unsigned int i = 0; (d = nth_device(i)); i++)
		put_section(&w, d, in);
	snapshot_end(&w);
	fd = file_of(w.data, w.len);
	snapshot_free(&w);
	reset_devices();
	read_file(fd);
	close(fd);
	machine_events();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	size_t used = input_number(&in, 1);
	int fd;

	if (!used) {
		fd = file_of(in.data, in.left);
		read_file(fd);
		close(fd);
		return 0;
	}
	used = used < in.left ? used : in.left;
	guest_run("pci", in.data, used);
	in.data += used;
	in.left -= used;
	save_and_load(&in);
	return 0;
}
