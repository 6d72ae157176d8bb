/* SPDX-License-Identifier: BSD-2-Clause */
/* The sections of a snapshot: the machine as a whole, and each of its parts. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bhyve/arch.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/device.h"
#include "bhyve/machine/machine.h"
#include "bhyve/run/cpu_state.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/snapshot_ram.h"
#include "lib/vmmapi.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

static struct {
	struct vmctx *ctx;
	struct snapshot_machine here;
	bool *loaded; /* of each device */
	bool machine_loaded;
	bool parts_compared;
} vm;

static uint64_t wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static unsigned int count_devices(void)
{
	unsigned int n = 0;

	while (nth_device(n))
		n++;
	return n;
}

int snapshot_init(struct vmctx *ctx, const struct machine *machine,
		  unsigned int ncpus, uint64_t ram_size)
{
	register_cpu_state(ctx, ncpus);
	vm.ctx = ctx;
	vm.here = (struct snapshot_machine){
		.ram_base = machine->map[MACHINE_RAM].base,
		.ram_size = ram_size,
		.ncpus = ncpus,
		.nirqs = machine->nirqs,
		.counter_hz = arch_timer_hz(vm_get_vcpu(ctx, 0)),
	};
	snprintf(vm.here.name, sizeof(vm.here.name), "%s", vm_get_name(ctx));
	vm.machine_loaded = vm.parts_compared = false;
	free(vm.loaded);
	vm.loaded = calloc(count_devices(), sizeof(*vm.loaded));
	if (!vm.loaded)
		return -ENOMEM;
	return snapshot_ram_init(ctx, vm.here.ram_base, ram_size);
}

/* "virtio-blk 3:0: ..." */
static int say(const struct device *d, const struct state *s,
	       char error[SNAPSHOT_ERROR_LEN])
{
	struct section section = { .instance = d->instance };
	char name[SECTION_NAME_LEN];

	snprintf(section.tag, sizeof(section.tag), "%s", d->tag);
	section_name(&section, name);
	snprintf(error, SNAPSHOT_ERROR_LEN, "%s: %s", name, s->error);
	return -1;
}

static int save_device(struct snapshot_writer *w, const struct device *d,
		       char error[SNAPSHOT_ERROR_LEN])
{
	struct state s;
	int ret = 0;

	state_begin_save(&s);
	d->state(d->arg, &s);
	if (state_end(&s))
		snapshot_put(w, d->tag, d->instance, s.version, s.data, s.len);
	else
		ret = say(d, &s, error);
	state_free(&s);
	return ret;
}

static int save_devices(struct snapshot_writer *w,
			char error[SNAPSHOT_ERROR_LEN])
{
	const struct device *d;

	for (unsigned int i = 0; (d = nth_device(i)); i++)
		if (save_device(w, d, error))
			return -1;
	if (!w->failed)
		return 0;
	snprintf(error, SNAPSHOT_ERROR_LEN, "out of memory");
	return -1;
}

int snapshot_collect(struct snapshot_writer *w, uint64_t count,
		     char error[SNAPSHOT_ERROR_LEN])
{
	vm.here.count = count;
	vm.here.wall_ns = wall_ns();
	snapshot_put(w, "machine", 0, 1, &vm.here, sizeof(vm.here));
	return save_devices(w, error);
}

static int say_errno(int ret, char error[SNAPSHOT_ERROR_LEN])
{
	if (!ret)
		return 0;
	snprintf(error, SNAPSHOT_ERROR_LEN, "%s", strerror(-ret));
	return -1;
}

int snapshot_put_file(struct snapshot_writer *w, int fd,
		      const struct snapshot_memory *memory,
		      char error[SNAPSHOT_ERROR_LEN])
{
	int ret = -ENOMEM;

	snapshot_put(w, "memory", 0, 2, memory, sizeof(*memory));
	snapshot_end(w);
	if (!w->failed && w->len <= SNAPSHOT_IMAGE)
		ret = snapshot_ram_put(fd, w->data, w->len, 0);
	return say_errno(ret, error);
}

int snapshot_save(int fd, uint64_t count, char error[SNAPSHOT_ERROR_LEN])
{
	struct snapshot_memory memory = { 0 };
	struct snapshot_writer w;
	int ret;

	snapshot_begin(&w);
	ret = snapshot_collect(&w, count, error);
	if (!ret)
		ret = say_errno(snapshot_ram_save(fd, &memory), error);
	if (!ret)
		ret = snapshot_put_file(&w, fd, &memory, error);
	snapshot_free(&w);
	return ret;
}

static int differs(char error[SNAPSHOT_ERROR_LEN], const char *what,
		   uint64_t there, uint64_t here)
{
	snprintf(error, SNAPSHOT_ERROR_LEN,
		 "%s is %" PRIu64 " in the snapshot and %" PRIu64
		 " here: start bhyve with the same configuration",
		 what, there, here);
	return -1;
}

