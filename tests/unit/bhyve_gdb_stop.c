/* SPDX-License-Identifier: BSD-2-Clause */
/* Which stop replies the debugger gets, by gdb's manual, appendix E. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "bhyve/base/mevent.h"
#include "bhyve/run/gdb_impl.h"
#include "bhyve/run/vmexit.h"

static uint32_t let_go; /* vCPUs that run */
static unsigned int sent;
static bool leads_to_itself; /* the instruction at which a vCPU stands */

/* What gdb_stop.c uses of the rest of bhyve. */
void vcpus_on_breakpoint(breakpoint_func_t func)
{
	(void)func;
}

bool vcpus_hold(struct vmctx *ctx)
{
	(void)ctx;
	let_go = 0;
	return true;
}

void vcpus_let_go(struct vmctx *ctx, uint32_t mask)
{
	(void)ctx;
	let_go = mask;
}

struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id)
{
	(void)ctx, (void)id;
	return NULL;
}

unsigned int vcpu_id(const struct vcpu *vcpu)
{
	(void)vcpu;
	return 0;
}

int vm_set_debug(struct vcpu *vcpu, const struct vm_debug_args *args)
{
	(void)vcpu, (void)args;
	return 0;
}

uint64_t gdb_arch_pc(struct vcpu *vcpu)
{
	(void)vcpu;
	return 0;
}

bool gdb_arch_reflect(struct vcpu *vcpu, gdb_read_fn *read)
{
	(void)vcpu, (void)read;
	return false;
}

int gdb_arch_step_begin(struct vcpu *vcpu, struct gdb_step *step,
			struct vm_debug_args *args, gdb_read_fn *read)
{
	(void)vcpu, (void)args, (void)read;
	*step = (struct gdb_step){ .done_already = leads_to_itself };
	return 0;
}

void gdb_arch_step_end(struct vcpu *vcpu, const struct gdb_step *step)
{
	(void)vcpu, (void)step;
}

void gdb_break_clear(void)
{
}

void gdb_break_insert(struct gdb *gdb)
{
	(void)gdb;
}

void gdb_break_withdraw(struct gdb *gdb)
{
	(void)gdb;
}

const struct vm_debug_args *gdb_break_points(void)
{
	static const struct vm_debug_args none;

	return &none;
}

enum gdb_why gdb_break_at(uint64_t pc)
{
	(void)pc;
	return GDB_NO_BREAK;
}

const char *gdb_watch_at(uint64_t gla, uint64_t *addr)
{
	(void)gla, (void)addr;
	return NULL;
}

bool gdb_fetch(struct vcpu *vcpu, uint64_t gla, void *to, size_t len)
{
	(void)vcpu, (void)gla, (void)to, (void)len;
	return false;
}

void gdb_send(struct gdb *gdb)
{
	(void)gdb;
	sent++;
}

struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg)
{
	(void)fd, (void)type, (void)func, (void)arg;
	return NULL;
}

static struct gdb *attach(void)
{
	struct gdb *gdb = calloc(1, sizeof(*gdb));

	gdb->ncpus = 2;
	leads_to_itself = false;
	sent = 0;
	gdb_attach(gdb);
	assert_true(gdb->stopped);
	return gdb;
}

/* Lets the debugger say 'c' or 's' for both vCPUs. */
static void resume(struct gdb *gdb, char action)
{
	char actions[VM_MAXCPU];

	memset(actions, action, sizeof(actions));
	gdb->out.len = 0;
	gdb_resume(gdb, actions);
}

static void has_reply(const struct gdb *gdb, const char *words)
{
	assert_true(gdb->out.len > 1);
	assert_memory_equal(gdb->out.bytes + 1, words, strlen(words));
}

static void interrupt(void **state)
{
	struct gdb *gdb = attach();

	(void)state;
	resume(gdb, 'c');
	assert_int_equal(let_go, 3);
	assert_int_equal(gdb->out.len, 0);
	gdb_interrupt(gdb);
	assert_int_equal(let_go, 0);
	assert_int_equal(sent, 1);
	has_reply(gdb, "T02");
	resume(gdb, 'c');
	assert_int_equal(let_go, 3);
	free(gdb);
}

/*
 * "Interrupts received while the program is stopped are queued and the program
 * will be interrupted when it is resumed next time": once.
 */
static void interrupt_while_stopped(void **state)
{
	struct gdb *gdb = attach();

	(void)state;
	gdb_interrupt(gdb);
	assert_int_equal(sent, 0);
	resume(gdb, 'c');
	assert_int_equal(let_go, 0);
	assert_true(gdb->stopped);
	has_reply(gdb, "T02");
	resume(gdb, 'c');
	assert_int_equal(let_go, 3);
	assert_int_equal(gdb->out.len, 0);
	free(gdb);
}

/* The next debugger does not get the Ctrl-C of the last one. */
static void interrupt_of_another(void **state)
{
	struct gdb *gdb = attach();

	(void)state;
	gdb_interrupt(gdb);
	gdb_detach(gdb);
	gdb_attach(gdb);
	resume(gdb, 'c');
	assert_int_equal(let_go, 3);
	gdb_detach(gdb);
	free(gdb);
}

/* gdb.c sends what a packet leaves in gdb->out: the reply is sent once. */
static void step_that_is_done(void **state)
{
	struct gdb *gdb = attach();

	(void)state;
	leads_to_itself = true;
	resume(gdb, 's');
	assert_int_equal(let_go, 0);
	assert_true(gdb->stopped);
	has_reply(gdb, "T05");
	assert_int_equal(sent, 0);
	free(gdb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupt),
		cmocka_unit_test(interrupt_while_stopped),
		cmocka_unit_test(interrupt_of_another),
		cmocka_unit_test(step_that_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
