/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of the control socket. */
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vmm/vmm_stat.h>
#include "bhyve/arch.h"
#include "bhyve/base/traffic.h"
#include "bhyve/config/config.h"
#include "bhyve/core_dump.h"
#include "bhyve/run/control.h"
#include "bhyve/machine/mem.h"
#include "bhyve/run/migrate.h"
#include "bhyve/run/power.h"
#include "bhyve/run/precopy.h"
#include "bhyve/run/receive.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/vmexit.h"
#include "lib/reg_names.h"
#include "lib/vmmapi.h"

#define MAXREGS 256

static struct vmctx *vm;
static unsigned int ncpus;
static bool pause_stops_time;
static int statm_fd = -1;

void control_set_vm(struct vmctx *ctx, unsigned int n)
{
	vm = ctx;
	ncpus = n;
	statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	pause_stops_time = get_config_bool_default("pause.stops_time", false);
	/*
	 * All keys are our own, so the hash needs no secret. For the other kind
	 * of hash json-c would open a file if the host has no random numbers
	 * yet, which the sandbox does not allow.
	 */
	json_global_set_string_hash(JSON_C_STR_HASH_PERLLIKE);
}

static void add_string(struct json_object *to, const char *key,
		       const char *text)
{
	json_object_object_add(to, key, json_object_new_string(text));
}

static void add_number(struct json_object *to, const char *key, uint64_t number)
{
	json_object_object_add(to, key, json_object_new_uint64(number));
}

static struct json_object *add_list(struct json_object *to, const char *key)
{
	struct json_object *list = json_object_new_array();

	json_object_object_add(to, key, list);
	return list;
}

static void fail(struct json_object *reply, const char *why)
{
	add_string(reply, "error", why);
}

static const char *state_name(void)
{
	if (receive_is_waiting())
		return "receiving";
	if (migrate_state() == MIGRATE_COPYING)
		return "migrating";
	if (migrate_state() == MIGRATE_IN_DOUBT)
		return "in doubt";
	return vcpus_paused() ? "paused" : "running";
}

static void cmd_status(struct json_object *reply, int file)
{
	(void)file;
	add_string(reply, "name", vm_get_name(vm));
	add_number(reply, "pid", getpid());
	add_number(reply, "cpus", ncpus);
	add_string(reply, "state", state_name());
}

static void cmd_poweroff(struct json_object *reply, int file)
{
	(void)reply, (void)file;
	power_button();
}

static void cmd_reset(struct json_object *reply, int file)
{
	(void)file;
	if (suspend_vm(vm, VM_SUSPEND_RESET))
		fail(reply, "vmm.ko refused");
}

static void cmd_force_poweroff(struct json_object *reply, int file)
{
	(void)file;
	if (suspend_vm(vm, VM_SUSPEND_POWEROFF))
		fail(reply, "vmm.ko refused");
}

/* The guest's time when it was paused, from which it goes on. */
static uint64_t paused_at;
/* "suspend" has saved the VM to a file, and its vCPUs have not run since. */
static bool suspended;

static void cmd_pause(struct json_object *reply, int file)
{
	bool stopped;

	(void)file;
	if (vcpus_paused())
		return;
	stopped = vcpus_pause(vm);
	if (pause_stops_time && vm_get_time(vm, &paused_at))
		fail(reply, "vmm.ko refused");
	else if (!stopped)
		fail(reply, "a virtual CPU did not stop in time");
}

static void cmd_resume(struct json_object *reply, int file)
{
	(void)file;
	if (!vcpus_paused())
		return;
	if (pause_stops_time && vm_set_time(vm, paused_at)) {
		fail(reply, "vmm.ko refused");
		return;
	}
	suspended = false;
	vcpus_resume(vm);
}

#define STAT_NAME(id, text) [id] = text,
static const char *const stat_names[] = { VM_STATS_LIST(STAT_NAME) };

static void add_stats(struct json_object *list, unsigned int id)
{
	uint64_t values[VM_STAT_MAX] = { 0 };
	struct json_object *stats = json_object_new_object();
	int n;

	n = vm_get_stats(vm_get_vcpu(vm, id), values, VM_STAT_MAX);
	for (int i = 0; i < n && i < VM_STAT_MAX; i++)
		add_number(stats, stat_names[i], values[i]);
	json_object_array_add(list, stats);
}

/*
 * Reads resident memory, in bytes, from proc(5)'s statm, which was opened
 * before the sandbox was entered.
 */