/*
 * pause.stops_time decides here as well whether time passes for a guest that does
 * not run. If the host's clock was set back since, the guest's time stays as saved.
 */
static uint64_t count_now(const struct snapshot_machine *m)
{
	uint64_t passed = wall_ns() - m->wall_ns;

	if (get_config_bool_default("pause.stops_time", false) ||
	    (int64_t)passed < 0)
		return m->count;
	return m->count + passed / NSEC_PER_SEC * m->counter_hz +
	       passed % NSEC_PER_SEC * m->counter_hz / NSEC_PER_SEC;
}

static int compare_machine(const struct section *section,
			   struct snapshot_machine *machine,
			   char error[SNAPSHOT_ERROR_LEN])
{
	struct snapshot_machine m;

	if (section->version != 1 || section->len != sizeof(m)) {
		snprintf(error, SNAPSHOT_ERROR_LEN,
			 "machine: version %u of %u bytes", section->version,
			 section->len);
		return -1;
	}
	memcpy(&m, section->data, sizeof(m));
	*machine = m;
	if (m.ncpus != vm.here.ncpus)
		return differs(error, "the number of virtual CPUs", m.ncpus,
			       vm.here.ncpus);
	if (m.ram_size != vm.here.ram_size)
		return differs(error, "the size of RAM in bytes", m.ram_size,
			       vm.here.ram_size);
	if (m.ram_base != vm.here.ram_base)
		return differs(error, "machine.ram.base", m.ram_base,
			       vm.here.ram_base);
	if (m.nirqs != vm.here.nirqs)
		return differs(error, "the number of interrupts", m.nirqs,
			       vm.here.nirqs);
	if (m.counter_hz != vm.here.counter_hz)
		return differs(error, "CNTFRQ", m.counter_hz,
			       vm.here.counter_hz);
	return 0;
}

static int load_machine(const struct section *section,
			char error[SNAPSHOT_ERROR_LEN])
{
	struct snapshot_machine m;
	int ret;

	if (compare_machine(section, &m, error))
		return -1;
	ret = vm_set_time(vm.ctx, count_now(&m));
	if (ret)
		snprintf(error, SNAPSHOT_ERROR_LEN,
			 "machine: vmm.ko refuses"
			 " the time: %s",
			 strerror(-ret));
	vm.machine_loaded = !ret;
	return ret ? -1 : 0;
}

/* Hands @s to the device, checks that it was read to its end, and frees it. */
static int finish_load(const struct device *d, struct state *s,
		       char error[SNAPSHOT_ERROR_LEN])
{
	int ret = 0;

	d->state(d->arg, s);
	if (!state_end(s))
		ret = say(d, s, error);
	state_free(s);
	return ret;
}

static int load_device(const struct section *section, const struct device *d,
		       char error[SNAPSHOT_ERROR_LEN])
{
	struct state s;

	state_begin_load(&s, section->data, section->len, section->version);
	return finish_load(d, &s, error);
}

/*
 * Loads the section into the device on trial, to see whether it fits. Then the
 * device is given back the state that it had.
 */
static int compare_device(const struct section *section, const struct device *d,
			  char error[SNAPSHOT_ERROR_LEN])
{
	struct state had, s;
	int ret;

	state_begin_save(&had);
	d->state(d->arg, &had);
	ret = state_end(&had) ? 0 : say(d, &had, error);
	if (!ret) {
		state_begin_compare(&s, section->data, section->len,
				    section->version);
		ret = finish_load(d, &s, error);
	}
	if (!ret) {
		state_begin_compare(&s, had.data, had.len, had.version);
		ret = finish_load(d, &s, error);
	}
	state_free(&had);
	return ret;
}

/* The device of a section that has not come before; NULL: @error says why not. */
static const struct device *find_device(const struct section *section,
					char error[SNAPSHOT_ERROR_LEN])
{
	char name[SECTION_NAME_LEN];
	const struct device *d;
	unsigned int i = 0;

	while ((d = nth_device(i)) && (strcmp(d->tag, section->tag) ||
				       d->instance != section->instance))
		i++;
	if (d && !vm.loaded[i]) {
		vm.loaded[i] = true;
		return d;
	}
	section_name(section, name);
	snprintf(error, SNAPSHOT_ERROR_LEN, "section %s: %s", name,
		 d || !section->instance ?
			 "it is not where it belongs, or comes twice" :
			 "this machine has no such device: start bhyve with the"
			 " same configuration");
	return NULL;
}

static int misplaced(const struct section *section,
		     char error[SNAPSHOT_ERROR_LEN])
{
	char name[SECTION_NAME_LEN];

	section_name(section, name);
	snprintf(error, SNAPSHOT_ERROR_LEN,
		 "section %s: it is not where it belongs, or comes twice",
		 name);
	return -1;
}

