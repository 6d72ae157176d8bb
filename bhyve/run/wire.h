/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket between two bhyves: sections go one way, and lines of text the other.
 * Nothing here blocks but wire_wait(), whatever flags the socket has.
 */
#ifndef BHYVE_WIRE_H
#define BHYVE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_LINE_LEN 320

struct wire {
	int fd;
	const uint8_t *out; /* what is to be sent; the caller's */
	size_t left;	    /* bytes of it that are still to be sent */
	char line[WIRE_LINE_LEN];
	size_t len;
};

/* Sends what it can. 0: all is sent; -EAGAIN: not yet; another negative errno. */
int wire_flush(struct wire *wire);

/*
 * The other side's line, without its newline, in wire->line. 0; -EAGAIN: it has not
 * come yet; -EPIPE: the other side has gone; -EPROTO: that is no line; another
 * negative errno.
 */
int wire_line(struct wire *wire);

/* Sends a line, unless the other side does not read. */
void wire_say(int fd, const char *line);

/*
 * Waits until @fd is ready for @events, those of poll(2). 0; -ETIMEDOUT after @ms
 * milliseconds; -ECANCELED: the client @client_fd (-1: none) has gone.
 */
int wire_wait(int fd, short events, int client_fd, int ms);

#endif /* BHYVE_WIRE_H */
