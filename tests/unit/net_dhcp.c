/* SPDX-License-Identifier: BSD-2-Clause */
/* Checksums of DHCP datagrams (RFC 768, RFC 1071). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bhyve/net/net_backends.h"

#define HDR	12
#define IP	(HDR + 14)
#define UDP	(IP + 20)
#define PAYLOAD 5
#define LEN	(UDP + 8 + PAYLOAD)

static uint8_t frame[LEN + 20];

/*
 * A datagram from 10.0.2.2:67 to 10.0.2.15:68 with five bytes; the checksum
 * field has the pseudo-header's sum.
 */
static int setup(void **state)
{
	static const uint8_t ip[] = { 0x45, 0, 0,  33, 0, 0, 0,	 0, 64, 17,
				      0,    0, 10, 0,  2, 2, 10, 0, 2,	15 };
	/* 0x0a00 + 0x0202 + 0x0a00 + 0x020f + 17 + 13 = 0x182f */
	static const uint8_t udp[] = { 0,    67, 0, 68, 0, 13, 0x18,
				       0x2f, 1,	 2, 3,	4, 5 };

	(void)state;
	memset(frame, 0, sizeof(frame));
	frame[0] = 1;
	frame[6] = 34; /* csum_start, little-endian */
	frame[8] = 6;
	frame[HDR + 12] = 8;
	memcpy(frame + IP, ip, sizeof(ip));
	memcpy(frame + UDP, udp, sizeof(udp));
	return 0;
}

static unsigned int sum_in_place(void)
{
	return frame[UDP + 6] << 8 | frame[UDP + 7];
}

static void completed(void **state)
{
	(void)state;
	/* Bytes behind the datagram do not belong to it. */
	memset(frame + LEN, 0xff, 20);
	net_complete_dhcp(frame, HDR, LEN + 20);
	/* 0x182f + 67 + 68 + 13 + 0x0102 + 0x0304 + 0x0500 = 0x21c9 */
	assert_int_equal(sum_in_place(), 0xffff - 0x21c9);
	assert_int_equal(frame[0], 0);
}

static void zero_is_all_ones(void **state)
{
	(void)state;
	/* With this payload the sum is 0xffff, whose complement is zero. */
	frame[UDP + 8] = 0xdf; /* 0xffff - 0x18c3 - 0x0304 - 0x0500 */
	frame[UDP + 9] = 0x38;
	net_complete_dhcp(frame, HDR, LEN);
	assert_int_equal(sum_in_place(), 0xffff);
}

static void left_alone(void)
{
	uint8_t before[sizeof(frame)];

	memcpy(before, frame, sizeof(frame));
	net_complete_dhcp(frame, HDR, LEN);
	assert_memory_equal(frame, before, sizeof(frame));
}

static void others(void **state)
{
	frame[0] = 0; /* complete already */
	left_alone();
	setup(state);
	frame[UDP + 1] = 53;
	left_alone();
	setup(state);
	frame[IP + 9] = 6;
	left_alone();
	setup(state);
	frame[HDR + 12] = 0x86;
	left_alone();
	setup(state);
	frame[UDP + 5] = 200; /* longer than the frame */
	left_alone();
	setup(state);
	frame[6] = 40; /* another place */
	left_alone();
	for (size_t len = 0; len < LEN; len++) {
		setup(state);
		net_complete_dhcp(frame, HDR, len);
		assert_int_equal(sum_in_place(), 0x182f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(completed, setup),
		cmocka_unit_test_setup(zero_is_all_ones, setup),
		cmocka_unit_test_setup(others, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
