/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers the packets of gdb's remote serial protocol (gdb's manual, appendix
 * E). An unknown packet gets an empty answer, as the protocol demands.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/run/gdb_impl.h"
#include "bhyve/run/vmexit.h"

#define MEM_MAX \
	(GDB_PACKET_MAX / 4) /* most bytes in the answer to an m packet */

/* Errors in E packets: numbers of gdb's File-I/O. */
#define E_FAULT "E0e"
#define E_INVAL "E16"

static void answer(struct gdb *gdb, const char *text)
{
	gdb_out_begin(&gdb->out);
	gdb_out_text(&gdb->out, "%s", text);
	gdb_out_end(&gdb->out);
}

static void result(struct gdb *gdb, int ret)
{
	answer(gdb, !ret ? "OK" : ret == -ENOSPC ? "E1c" : E_INVAL);
}

static struct vcpu *current(const struct gdb *gdb)
{
	return vm_get_vcpu(gdb->ctx, gdb->cpu);
}

/* Threads are vCPUs, numbered from 1. -1 means all and 0 any; both set *all. */
static bool get_thread(const struct gdb *gdb, const char **p, bool *all,
		       unsigned int *cpu)
{
	uint64_t n;

	*all = gdb_get_char(p, '-');
	if (!gdb_get_number(p, &n))
		return false;
	*cpu = n ? n - 1 : 0;
	if (*all || !n) {
		*all = true;
		return true;
	}
	return n <= gdb->ncpus;
}

static void cmd_registers(struct gdb *gdb, const char *p)
{
	uint8_t bytes[GDB_REG_BYTES];

	(void)p;
	gdb_out_begin(&gdb->out);
	for (unsigned int i = 0; i < gdb_arch_g_registers(); i++) {
		int size = gdb_arch_get_reg(current(gdb), i, bytes);

		if (size > 0)
			gdb_out_hex(&gdb->out, bytes, size);
		for (int n = gdb_arch_reg_size(i); size < 0 && n > 0; n--)
			gdb_out_text(&gdb->out, "xx");
	}
	gdb_out_end(&gdb->out);
}

static void cmd_set_registers(struct gdb *gdb, const char *p)
{
	uint8_t bytes[GDB_REG_BYTES];
	int ret = 0;

	for (unsigned int i = 0; i < gdb_arch_g_registers() && *p && !ret;
	     i++) {
		if (!gdb_get_hex(&p, bytes, gdb_arch_reg_size(i)))
			ret = -EINVAL;
		else
			ret = gdb_arch_set_reg(current(gdb), i, bytes);
	}
	result(gdb, ret);
}

static void cmd_register(struct gdb *gdb, const char *p)
{
	uint8_t bytes[GDB_REG_BYTES];
	uint64_t number;
	int index = -EINVAL, size;

	if (gdb_get_number(&p, &number))
		index = gdb_arch_reg_index(number);
	size = index < 0 ? index : gdb_arch_get_reg(current(gdb), index, bytes);
	if (size < 0) {
		answer(gdb, E_INVAL);
		return;
	}
	gdb_out_begin(&gdb->out);
	gdb_out_hex(&gdb->out, bytes, size);
	gdb_out_end(&gdb->out);
}

static void cmd_set_register(struct gdb *gdb, const char *p)
{
	uint8_t bytes[GDB_REG_BYTES];
	uint64_t number;
	int index = -EINVAL;

	if (gdb_get_number(&p, &number) && gdb_get_char(&p, '='))
		index = gdb_arch_reg_index(number);
	if (index >= 0 && !gdb_get_hex(&p, bytes, gdb_arch_reg_size(index)))
		index = -EINVAL;
	result(gdb, index < 0 ? index :
				gdb_arch_set_reg(current(gdb), index, bytes));
}

static bool get_range(const char **p, uint64_t *addr, uint64_t *len)
{
	return gdb_get_number(p, addr) && gdb_get_char(p, ',') &&
	       gdb_get_number(p, len);
}

static void cmd_read(struct gdb *gdb, const char *p)
{
	static uint8_t bytes[MEM_MAX];
	uint64_t addr, len;
	size_t n;

	if (!get_range(&p, &addr, &len)) {
		answer(gdb, E_INVAL);
		return;
	}
	n = gdb_read_mem(gdb, addr, bytes, len < MEM_MAX ? len : MEM_MAX);
	if (!n && len) {
		answer(gdb, E_FAULT);
		return;
	}
	gdb_out_begin(&gdb->out);
	gdb_out_hex(&gdb->out, bytes, n);
	gdb_out_end(&gdb->out);
}

static void write_bytes(struct gdb *gdb, uint64_t addr, const void *bytes,
			size_t len)
{
	answer(gdb,
	       gdb_write_mem(gdb, addr, bytes, len) == len ? "OK" : E_FAULT);
}

static void cmd_write(struct gdb *gdb, const char *p)
{
	static uint8_t bytes[GDB_PACKET_MAX / 2];
	uint64_t addr, len;

	if (get_range(&p, &addr, &len) && gdb_get_char(&p, ':') &&
	    len <= sizeof(bytes) && gdb_get_hex(&p, bytes, len))
		write_bytes(gdb, addr, bytes, len);
	else
		answer(gdb, E_INVAL);
}

static void cmd_write_binary(struct gdb *gdb, const char *packet, size_t size)
{
	const char *p = packet + 1;
	uint64_t addr, len;

	if (get_range(&p, &addr, &len) && gdb_get_char(&p, ':') &&
	    len == size - (p - packet))
		write_bytes(gdb, addr, p, len);
	else
		answer(gdb, E_INVAL);
}

