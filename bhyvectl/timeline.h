/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timeline out of vmm.ko's trace events: JSON in the trace event format, which
 * Perfetto and chrome://tracing open, and sums.
 */
#ifndef BHYVECTL_TIMELINE_H
#define BHYVECTL_TIMELINE_H

#include <stdint.h>
#include <stdio.h>
#include <vmm/vmm_stat.h>

/* Begins the JSON in @out for the VM @name of the process @pid. */
void timeline_begin(FILE *out, const char *name, int pid);

/*
 * Takes one line of trace_pipe, without its newline. What is not of this VM, or no
 * event, changes nothing.
 */
void timeline_line(const char *line);

/* Ends the JSON. */
void timeline_end(void);

/* How many events there were for a counter; -1: no event stands for it. */
int64_t timeline_count(enum vm_stat stat);
/* Events the kernel had no room for. */
uint64_t timeline_lost(void);
/* Prints a line for each class of exits: how many, and how long they took. */
void timeline_print_classes(FILE *out);

#endif /* BHYVECTL_TIMELINE_H */
