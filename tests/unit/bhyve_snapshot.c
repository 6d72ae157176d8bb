/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sections a machine takes, and what it says of those it does not take. vmm.ko
 * is a table of registers here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/arch.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/device.h"
#include "bhyve/machine/machine.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/snapshot_ram.h"
#include "lib/vmmapi.h"

#define MIDR VM_REG_CP15(0, 0, 0, 0)
#define HZ   1000000u

/* MIDR is the host's, and the guest's R0. */
static uint64_t midr, r0, count;
static struct vm_vgic_state vgic;
static bool stops_time;

struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id)
{
	(void)ctx, (void)id;
	return NULL;
}

const char *vm_get_name(const struct vmctx *ctx)
{
	(void)ctx;
	return "guest";
}

uint32_t arch_timer_hz(struct vcpu *vcpu)
{
	(void)vcpu;
	return HZ;
}

bool get_config_bool_default(const char *path, bool def)
{
	assert_string_equal(path, "pause.stops_time");
	(void)def;
	return stops_time;
}

int vm_get_reg_list(struct vcpu *vcpu, uint64_t *ids, uint32_t n)
{
	(void)vcpu;
	assert_in_range(n, 2, 10000);
	ids[0] = MIDR;
	ids[1] = VM_REG_GUEST_R0;
	return 2;
}

int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val)
{
	(void)vcpu;
	*val = id == MIDR ? midr : r0;
	return 0;
}

int vm_set_register(struct vcpu *vcpu, uint64_t id, uint64_t val)
{
	(void)vcpu;
	if (id == MIDR)
		return val == midr ? 0 : -EINVAL;
	if (id != VM_REG_GUEST_R0)
		return -ENOENT;
	r0 = val;
	return 0;
}

int vm_get_vgic_state(struct vmctx *ctx, struct vm_vgic_state *state)
{
	(void)ctx;
	*state = vgic;
	return 0;
}

int vm_set_vgic_state(struct vmctx *ctx, const struct vm_vgic_state *state)
{
	(void)ctx;
	vgic = *state;
	return 0;
}

int vm_set_time(struct vmctx *ctx, uint64_t now)
{
	(void)ctx;
	count = now;
	return 0;
}

int snapshot_ram_init(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	(void)ctx, (void)base, (void)size;
	return 0;
}

int snapshot_ram_save(int fd, struct snapshot_memory *memory)
{
	(void)fd, (void)memory;
	return 0;
}

int snapshot_ram_put(int fd, const void *data, size_t len, uint64_t offset)
{
	(void)fd, (void)data, (void)len, (void)offset;
	return 0;
}

static uint32_t thing;

static void reset_thing(void *arg)
{
	(void)arg;
}

static uint64_t size;
static unsigned int acted; /* times that the thing acted on what was loaded */

static void thing_state(void *arg, struct state *s)
{
	(void)arg;
	state_same(s, "its size", size);
	state_number(s, "thing", &thing, sizeof(thing), 9);
	if (state_is_loaded(s))
		acted++;
}

static void make_with(unsigned int ncpus, uint64_t ram)
{
	init_devices();
	register_device("thing", SNAPSHOT_AT(3, 1), reset_thing, thing_state,
			NULL);
	assert_int_equal(snapshot_init(NULL, &virt_machine, ncpus, ram), 0);
}

static int setup(void **state)
{
	(void)state;
	midr = 0x410fc0f0;
	r0 = 1;
	thing = 7;
	size = 100;
	acted = 0;
	count = 0;
	stops_time = true;
	vgic = (struct vm_vgic_state){ .nirqs = 288, .ncpus = 1 };
	make_with(1, 64 << 20);
	return 0;
}

static struct snapshot_writer w;
static char error[SNAPSHOT_ERROR_LEN];

static void collect(uint64_t now)
{
	snapshot_begin(&w);
	assert_int_equal(snapshot_collect(&w, now, error), 0);
	snapshot_end(&w);
}

