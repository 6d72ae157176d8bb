/* SPDX-License-Identifier: BSD-2-Clause */
/* The control socket: what bhyvectl asks of a running bhyve. */
#ifndef BHYVE_CONTROL_H
#define BHYVE_CONTROL_H

struct vmctx;

/*
 * Listens on the VM's socket (lib/ctl_path.h). One of that name answering
 * there already means that the VM exists: says so and exits. Where there is
 * no place for a socket the VM runs without. After mevent_init(), before the
 * VM is made.
 */
void control_listen(const char *name);

/* Serves it from now on. Negative errno. */
int control_init(struct vmctx *ctx, unsigned int ncpus);

#define CONTROL_MAXLINE	64 /* of a request, newline included */

/* Which VM the answers below are about. */
void control_set_vm(struct vmctx *ctx, unsigned int ncpus);

/*
 * The answer to one request, a line of JSON to be freed; NULL: out of memory.
 * @line is what the client sent, without the newline; any bytes.
 */
char *control_answer(const char *line);

#endif /* BHYVE_CONTROL_H */
