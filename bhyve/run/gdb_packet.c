/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/run/gdb_packet.h"

#define ESCAPE	    0x7d
#define ESCAPE_FLIP 0x20
#define CTRL_C	    0x03

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void begin(struct gdb_input *in)
{
	in->state = GDB_DATA;
	in->len = 0;
	in->sum = 0;
	in->broken = false;
}

static void keep(struct gdb_input *in, uint8_t byte)
{
	if (in->len < GDB_PACKET_MAX)
		in->packet[in->len++] = byte;
	else
		in->broken = true;
}

static enum gdb_event between_packets(struct gdb_input *in, uint8_t byte)
{
	switch (byte) {
	case '$':
		begin(in);
		return GDB_NOTHING;
	case CTRL_C:
		return GDB_INTERRUPT;
	case '-':
		return GDB_RESEND;
	default:
		return GDB_NOTHING;
	}
}

static void data(struct gdb_input *in, uint8_t byte)
{
	if (byte == '#') {
		in->state = GDB_SUM1;
		return;
	}
	if (byte == '$') { /* the previous packet never ended */
		begin(in);
		return;
	}
	in->sum += byte;
	if (byte == ESCAPE)
		in->state = GDB_ESCAPED;
	else
		keep(in, byte);
}

static enum gdb_event end(struct gdb_input *in, uint8_t byte)
{
	in->state = GDB_IDLE;
	in->packet[in->len] = '\0';
	if (digit(byte) < 0 || in->want + digit(byte) != in->sum)
		in->broken = true;
	return in->broken ? GDB_BROKEN : GDB_PACKET;
}

enum gdb_event gdb_input_byte(struct gdb_input *in, uint8_t byte)
{
	switch (in->state) {
	case GDB_DATA:
		data(in, byte);
		break;
	case GDB_ESCAPED:
		in->sum += byte;
		keep(in, byte ^ ESCAPE_FLIP);
		in->state = GDB_DATA;
		break;
	case GDB_SUM1:
		in->broken |= digit(byte) < 0;
		in->want = (digit(byte) & 0xf) << 4;
		in->state = GDB_SUM2;
		break;
	case GDB_SUM2:
		return end(in, byte);
	default:
		return between_packets(in, byte);
	}
	return GDB_NOTHING;
}

void gdb_out_begin(struct gdb_output *out)
{
	out->bytes[0] = '$';
	out->len = 1;
}

/* Room that is left, with the frame's end set aside. */
static size_t room(const struct gdb_output *out)
{
	return sizeof(out->bytes) - 4 - out->len;
}

void gdb_out_text(struct gdb_output *out, const char *format, ...)
{
	size_t left = room(out);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(out->bytes + out->len, left, format, args);
	va_end(args);
	if (n > 0 && (size_t)n < left)
		out->len += n;
}

void gdb_out_hex(struct gdb_output *out, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < len; i++)
		gdb_out_text(out, "%02x", b[i]);
}

void gdb_out_binary(struct gdb_output *out, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < len && room(out) > 2; i++) {
		uint8_t byte = b[i];

		if (byte && strchr("#$*}", byte)) {
			out->bytes[out->len++] = ESCAPE;
			byte ^= ESCAPE_FLIP;
		}
		out->bytes[out->len++] = byte;
	}
}

void gdb_out_end(struct gdb_output *out)
{
	uint8_t sum = 0;

	for (size_t i = 1; i < out->len; i++)
		sum += out->bytes[i];
	out->len += sprintf(out->bytes + out->len, "#%02x", sum);
}

bool gdb_get_char(const char **p, char c)
{
	if (**p != c || !c)
		return false;
	++*p;
	return true;
}

bool gdb_get_number(const char **p, uint64_t *val)
{
	const char *start = *p;

	*val = 0;
	for (; digit(**p) >= 0; ++*p) {
		if (*val >> 60)
			return false;
		*val = *val << 4 | digit(**p);
	}
	return *p != start;
}

bool gdb_get_hex(const char **p, void *bytes, size_t len)
{
	uint8_t *b = bytes;

	for (size_t i = 0; i < len; i++) {
		if (digit((*p)[0]) < 0 || digit((*p)[1]) < 0)
			return false;
		b[i] = digit((*p)[0]) << 4 | digit((*p)[1]);
		*p += 2;
	}
	return true;
}