int snapshot_load(const struct section *section, char error[SNAPSHOT_ERROR_LEN])
{
	const struct device *d;

	if (!strcmp(section->tag, "machine") && !vm.machine_loaded)
		return load_machine(section, error);
	if (!vm.machine_loaded)
		return misplaced(section, error);
	d = find_device(section, error);
	return d ? load_device(section, d, error) : -1;
}

/* An entry of "parts". */
struct part {
	char tag[SNAPSHOT_TAG_LEN];
	uint32_t instance;
};

static void put_parts(struct snapshot_writer *w)
{
	unsigned int n = count_devices();
	struct part *parts = calloc(n, sizeof(*parts));

	for (unsigned int i = 0; parts && i < n; i++) {
		memcpy(parts[i].tag, nth_device(i)->tag,
		       strnlen(nth_device(i)->tag, SNAPSHOT_TAG_LEN));
		parts[i].instance = nth_device(i)->instance;
	}
	snapshot_put(w, "parts", 0, 1, parts, n * sizeof(*parts));
	w->failed |= !parts;
	free(parts);
}

int snapshot_put_plan(struct snapshot_writer *w, char error[SNAPSHOT_ERROR_LEN])
{
	vm.here.count = vm.here.wall_ns = 0;
	snapshot_put(w, "machine", 0, 1, &vm.here, sizeof(vm.here));
	put_parts(w);
	return save_devices(w, error);
}

static int say_part(const struct part *part, const char *where,
		    char error[SNAPSHOT_ERROR_LEN])
{
	struct section section = { .instance = part->instance };
	char name[SECTION_NAME_LEN];

	memcpy(section.tag, part->tag, SNAPSHOT_TAG_LEN);
	section_name(&section, name);
	snprintf(error, SNAPSHOT_ERROR_LEN,
		 "%s is only %s: start bhyve with the same configuration", name,
		 where);
	return -1;
}

static bool is_part(const struct part *part, const struct device *d)
{
	return !strncmp(part->tag, d->tag, SNAPSHOT_TAG_LEN) &&
	       part->instance == d->instance;
}

static bool is_here(const struct part *part)
{
	const struct device *d;

	for (unsigned int i = 0; (d = nth_device(i)); i++)
		if (is_part(part, d))
			return true;
	return false;
}

static bool is_there(const struct device *d, const struct part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_part(&parts[i], d))
			return true;
	return false;
}

static bool have_names(const struct part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!snapshot_is_tag(parts[i].tag))
			return false;
	return true;
}

static int compare_parts(const struct section *section,
			 char error[SNAPSHOT_ERROR_LEN])
{
	const struct part *parts = (const void *)section->data;
	size_t n = section->len / sizeof(*parts);
	const struct device *d;

	if (section->version != 1 || section->len % sizeof(*parts) ||
	    !have_names(parts, n)) {
		snprintf(error, SNAPSHOT_ERROR_LEN,
			 "section parts is no list of names");
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		if (!is_here(&parts[i]))
			return say_part(&parts[i], "there", error);
	for (unsigned int i = 0; (d = nth_device(i)); i++) {
		struct part part = { .instance = d->instance };

		if (is_there(d, parts, n))
			continue;
		memcpy(part.tag, d->tag, strnlen(d->tag, SNAPSHOT_TAG_LEN));
		return say_part(&part, "here", error);
	}
	return 0;
}

static bool all_have_come(void)
{
	for (unsigned int i = 0; nth_device(i); i++)
		if (!vm.loaded[i])
			return false;
	return true;
}

static int compare_part(const struct section *section,
			char error[SNAPSHOT_ERROR_LEN])
{
	const struct device *d = find_device(section, error);

	if (!d || compare_device(section, d, error))
		return -1;
	if (!all_have_come())
		return 0;
	/* The plan is whole. The same sections follow once more, to be loaded. */
	memset(vm.loaded, 0, count_devices() * sizeof(*vm.loaded));
	return 1;
}

int snapshot_compare(const struct section *section,
		     char error[SNAPSHOT_ERROR_LEN])
{
	struct snapshot_machine machine;

	if (vm.parts_compared)
		return compare_part(section, error);
	if (!strcmp(section->tag, "machine"))
		return compare_machine(section, &machine, error);
	if (strcmp(section->tag, "parts"))
		return misplaced(section, error);
	vm.parts_compared = true;
	return compare_parts(section, error);
}

int snapshot_complete(char error[SNAPSHOT_ERROR_LEN])
{
	struct state missing = {
		.error = "the snapshot has none: start bhyve with the same"
			 " configuration"
	};
	const struct device *d;

	for (unsigned int i = 0; (d = nth_device(i)); i++)
		if (!vm.loaded[i])
			return say(d, &missing, error);
	return 0;
}
