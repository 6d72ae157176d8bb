/* SPDX-License-Identifier: BSD-2-Clause */
/* ps(1) shows the memory in which the arguments were: proc(5), cmdline. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include "bhyve/base/title.h"

static char *start;
static size_t room;
static const char *vm_name;

static void show(const char *program)
{
	char title[128];
	size_t len;

	len = snprintf(title, sizeof(title), "%s: %s", program, vm_name);
	if (len >= room)
		return;
	memset(start, 0, room);
	memcpy(start, title, len);
	/* Without the right to do this, ps(1) shows blanks behind the title. */
	prctl(PR_SET_MM, PR_SET_MM_ARG_END, start + len + 1, 0, 0);
}

void set_process_title(int argc, char *argv[], const char *name)
{
	start = argv[0];
	room = argv[argc - 1] + strlen(argv[argc - 1]) + 1 - start;
	vm_name = name;
	show("bhyve");
}

void set_child_title(const char *program)
{
	prctl(PR_SET_NAME, program, 0, 0, 0);
	show(program);
}
