/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines as the kernel's trace_pipe has them, and the timeline out of them, which is
 * in the format that chrome://tracing documents: "X" for what lasts, in microseconds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "bhyvectl/timeline.h"

#define VM	2000000000 /* no process has that number */
#define LINE(t) "          vcpu 0-2000000001 [001] d....    " t

static char *text;
static size_t len;

static void lines(const char *const *line)
{
	FILE *out = open_memstream(&text, &len);

	timeline_begin(out, "vm", VM);
	for (; *line; line++)
		timeline_line(*line);
	timeline_end();
	fclose(out);
}

/* An exit and what it costs, its MMIO, its return to user space, and the next. */
static void a_life(void **state)
{
	static const char *const life[] = {
		LINE("15.000100: vmm_entry: vm=2000000000 vcpu=0 pc=0x1000"),
		LINE("15.000150: vmm_exit: vm=2000000000 vcpu=0 exit=trap"
		     " hsr=0x93820006 pc=0x1000"),
		LINE("15.000160: vmm_mmio: vm=2000000000 vcpu=0 store"
		     " gpa=0x9000000 pc=0x1000"),
		LINE("15.000170: vmm_user: vm=2000000000 vcpu=0 ret=0 code=1"),
		LINE("15.000200: vmm_entry: vm=2000000000 vcpu=0 pc=0x1004"),
		LINE("15.000201: vmm_exit: vm=2000000000 vcpu=0 exit=irq"
		     " hsr=0x0 pc=0x1008"),
		LINE("15.000202: vmm_entry: vm=2000000000 vcpu=0 pc=0x1008"),
		/* WFI (DDI 0406C, HSR: EC 1, ISS[0] 0). */
		LINE("15.000203: vmm_exit: vm=2000000000 vcpu=0 exit=trap"
		     " hsr=0x6000000 pc=0x1008"),
		LINE("15.000204: vmm_block: vm=2000000000 vcpu=0"),
		LINE("15.000304: vmm_unblock: vm=2000000000 vcpu=0"),
		LINE("15.000305: vmm_inject: vm=2000000000 vcpu=-1 intid=33"
		     " level=1"),
		/* Others' and none. */
		LINE("15.000306: vmm_entry: vm=7 vcpu=0 pc=0x1000"),
		"CPU:1 [LOST 12 EVENTS]",
		" : vmm_entry: vm=-2000000001 [001] d....    15.000307:"
		" vmm_other: vm=2000000000 vcpu=0",
		"",
		"# tracer: nop",
		LINE("15.000308: vmm_exit: vm=2000000000 vcpu=99 exit=irq "),
		NULL,
	};

	(void)state;
	lines(life);
	assert_int_equal(timeline_count(VM_STAT_ENTRIES), 3);
	assert_int_equal(timeline_count(VM_STAT_IRQ), 1);
	assert_int_equal(timeline_count(VM_STAT_MMIO), 1);
	assert_int_equal(timeline_count(VM_STAT_USER), 1);
	assert_int_equal(timeline_count(VM_STAT_WFI), 1);
	assert_int_equal(timeline_count(VM_STAT_BLOCKED), 1);
	assert_int_equal(timeline_count(VM_STAT_HVC), 0);
	assert_int_equal(timeline_count(VM_STAT_FAULT), -1);
	assert_int_equal(timeline_lost(), 12);
	assert_non_null(strstr(text, "\"name\":\"guest\",\"pid\":1,\"tid\":1,"
				     "\"ts\":15000100,\"dur\":50}"));
	assert_non_null(strstr(text, "\"name\":\"store 0x9000000\",\"pid\":1,"
				     "\"tid\":1,\"ts\":15000150,\"dur\":50}"));
	assert_non_null(strstr(text, "\"name\":\"bhyve\",\"pid\":1,\"tid\":1,"
				     "\"ts\":15000170,\"dur\":30}"));
	assert_non_null(strstr(text, "\"name\":\"waits\",\"pid\":1,\"tid\":1,"
				     "\"ts\":15000204,\"dur\":100}"));
	assert_non_null(strstr(text, "\"name\":\"INTID 33 up\""));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_life) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
