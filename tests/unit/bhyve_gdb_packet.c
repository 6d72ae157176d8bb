/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets of gdb's protocol, by its manual's appendix E. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bhyve/run/gdb_packet.h"

static enum gdb_event feed(struct gdb_input *in, const void *bytes, size_t len)
{
	enum gdb_event last = GDB_NOTHING;

	for (size_t i = 0; i < len; i++)
		last = gdb_input_byte(in, ((const uint8_t *)bytes)[i]);
	return last;
}

static enum gdb_event feed_text(struct gdb_input *in, const char *text)
{
	return feed(in, text, strlen(text));
}

static struct gdb_input *new_input(void)
{
	return calloc(1, sizeof(struct gdb_input));
}

static void packets(void **state)
{
	struct gdb_input *in = new_input();

	(void)state;
	assert_int_equal(feed_text(in, "+$g#67"), GDB_PACKET);
	assert_string_equal(in->packet, "g");
	assert_int_equal(feed_text(in, "noise$m8000,4#95"), GDB_PACKET);
	assert_string_equal(in->packet, "m8000,4");
	assert_int_equal(feed_text(in, "$#00"), GDB_PACKET);
	assert_int_equal(in->len, 0);
	free(in);
}

static void other_bytes(void **state)
{
	struct gdb_input *in = new_input();

	(void)state;
	assert_int_equal(feed_text(in, "\x03"), GDB_INTERRUPT);
	assert_int_equal(feed_text(in, "-"), GDB_RESEND);
	assert_int_equal(feed_text(in, "+"), GDB_NOTHING);
	free(in);
}

static void escapes(void **state)
{
	struct gdb_input *in = new_input();
	/* 0x03, '#' and '}' in a packet are data. */
	const char bytes[] = "$X\x03}\x03}]#b5";

	(void)state;
	assert_int_equal(feed(in, bytes, sizeof(bytes) - 1), GDB_PACKET);
	assert_int_equal(in->len, 4);
	assert_memory_equal(in->packet, "X\x03#}", 4);
	free(in);
}

static void broken(void **state)
{
	struct gdb_input *in = new_input();

	(void)state;
	assert_int_equal(feed_text(in, "$g#68"), GDB_BROKEN);
	assert_int_equal(feed_text(in, "$g#6g"), GDB_BROKEN);
	assert_int_equal(feed_text(in, "$g#g7"), GDB_BROKEN);
	/* A packet that never ended. */
	assert_int_equal(feed_text(in, "$qSuppo$g#67"), GDB_PACKET);
	assert_string_equal(in->packet, "g");
	free(in);
}

static void too_long(void **state)
{
	struct gdb_input *in = new_input();

	(void)state;
	feed_text(in, "$");
	for (unsigned int i = 0; i < GDB_PACKET_MAX + 256; i++)
		assert_int_equal(gdb_input_byte(in, 'a'), GDB_NOTHING);
	assert_int_equal(feed_text(in, "#00"), GDB_BROKEN);
	assert_int_equal(feed_text(in, "$g#67"), GDB_PACKET);
	free(in);
}

static void output(void **state)
{
	struct gdb_output *out = calloc(1, sizeof(*out));

	(void)state;
	gdb_out_begin(out);
	gdb_out_text(out, "O%s", "K");
	gdb_out_end(out);
	assert_int_equal(out->len, 6);
	assert_memory_equal(out->bytes, "$OK#9a", 6);
	gdb_out_begin(out);
	gdb_out_hex(out, "\x01\xfe", 2);
	gdb_out_binary(out, "a#$*}\0", 6);
	gdb_out_end(out);
	assert_memory_equal(out->bytes, "$01fea}\x03}\x04}\x0a}]\0#", 15);
	free(out);
}

static void output_ends(void **state)
{
	struct gdb_output *out = calloc(1, sizeof(*out));
	static char much[4 * GDB_PACKET_MAX];

	(void)state;
	memset(much, '#', sizeof(much));
	gdb_out_begin(out);
	gdb_out_binary(out, much, sizeof(much));
	gdb_out_hex(out, much, sizeof(much));
	gdb_out_end(out);
	assert_in_range(out->len, GDB_PACKET_MAX, sizeof(out->bytes));
	assert_int_equal(out->bytes[out->len - 3], '#');
	free(out);
}

static void numbers(void **state)
{
	const char *p = "1f,ffffffffffffffff;10000000000000000";
	uint64_t val;

	(void)state;
	assert_true(gdb_get_number(&p, &val));
	assert_int_equal(val, 0x1f);
	assert_false(gdb_get_char(&p, ';'));
	assert_true(gdb_get_char(&p, ','));
	assert_true(gdb_get_number(&p, &val));
	assert_true(val == UINT64_MAX);
	assert_true(gdb_get_char(&p, ';'));
	assert_false(gdb_get_number(&p, &val));
	p = "";
	assert_false(gdb_get_number(&p, &val));
	assert_false(gdb_get_char(&p, '\0'));
}

static void hex(void **state)
{
	const char *p = "00fF1";
	uint8_t bytes[3];

	(void)state;
	assert_true(gdb_get_hex(&p, bytes, 2));
	assert_memory_equal(bytes, "\0\xff", 2);
	assert_false(gdb_get_hex(&p, bytes, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets),     cmocka_unit_test(other_bytes),
		cmocka_unit_test(escapes),     cmocka_unit_test(broken),
		cmocka_unit_test(too_long),    cmocka_unit_test(output),
		cmocka_unit_test(output_ends), cmocka_unit_test(numbers),
		cmocka_unit_test(hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
