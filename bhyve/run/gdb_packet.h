/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lowest layer of gdb's remote serial protocol: takes packets out of a
 * stream of bytes, and makes packets. The other end may send anything.
 */
#ifndef BHYVE_GDB_PACKET_H
#define BHYVE_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest packet that is accepted and, roughly, sent, without its frame. */
#define GDB_PACKET_MAX 0x4000

enum gdb_event {
	GDB_NOTHING,   /* no packet yet, or an acknowledgement */
	GDB_PACKET,    /* packet[] has a packet, NUL-terminated */
	GDB_BROKEN,    /* wrong checksum, or too long */
	GDB_INTERRUPT, /* Ctrl-C */
	GDB_RESEND,    /* the other end could not read our last packet */
};

struct gdb_input {
	enum {
		GDB_IDLE,
		GDB_DATA,
		GDB_ESCAPED,
		GDB_SUM1,
		GDB_SUM2
	} state;
	char packet[GDB_PACKET_MAX + 1]; /* with escapes removed */
	size_t len;
	uint8_t sum, want;
	bool broken;
};

/* Processes one byte of the stream. */
enum gdb_event gdb_input_byte(struct gdb_input *in, uint8_t byte);

/*
 * A packet that is being made: gdb_out_begin(), its contents, gdb_out_end().
 * What does not fit is left out.
 */
struct gdb_output {
	char bytes[2 * GDB_PACKET_MAX + 8];
	size_t len;
};

void gdb_out_begin(struct gdb_output *out);
void gdb_out_text(struct gdb_output *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Appends two hexadecimal digits for each byte. */
void gdb_out_hex(struct gdb_output *out, const void *bytes, size_t len);
/* Appends the bytes as they are, escaped where needed. */
void gdb_out_binary(struct gdb_output *out, const void *bytes, size_t len);
void gdb_out_end(struct gdb_output *out);

/*
 * Parse a part of a packet: they read at *p, move it past the part, and return
 * false if the part is not there. A number is hexadecimal and has at most 64
 * bits; hex bytes are exactly @len.
 */
bool gdb_get_char(const char **p, char c);
bool gdb_get_number(const char **p, uint64_t *val);
bool gdb_get_hex(const char **p, void *bytes, size_t len);

#endif /* BHYVE_GDB_PACKET_H */
