/* SPDX-License-Identifier: BSD-2-Clause */
/* The control socket, on which a running bhyve answers bhyvectl. */
#ifndef BHYVE_CONTROL_H
#define BHYVE_CONTROL_H

#include <json-c/json.h>
#include <stdbool.h>
#include "lib/ctl_path.h"

struct precopy_report;
struct vmctx;

/*
 * Listens on the VM's socket (lib/ctl_path.h). If a process answers there
 * already, the VM exists: prints that and exits. If there is no place for a
 * socket, the VM runs without one. After mevent_init(), before the VM is made.
 */
void control_listen(const char *name);

/* Starts to answer requests. 0 or a negative errno. */
int control_init(struct vmctx *ctx, unsigned int ncpus);

/* Sets the VM that the answers are about. */
void control_set_vm(struct vmctx *ctx, unsigned int ncpus);

/*
 * Answers a request: returns a line of JSON, to be freed, or NULL: out of
 * memory. @line is what the client sent, without the newline; it may contain
 * any bytes. @file is the descriptor that came with it, or -1; it
 * stays the caller's.
 */
char *control_answer(const char *line, int file);

/*
 * What "migrate" and "checkpoint" answer in the end: as control_answer(); @error is NULL
 * if it is done.
 */
char *control_copied(const char *error, const struct precopy_report *report);

/*
 * Carries out a command about one device, and adds what it found out to @reply;
 * *why: NULL, or why it failed. False: @line is no such command.
 */
bool control_device(const char *line, struct json_object *reply,
		    const char **why);

/*
 * Carries out "attach" or "detach", with @file as in control_answer(); *why: NULL, or why
 * it failed, valid until the next call. False: @line is no such command.
 */
bool control_slot(struct vmctx *ctx, const char *line, int file,
		  const char **why);

/* Adds to "stats" what is known about the balloon, if there is one. */
void control_add_balloon(struct json_object *reply);

#endif /* BHYVE_CONTROL_H */