/* Loads all sections but those called @skip; 0, or -1 and the error. */
static int load_without(const char *skip)
{
	int fd = memfd_create("snapshot", 0), ret;
	struct snapshot_reader r;
	struct section section;

	assert_int_equal(write(fd, w.data, w.len), w.len);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(snapshot_open(&r, fd), 0);
	*error = '\0';
	while ((ret = snapshot_next(&r, &section)) > 0 && !*error)
		if (strcmp(section.tag, skip))
			snapshot_load(&section, error);
	snapshot_close(&r);
	close(fd);
	return *error ? -1 : snapshot_complete(error);
}

static void refuses(const char *text)
{
	assert_int_equal(load_without(""), -1);
	assert_string_equal(error, text);
	snapshot_free(&w);
}

static void every_part_is_loaded(void **state)
{
	(void)state;
	vgic.ctlr = 3;
	collect(12345);
	setup(NULL);
	r0 = thing = 0;
	assert_int_equal(load_without(""), 0);
	assert_int_equal(thing, 7);
	assert_int_equal(r0, 1);
	assert_int_equal(vgic.ctlr, 3);
	assert_int_equal(count, 12345);
	snapshot_free(&w);
}

/* The guest's counter goes on by the time that passed for the host. */
static void time_passes(void **state)
{
	const struct timespec pause = { .tv_nsec = 20000000 };

	(void)state;
	stops_time = false;
	collect(12345);
	nanosleep(&pause, NULL);
	make_with(1, 64 << 20);
	assert_int_equal(load_without(""), 0);
	assert_true(count >= 12345 + 20000);
	snapshot_free(&w);
}

static void another_cpu_is_named(void **state)
{
	(void)state;
	collect(0);
	setup(NULL);
	midr = 0x410fc070;
	refuses("vcpu: MIDR is 0x410fc0f0 in the snapshot, and this host cannot"
		" give the guest that (here 0x410fc070)");
}

static void another_machine_is_named(void **state)
{
	(void)state;
	collect(0);
	make_with(2, 64 << 20);
	assert_int_equal(load_without(""), -1);
	assert_string_equal(
		error, "the number of virtual CPUs is 1 in the snapshot and"
		       " 2 here: start bhyve with the same configuration");
	make_with(1, 128 << 20);
	refuses("the size of RAM in bytes is 67108864 in the snapshot and"
		" 134217728 here: start bhyve with the same configuration");
}

static void what_is_missing_is_named(void **state)
{
	(void)state;
	collect(0);
	setup(NULL);
	assert_int_equal(load_without("thing"), -1);
	assert_string_equal(error,
			    "thing 3:1: the snapshot has none: start bhyve"
			    " with the same configuration");
	setup(NULL);
	assert_int_equal(load_without("vgic"), -1);
	assert_string_equal(error,
			    "vgic: the snapshot has none: start bhyve with"
			    " the same configuration");
	/* Nothing is loaded unless the machine is known to be the same. */
	setup(NULL);
	assert_int_equal(load_without("machine"), -1);
	snapshot_free(&w);
}

static void what_is_too_much_is_named(void **state)
{
	(void)state;
	snapshot_begin(&w);
	assert_int_equal(snapshot_collect(&w, 0, error), 0);
	snapshot_put(&w, "other", SNAPSHOT_AT(4, 0), 1, "", 0);
	snapshot_end(&w);
	make_with(1, 64 << 20);
	refuses("section other 4:0: this machine has no such device: start bhyve"
		" with the same configuration");
	snapshot_begin(&w);
	assert_int_equal(snapshot_collect(&w, 0, error), 0);
	snapshot_put(&w, "thing", SNAPSHOT_AT(3, 1), 1, "\7\0\0", 4);
	snapshot_end(&w);
	make_with(1, 64 << 20);
	refuses("section thing 3:1: it is not where it belongs, or comes twice");
}

