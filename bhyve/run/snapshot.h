/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saves the machine as a snapshot, and loads it from one; see docs/snapshot.md. All
 * functions are called on the event thread.
 */
#ifndef BHYVE_SNAPSHOT_H
#define BHYVE_SNAPSHOT_H

#include <stdint.h>
#include "lib/snapshot.h"

struct machine;
struct vmctx;

#define SNAPSHOT_ERROR_LEN 256

/*
 * Remembers the machine, and adds its vCPUs and interrupt controller to the
 * devices. At start-up, after all devices. 0 or a negative errno.
 */
int snapshot_init(struct vmctx *ctx, const struct machine *machine,
		  unsigned int ncpus, uint64_t ram_size);

/*
 * Truncates the regular file @fd and writes the machine into it. The vCPUs must be
 * paused; @count is the guest's counter. 0; -1: @error says what cannot be saved.
 */
int snapshot_save(int fd, uint64_t count, char error[SNAPSHOT_ERROR_LEN]);

/*
 * Adds *@memory and the end to the sections of *@w, and writes them into the file @fd.
 * The same errors.
 */
int snapshot_put_file(struct snapshot_writer *w, int fd,
		      const struct snapshot_memory *memory,
		      char error[SNAPSHOT_ERROR_LEN]);

/* Adds all sections but that of memory to *@w; the same errors. */
int snapshot_collect(struct snapshot_writer *w, uint64_t count,
		     char error[SNAPSHOT_ERROR_LEN]);

/*
 * Adds what can be compared before anything is copied: "machine" without its times,
 * "parts", the names of all sections that there will be, and these sections as they are
 * now. The vCPUs must be paused. 0; -1: @error says what cannot be saved.
 */
int snapshot_put_plan(struct snapshot_writer *w,
		      char error[SNAPSHOT_ERROR_LEN]);

/*
 * Compares a section of the plan with this machine, which stays as it is. 0; 1: it was
 * the last one; -1: @error names what differs.
 */
int snapshot_compare(const struct section *section,
		     char error[SNAPSHOT_ERROR_LEN]);

/*
 * Gives what a section holds to its part of the machine. 0, or -1 with @error
 * naming the section.
 */
int snapshot_load(const struct section *section,
		  char error[SNAPSHOT_ERROR_LEN]);

/* Whether every part of the machine was loaded; else @error names one. */
int snapshot_complete(char error[SNAPSHOT_ERROR_LEN]);

#endif /* BHYVE_SNAPSHOT_H */
