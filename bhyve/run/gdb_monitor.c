/* SPDX-License-Identifier: BSD-2-Clause */
/* gdb's "monitor" commands, for what its protocol has no packet. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/run/gdb_impl.h"
#include "bhyve/run/vmexit.h"

#define LINE_MAX_LEN 128

static const char help[] =
	"phys [on|off]      memory is guest-physical from now on, or virtual again\n"
	"translate ADDRESS  where the current thread's tables lead from there\n"
	"reset              resets the machine, when it goes on\n"
	"poweroff           ends it\n";

static void mon_help(struct gdb *gdb, const char *arg, char *out, size_t len)
{
	(void)gdb, (void)arg;
	snprintf(out, len, "%s", help);
}

static void mon_phys(struct gdb *gdb, const char *arg, char *out, size_t len)
{
	if (!strcmp(arg, "on") || !strcmp(arg, "off"))
		gdb->physical = arg[1] == 'n';
	snprintf(out, len, "addresses are %s\n",
		 gdb->physical ? "guest-physical" : "virtual");
}

static void mon_translate(struct gdb *gdb, const char *arg, char *out,
			  size_t len)
{
	uint64_t gpa, addr = strtoull(arg, NULL, 0);

	if (!*arg)
		snprintf(out, len, "translate: give an address\n");
	else if (vm_gla2gpa_nofault(vm_get_vcpu(gdb->ctx, gdb->cpu), addr,
				    &gpa))
		snprintf(out, len, "0x%" PRIx64 ": not mapped\n", addr);
	else
		snprintf(out, len, "0x%" PRIx64 ": 0x%" PRIx64 "\n", addr, gpa);
}

static void mon_reset(struct gdb *gdb, const char *arg, char *out, size_t len)
{
	(void)arg;
	snprintf(out, len, "%s",
		 suspend_vm(gdb->ctx, VM_SUSPEND_RESET) ?
			 "vmm.ko refused\n" :
			 "continue to reset it\n");
}

static void mon_poweroff(struct gdb *gdb, const char *arg, char *out,
			 size_t len)
{
	(void)arg;
	snprintf(out, len, "%s",
		 suspend_vm(gdb->ctx, VM_SUSPEND_POWEROFF) ?
			 "vmm.ko refused\n" :
			 "");
}

static const struct {
	const char *name;
	void (*func)(struct gdb *gdb, const char *arg, char *out, size_t len);
} commands[] = {
	{ "help", mon_help },		{ "phys", mon_phys },
	{ "poweroff", mon_poweroff },	{ "reset", mon_reset },
	{ "translate", mon_translate },
};

static void run(struct gdb *gdb, char *line, char *out, size_t len)
{
	const size_t n = sizeof(commands) / sizeof(commands[0]);
	char *arg = strchr(line, ' ');

	if (arg)
		*arg++ = '\0';
	for (size_t i = 0; i < n; i++)
		if (!strcmp(line, commands[i].name)) {
			commands[i].func(gdb, arg ? arg : "", out, len);
			return;
		}
	snprintf(out, len, "no such command; \"monitor help\" lists them\n");
}

void gdb_monitor(struct gdb *gdb, const char *hex)
{
	char line[LINE_MAX_LEN + 1] = "", out[512] = "";
	size_t len = strlen(hex) / 2;

	if (len > LINE_MAX_LEN || !gdb_get_hex(&hex, line, len))
		snprintf(out, sizeof(out), "the command is too long\n");
	else
		run(gdb, line, out, sizeof(out));
	gdb_out_begin(&gdb->out);
	if (*out)
		gdb_out_hex(&gdb->out, out, strlen(out));
	else
		gdb_out_text(&gdb->out, "OK");
	gdb_out_end(&gdb->out);
}