static uint64_t resident_memory(void)
{
	char text[128] = "";
	uint64_t pages = 0;

	if (pread(statm_fd, text, sizeof(text) - 1, 0) > 0)
		sscanf(text, "%*s %" SCNu64, &pages);
	return pages * sysconf(_SC_PAGESIZE);
}

static void cmd_stats(struct json_object *reply, int file)
{
	struct json_object *list = add_list(reply, "vcpus");

	(void)file;
	for (unsigned int i = 0; i < ncpus; i++)
		add_stats(list, i);
	add_number(reply, "unclaimed accesses", mem_unclaimed_count());
	add_number(reply, "Resident memory", resident_memory());
	add_number(reply, "disk bytes read", traffic_total(TRAFFIC_READ));
	add_number(reply, "disk bytes written", traffic_total(TRAFFIC_WRITTEN));
	add_number(reply, "network bytes received",
		   traffic_total(TRAFFIC_RECEIVED));
	add_number(reply, "network bytes sent", traffic_total(TRAFFIC_SENT));
	control_add_balloon(reply);
}

/* As hexadecimal text, because a JSON number has only 53 bits. */
static void add_register(struct json_object *regs, struct vcpu *vcpu,
			 uint64_t id)
{
	char name[ARCH_REG_NAMELEN], text[24];
	uint64_t val;

	if (vm_get_register(vcpu, id, &val))
		return;
	arch_reg_name(id, name);
	snprintf(text, sizeof(text), "0x%08" PRIx64, val);
	add_string(regs, name, text);
}

static void add_registers(struct json_object *list, unsigned int id)
{
	struct vcpu *vcpu = vm_get_vcpu(vm, id);
	struct json_object *regs = json_object_new_object();
	uint64_t ids[MAXREGS];
	int n;

	n = vm_get_reg_list(vcpu, ids, MAXREGS);
	for (int i = 0; i < n; i++)
		add_register(regs, vcpu, ids[i]);
	json_object_array_add(list, regs);
}

/* Pauses the VM unless it was paused; false: that failed, and *reply says so. */
static bool stop(struct json_object *reply, bool was_paused)
{
	if (was_paused || vcpus_pause(vm))
		return true;
	fail(reply, "a virtual CPU did not stop in time");
	vcpus_resume(vm);
	return false;
}

/*
 * A running vCPU's registers are in its CPU, so all vCPUs are stopped for a
 * moment.
 */
static void cmd_regs(struct json_object *reply, int file)
{
	bool was_paused = vcpus_paused();
	struct json_object *list;

	(void)file;
	if (!stop(reply, was_paused))
		return;
	list = add_list(reply, "vcpus");
	for (unsigned int i = 0; i < ncpus; i++)
		add_registers(list, i);
	if (!was_paused)
		vcpus_resume(vm);
}

/* Pauses the VM while @func writes, so that the file shows one moment. */
static void write_file(struct json_object *reply, int file, int (*func)(int fd))
{
	bool was_paused = vcpus_paused();
	struct stat st;
	int ret;

	if (file < 0 || fstat(file, &st) || !S_ISREG(st.st_mode)) {
		fail(reply, "it has to go to a file");
		return;
	}
	if (!stop(reply, was_paused))
		return;
	ret = func(file);
	if (ret)
		fail(reply, strerror(-ret));
	if (!was_paused)
		vcpus_resume(vm);
}

static void cmd_core(struct json_object *reply, int file)
{
	write_file(reply, file, core_dump_write);
}

static void cmd_dump_memory(struct json_object *reply, int file)
{
	write_file(reply, file, memory_dump_write);
}

static bool has_failed(struct json_object *reply)
{
	return json_object_object_get_ex(reply, "error", NULL);
}

/* Saves the machine, which is paused. */
static void save(struct json_object *reply, int file)
{
	char error[SNAPSHOT_ERROR_LEN];
	uint64_t count = paused_at;
	struct stat st;

	if (file < 0 || fstat(file, &st) || !S_ISREG(st.st_mode))
		fail(reply, "it has to go to a file");
	else if (!pause_stops_time && vm_get_time(vm, &count))
		fail(reply, "vmm.ko refused");
	else if (snapshot_save(file, count, error))
		fail(reply, error);
}

/*
 * Pauses the guest and saves it at rest: for a VM that checkpoint_start() cannot
 * save while it runs (checkpoint_is_live()).
 */