static void a_bad_field_is_named(void **state)
{
	(void)state;
	thing = 10;
	collect(0);
	setup(NULL);
	refuses("thing 3:1: thing is 10, at most 9");
}

/* 1: the whole plan could be loaded; 0: not all of it has come; -1 and the error. */
static int compare_without(const char *skip)
{
	int fd = memfd_create("plan", 0), ret = 0;
	struct snapshot_reader r;
	struct section section;

	assert_int_equal(write(fd, w.data, w.len), w.len);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(snapshot_open(&r, fd), 0);
	while (ret >= 0 && snapshot_next(&r, &section) == 1) {
		assert_int_not_equal(ret, 1);
		if (strcmp(section.tag, skip))
			ret = snapshot_compare(&section, error);
	}
	snapshot_close(&r);
	close(fd);
	return ret;
}

static void make_plan(void)
{
	snapshot_begin(&w);
	assert_int_equal(snapshot_put_plan(&w, error), 0);
}

static void a_plan_is_compared_and_changes_nothing(void **state)
{
	(void)state;
	vgic.ctlr = 3;
	make_plan();
	setup(NULL);
	r0 = thing = 2;
	assert_int_equal(compare_without(""), 1);
	assert_int_equal(thing, 2);
	assert_int_equal(r0, 2);
	assert_int_equal(vgic.ctlr, 0);
	assert_int_equal(acted, 0);
	snapshot_free(&w);
	/* The same sections come again then, to be loaded. */
	collect(0);
	assert_int_equal(load_without(""), 0);
	assert_int_equal(acted, 1);
	snapshot_free(&w);
}

static void differs(const char *text)
{
	assert_int_equal(compare_without(""), -1);
	assert_string_equal(error, text);
	setup(NULL);
}

static void a_plan_for_another_machine_is_refused(void **state)
{
	(void)state;
	make_plan();
	midr = 0x410fc070;
	differs("vcpu: MIDR is 0x410fc0f0 in the snapshot, and this host cannot"
		" give the guest that (here 0x410fc070)");
	size = 200;
	differs("thing 3:1: its size is 100 in the snapshot and 200 here: start"
		" bhyve with the same configuration");
	vgic.nirqs = 64;
	differs("vgic: GICD_TYPER: 288 interrupts and 1 CPUs in the snapshot, 64"
		" and 1 here");
	assert_int_equal(compare_without("thing"), 0);
	setup(NULL);
	assert_int_equal(compare_without("parts"), -1);
	snapshot_free(&w);
	/* A name is printed on both sides' terminals. */
	snapshot_begin(&w);
	snapshot_put(&w, "parts", 0, 1, "\33[2Jthing\0\0\0\0\0\0\0\0\0\0", 20);
	differs("section parts is no list of names");
	snapshot_free(&w);
	snapshot_begin(&w);
	setup(NULL);
	assert_int_equal(snapshot_put_plan(&w, error), 0);
	snapshot_put(&w, "vgic", 0, 1, NULL, 0);
	assert_int_equal(compare_without("vcpu"), -1);
	assert_string_equal(error,
			    "section vgic: it is not where it belongs, or"
			    " comes twice");
	snapshot_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_part_is_loaded, setup),
		cmocka_unit_test_setup(time_passes, setup),
		cmocka_unit_test_setup(another_cpu_is_named, setup),
		cmocka_unit_test_setup(another_machine_is_named, setup),
		cmocka_unit_test_setup(what_is_missing_is_named, setup),
		cmocka_unit_test_setup(what_is_too_much_is_named, setup),
		cmocka_unit_test_setup(a_bad_field_is_named, setup),
		cmocka_unit_test_setup(a_plan_is_compared_and_changes_nothing,
				       setup),
		cmocka_unit_test_setup(a_plan_for_another_machine_is_refused,
				       setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
