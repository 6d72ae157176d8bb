/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gdb's remote serial protocol, its lowest layer: packets out of a stream of
 * bytes, and into one. The other end may send anything.
 */
#ifndef BHYVE_GDB_PACKET_H
#define BHYVE_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest packet taken and, roughly, sent, without its frame. */
#define GDB_PACKET_MAX 0x4000

enum gdb_event {
	GDB_NOTHING,   /* more bytes are needed, or it was an acknowledgement */
	GDB_PACKET,    /* packet[] holds one, NUL-terminated */
	GDB_BROKEN,    /* its checksum is wrong, or it is too long */
	GDB_INTERRUPT, /* Ctrl-C */
	GDB_RESEND,    /* the other end could not read the last packet */
};

struct gdb_input {
	enum { GDB_IDLE, GDB_DATA, GDB_ESCAPED, GDB_SUM1, GDB_SUM2 } state;
	char packet[GDB_PACKET_MAX + 1]; /* escapes undone */
	size_t len;
	uint8_t sum, want;
	bool broken;
};

/* One byte of the stream. */
enum gdb_event gdb_input_byte(struct gdb_input *in, uint8_t byte);

/*
 * A packet being made: gdb_out_begin(), what it holds, gdb_out_end(). What has no
 * room is left out.
 */
struct gdb_output {
	char bytes[2 * GDB_PACKET_MAX + 8];
	size_t len;
};

void gdb_out_begin(struct gdb_output *out);
void gdb_out_text(struct gdb_output *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Two hexadecimal digits a byte. */
void gdb_out_hex(struct gdb_output *out, const void *bytes, size_t len);
/* As they are, escaped where the protocol needs it. */
void gdb_out_binary(struct gdb_output *out, const void *bytes, size_t len);
void gdb_out_end(struct gdb_output *out);

/*
 * Parts of a packet: each reads at *p, goes past it and returns false where it
 * is not there. A number is hexadecimal and at most 64 bits; hex bytes are
 * exactly @len.
 */
bool gdb_get_char(const char **p, char c);
bool gdb_get_number(const char **p, uint64_t *val);
bool gdb_get_hex(const char **p, void *bytes, size_t len);

#endif /* BHYVE_GDB_PACKET_H */