static void cmd_checkpoint(struct json_object *reply, int file)
{
	bool was_paused = vcpus_paused();

	cmd_pause(reply, -1);
	if (!has_failed(reply))
		save(reply, file);
	if (!was_paused)
		cmd_resume(reply, -1);
}

/*
 * The machine stays paused until bhyvectl has the file in its place and says so:
 * if that fails, it can be resumed.
 */
static void cmd_suspend(struct json_object *reply, int file)
{
	bool was_paused = vcpus_paused();

	cmd_pause(reply, -1);
	if (!has_failed(reply))
		save(reply, file);
	if (!has_failed(reply))
		suspended = true;
	else if (!was_paused)
		cmd_resume(reply, -1);
}

static void cmd_suspended(struct json_object *reply, int file)
{
	(void)file;
	if (suspended)
		end_vm(BHYVE_SUSPENDED);
	else
		fail(reply, "it has run on since it was saved");
}

static void cmd_migrate_cancel(struct json_object *reply, int file)
{
	const char *why = migrate_cancel();

	(void)file;
	if (why)
		fail(reply, why);
}

/* bhyve -R has no guest yet, so both commands just end the process. */
static void cmd_end_waiting(struct json_object *reply, int file)
{
	(void)reply, (void)file;
	end_vm(BHYVE_POWEROFF);
}

struct command {
	const char *name;
	void (*func)(struct json_object *reply, int file);
};

static const struct command waiting_commands[] = {
	{ "status", cmd_status },
	{ "poweroff", cmd_end_waiting },
	{ "force-poweroff", cmd_end_waiting },
	{ NULL, NULL },
};

/*
 * These are refused during a migration or a checkpoint: they stop or start the
 * vCPUs, which precopy.c does then.
 */
static const struct command commands_at_rest[] = {
	{ "pause", cmd_pause },		  { "resume", cmd_resume },
	{ "checkpoint", cmd_checkpoint }, { "suspend", cmd_suspend },
	{ "suspended", cmd_suspended },	  { NULL, NULL },
};

static const struct command commands[] = {
	{ "status", cmd_status },
	{ "poweroff", cmd_poweroff },
	{ "reset", cmd_reset },
	{ "force-poweroff", cmd_force_poweroff },
	{ "stats", cmd_stats },
	{ "regs", cmd_regs },
	{ "core", cmd_core },
	{ "dump-memory", cmd_dump_memory },
	{ "migrate-cancel", cmd_migrate_cancel },
	{ NULL, NULL },
};

static const struct command *find(const struct command *of, const char *line)
{
	while (of->name && strcmp(line, of->name))
		of++;
	return of->name ? of : NULL;
}

/* NULL, or why the request was not carried out. */
static const char *carry_out(const char *line, int file,
			     struct json_object *reply)
{
	const bool waiting = receive_is_waiting();
	const struct command *c =
		find(waiting ? waiting_commands : commands, line);
	const struct command *at_rest = find(commands_at_rest, line);
	const char *why = NULL;

	if (waiting && !c)
		return "its guest has not come yet";
	if (!c && at_rest && precopy_busy())
		return precopy_busy();
	if (!c && at_rest && migrate_state() == MIGRATE_IN_DOUBT)
		return "it may run on the other side; --migrate=cancel lets it"
		       " go on here";
	if (!c)
		c = at_rest;
	if (c)
		c->func(reply, file);
	else if (!control_device(line, reply, &why) &&
		 !control_slot(vm, line, file, &why))
		return "no such command";
	return why;
}

/* The reply's text, for the caller to free. */
static char *text_of(struct json_object *reply)
{
	const char *text =
		json_object_to_json_string_ext(reply, JSON_C_TO_STRING_PLAIN);
	char *copy = text ? strdup(text) : NULL;

	json_object_put(reply);
	return copy;
}

char *control_copied(const char *error, const struct precopy_report *report)
{
	struct json_object *reply = json_object_new_object();

	if (error) {
		fail(reply, error);
		return text_of(reply);
	}
	add_number(reply, "rounds", report->rounds);
	add_number(reply, "bytes of memory", report->bytes);
	add_number(reply, "milliseconds", report->total_us / 1000);
	add_number(reply, "microseconds that it stood still", report->stop_us);
	return text_of(reply);
}

char *control_answer(const char *line, int file)
{
	struct json_object *reply = json_object_new_object();
	const char *why = carry_out(line, file, reply);

	if (why)
		fail(reply, why);
	return text_of(reply);
}
