/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the gdb stub share. All of it runs on the event thread,
 * except where gdb_stop.c says otherwise.
 */
#ifndef BHYVE_GDB_IMPL_H
#define BHYVE_GDB_IMPL_H

#include "bhyve/gdb_arch.h"
#include "bhyve/run/gdb_packet.h"
#include "lib/vmmapi.h"

/* The state of the one stub and its debugger. */
struct gdb {
	struct vmctx *ctx;
	unsigned int ncpus;
	bool no_ack;   /* QStartNoAckMode was set */
	bool physical; /* addresses are guest-physical */
	bool says_why; /* the debugger understands swbreak and hwbreak */
	bool stopped;  /* all vCPUs are held, and the debugger knows it */
	/* Ctrl-C came while they were held: the next run ends at once */
	bool interrupted;
	/* the vCPU whose registers and memory are accessed (Hg) */
	unsigned int cpu;
	struct gdb_output out; /* a packet that is to be sent; len 0: none */
};

/* gdb_cmd.c: answers a packet in gdb->out. False: the debugger disconnects. */
bool gdb_command(struct gdb *gdb, const char *packet, size_t len);

/* gdb_query.c: answers a packet that begins with q or Q. */
void gdb_query(struct gdb *gdb, const char *packet);

/*
 * gdb_monitor.c: carries out the user's "monitor" command, given as hexadecimal
 * text.
 */
void gdb_monitor(struct gdb *gdb, const char *hex);

/*
 * gdb_mem.c: accesses memory as vCPU gdb->cpu sees it; returns the number of
 * bytes done of @len. A write ignores read-only permissions of the guest's
 * tables, and its CPUs execute what was written.
 */
size_t gdb_read_mem(struct gdb *gdb, uint64_t addr, void *to, size_t len);

/* gdb_mem.c: a gdb_read_fn. */
bool gdb_fetch(struct vcpu *vcpu, uint64_t gla, void *to, size_t len);
size_t gdb_write_mem(struct gdb *gdb, uint64_t addr, const void *from,
		     size_t len);

/*
 * gdb_break.c: Z and z packets, by their type 0 to 4. 0; -ENOSPC: the hardware
 * has no more; -EINVAL; -ENOENT: there is none to remove.
 */
int gdb_break_add(unsigned int type, uint64_t addr, uint64_t kind);
int gdb_break_remove(unsigned int type, uint64_t addr, uint64_t kind);
void gdb_break_clear(void);

/*
 * Puts the points into the vCPUs' registers, and those that do not fit into
 * memory.
 */
void gdb_break_insert(struct gdb *gdb);
/* Removes breakpoints from memory. */
void gdb_break_withdraw(struct gdb *gdb);
/*
 * The registers of vCPUs that do not step, as gdb_break_insert() has chosen
 * them.
 */
const struct vm_debug_args *gdb_break_points(void);

enum gdb_why {
	GDB_NO_BREAK,
	GDB_SOFTWARE,
	GDB_HARDWARE
};
enum gdb_why gdb_break_at(uint64_t pc);
/*
 * For the watchpoint that an access to @gla hit: the name of its field in a
 * stop reply, and in *@addr the address that it was set at. NULL: there is
 * none.
 */
const char *gdb_watch_at(uint64_t gla, uint64_t *addr);

/*
 * gdb_stop.c: runs and stops vCPUs. gdb_resume() does what @actions says for
 * each vCPU: 'c', 's', or 0 to keep it held. If the run ends before it begins,
 * the stop reply is in gdb->out. gdb_interrupt() is Ctrl-C: it stops all, or
 * the next run if they are held.
 */
int gdb_stop_init(struct gdb *gdb);
void gdb_resume(struct gdb *gdb, const char actions[VM_MAXCPU]);
void gdb_interrupt(struct gdb *gdb);
/*
 * gdb_attach() holds all vCPUs for a debugger that has connected; gdb_detach()
 * lets them run.
 */
void gdb_attach(struct gdb *gdb);
void gdb_detach(struct gdb *gdb);
/* Reports again why the vCPUs are held, for a "?" packet. */
void gdb_stop_reply(struct gdb *gdb);

/* gdb.c: sends gdb->out. */
void gdb_send(struct gdb *gdb);

#endif /* BHYVE_GDB_IMPL_H */