static void cmd_point(struct gdb *gdb, const char *p, bool add)
{
	uint64_t type, addr, kind;
	int ret;

	if (!gdb_get_number(&p, &type) || !gdb_get_char(&p, ',') ||
	    !get_range(&p, &addr, &kind) || type > 4) {
		answer(gdb, type > 4 ? "" : E_INVAL);
		return;
	}
	ret = add ? gdb_break_add(type, addr, kind) :
		    gdb_break_remove(type, addr, kind);
	result(gdb, ret);
}

static void cmd_insert(struct gdb *gdb, const char *p)
{
	cmd_point(gdb, p, true);
}

static void cmd_remove(struct gdb *gdb, const char *p)
{
	cmd_point(gdb, p, false);
}

static void cmd_thread(struct gdb *gdb, const char *p)
{
	bool all, for_registers = *p == 'g';
	unsigned int cpu;

	if ((*p != 'g' && *p != 'c') ||
	    (p++, !get_thread(gdb, &p, &all, &cpu))) {
		answer(gdb, E_INVAL);
		return;
	}
	if (for_registers && !all)
		gdb->cpu = cpu;
	answer(gdb, "OK");
}

static void cmd_alive(struct gdb *gdb, const char *p)
{
	bool all;
	unsigned int cpu;

	answer(gdb, get_thread(gdb, &p, &all, &cpu) && !all ? "OK" : E_INVAL);
}

static void cmd_why(struct gdb *gdb, const char *p)
{
	(void)p;
	gdb_stop_reply(gdb);
}

/* c and s, and C and S with a signal, which is ignored: [sig;][addr]. */
static void resume_all(struct gdb *gdb, const char *p, char action)
{
	char actions[VM_MAXCPU];
	uint64_t pc;

	if (gdb_get_number(&p, &pc))
		gdb_arch_set_pc(current(gdb), pc);
	memset(actions, 'c', sizeof(actions));
	actions[gdb->cpu] = action;
	gdb_resume(gdb, actions);
}

static void cmd_continue(struct gdb *gdb, const char *p)
{
	resume_all(gdb, p, 'c');
}

static void cmd_step(struct gdb *gdb, const char *p)
{
	resume_all(gdb, p, 's');
}

static void cmd_continue_signal(struct gdb *gdb, const char *p)
{
	p = strchr(p, ';');
	resume_all(gdb, p ? p + 1 : "", 'c');
}

static void cmd_step_signal(struct gdb *gdb, const char *p)
{
	p = strchr(p, ';');
	resume_all(gdb, p ? p + 1 : "", 's');
}

/*
 * One ";action[:thread]" of a vCont packet. For each vCPU the first that
 * matches is used.
 */
static bool one_action(struct gdb *gdb, const char **p, char actions[VM_MAXCPU])
{
	unsigned int cpu = 0;
	uint64_t sig;
	bool all = true;
	char action;

	if (!gdb_get_char(p, ';') || !**p || !strchr("cCsS", **p))
		return false;
	action = **p | 0x20;
	if ((*(*p)++ & 0x20) == 0 && !gdb_get_number(p, &sig))
		return false;
	if (gdb_get_char(p, ':') && !get_thread(gdb, p, &all, &cpu))
		return false;
	for (unsigned int i = 0; i < gdb->ncpus; i++)
		if ((all || i == cpu) && !actions[i])
			actions[i] = action;
	return true;
}

static void cmd_vcont(struct gdb *gdb, const char *p)
{
	char actions[VM_MAXCPU] = { 0 };

	if (!*p) {
		answer(gdb, E_INVAL);
		return;
	}
	while (*p)
		if (!one_action(gdb, &p, actions)) {
			answer(gdb, E_INVAL);
			return;
		}
	gdb_resume(gdb, actions);
}

static void cmd_v(struct gdb *gdb, const char *p)
{
	if (!strcmp(p, "Cont?"))
		answer(gdb, "vCont;c;C;s;S");
	else if (!strncmp(p, "Cont", 4))
		cmd_vcont(gdb, p + 4);
	else
		answer(gdb, "");
}

static const struct {
	char letter;
	void (*func)(struct gdb *gdb, const char *p);
} commands[] = {
	{ '?', cmd_why },
	{ 'c', cmd_continue },
	{ 'C', cmd_continue_signal },
	{ 'g', cmd_registers },
	{ 'G', cmd_set_registers },
	{ 'H', cmd_thread },
	{ 'm', cmd_read },
	{ 'M', cmd_write },
	{ 'p', cmd_register },
	{ 'P', cmd_set_register },
	{ 's', cmd_step },
	{ 'S', cmd_step_signal },
	{ 'T', cmd_alive },
	{ 'v', cmd_v },
	{ 'z', cmd_remove },
	{ 'Z', cmd_insert },
};

static void dispatch(struct gdb *gdb, const char *packet)
{
	const size_t n = sizeof(commands) / sizeof(commands[0]);

	for (size_t i = 0; i < n; i++)
		if (commands[i].letter == *packet) {
			commands[i].func(gdb, packet + 1);
			return;
		}
	answer(gdb, "");
}

bool gdb_command(struct gdb *gdb, const char *packet, size_t len)
{
	gdb->out.len = 0;
	/* In all-stop mode nothing can be asked while the guest runs. */
	if (!gdb->stopped) {
		answer(gdb, "E10");
		return true;
	}
	switch (*packet) {
	case 'D':
		answer(gdb, "OK");
		return false;
	case 'k':
		suspend_vm(gdb->ctx, VM_SUSPEND_POWEROFF);
		return false;
	case 'q':
	case 'Q':
		gdb_query(gdb, packet);
		return true;
	case 'X':
		cmd_write_binary(gdb, packet, len);
		return true;
	}
	dispatch(gdb, packet);
	return true;
}
