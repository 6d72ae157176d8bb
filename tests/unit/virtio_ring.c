/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtqueues in both formats, with a correct driver and with a hostile one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "bhyve/virtio/virtio_ring.h"
#include "tests/unit/virtio_driver.h"

#define BUF(n) (DRV_BUFFERS + 0x1000 * (n))

static struct virtqueue vq;
static struct driver drv;
static struct vq_chain chain;

static int try_start(bool packed, uint16_t size, bool event_idx)
{
	struct vq_format fmt = { packed, event_idx, true };

	memset(&vq, 0, sizeof(vq));
	vq.max_size = VQ_MAX_SIZE;
	vq.size_set = size;
	vq.desc_gpa = DRV_DESC;
	vq.driver_gpa = DRV_DRIVER;
	vq.device_gpa = DRV_DEVICE;
	return vq_start(&vq, NULL, &fmt);
}

static void start(bool packed, uint16_t size, bool event_idx)
{
	guest_clear();
	drv_init(&drv, packed, size, DRV_DESC);
	assert_int_equal(try_start(packed, size, event_idx), 0);
}

static void assert_broken(void)
{
	assert_int_equal(vq_get(&vq, &chain), -EPROTO);
	assert_non_null(vq.fault);
	/* It stays broken. */
	assert_int_equal(vq_get(&vq, &chain), -EPROTO);
}

static const struct seg three[] = {
	{ BUF(0), 16, false },
	{ BUF(1), 512, true },
	{ BUF(2), 1, true },
};

static void assert_three(void)
{
	assert_int_equal(chain.nread, 1);
	assert_int_equal(chain.nwrite, 2);
	assert_ptr_equal(chain.iov[0].iov_base, guest(BUF(0)));
	assert_int_equal(vq_chain_readable(&chain), 16);
	assert_int_equal(vq_chain_writable(&chain), 513);
}

static void round_trips(bool packed, bool indirect)
{
	uint16_t id, got;
	uint32_t len;
	int i;

	start(packed, 8, false);
	/* Often enough that the indices and the wrap counters wrap round. */
	for (i = 0; i < 70000; i++) {
		id = indirect ? drv_add_indirect(&drv, three, 3, DRV_TABLE) :
				drv_add(&drv, three, 3);
		assert_int_equal(vq_get(&vq, &chain), 1);
		assert_three();
		assert_int_equal(vq_get(&vq, &chain), 0);
		assert_false(drv_used(&drv, &got, &len));
		vq_fill(&vq, &chain, 513);
		assert_false(drv_used(&drv, &got, &len));
		vq_publish(&vq);
		assert_true(drv_used(&drv, &got, &len));
		assert_int_equal(got, id);
		assert_int_equal(len, 513);
	}
}

static void split_round_trips(void **state)
{
	(void)state;
	round_trips(false, false);
	round_trips(false, true);
}

static void packed_round_trips(void **state)
{
	(void)state;
	round_trips(true, false);
	round_trips(true, true);
}

/* Buffers are returned in another order. */
static void out_of_order(bool packed)
{
	struct vq_chain first, second;
	uint16_t a, b, got;
	uint32_t len;

	start(packed, 8, false);
	a = drv_add(&drv, three, 3);
	b = drv_add(&drv, three + 1, 2);
	assert_int_equal(vq_get(&vq, &first), 1);
	assert_int_equal(vq_get(&vq, &second), 1);
	vq_fill(&vq, &second, 2);
	vq_fill(&vq, &first, 1);
	assert_false(drv_used(&drv, &got, &len));
	vq_publish(&vq);
	assert_true(drv_used(&drv, &got, &len));
	assert_int_equal(got, b);
	assert_true(drv_used(&drv, &got, &len));
	assert_int_equal(got, a);
	assert_int_equal(vq.inflight, 0);
}

static void returns_out_of_order(void **state)
{
	(void)state;
	out_of_order(false);
	out_of_order(true);
}

static void unget_gives_the_same_again(void **state)
{
	int packed, i;

	(void)state;
	for (packed = 0; packed < 2; packed++) {
		start(packed, 4, false);
		for (i = 0; i < 20; i++) {
			uint16_t id = drv_add(&drv, three, 3);
			uint32_t len;

			assert_int_equal(vq_get(&vq, &chain), 1);
			vq_unget(&vq, &chain);
			assert_int_equal(vq_get(&vq, &chain), 1);
			assert_three();
			vq_fill(&vq, &chain, 0);
			vq_publish(&vq);
			assert_true(drv_used(&drv, &id, &len));
		}
	}
}

static void bad_starts(void **state)
{
	struct vq_format fmt = { 0 };

	(void)state;
	assert_int_equal(try_start(false, 0, false), -EPROTO);
	assert_int_equal(try_start(false, 3, false), -EPROTO);
	assert_int_equal(try_start(true, 3, false), 0);
	assert_int_equal(try_start(false, 512, false), -EPROTO);
	try_start(false, 8, false);
	vq.desc_gpa = DRV_DESC + 8;
	assert_int_equal(vq_start(&vq, NULL, &fmt), -EPROTO);
	vq.desc_gpa = UINT64_MAX - 15;
	assert_int_equal(vq_start(&vq, NULL, &fmt), -EPROTO);
	vq.desc_gpa = GUEST_RAM + GUEST_RAM_SIZE - 16;
	assert_int_equal(vq_start(&vq, NULL, &fmt), -EPROTO);
}

static void bad_buffers(void **state)
{
	static const struct seg bad[][2] = {
		{ { BUF(0), 0, false }, { BUF(1), 8, true } },
		{ { BUF(0), 0xffffffff, false }, { BUF(1), 8, true } },
		{ { 0, 16, false }, { BUF(1), 8, true } },
		{ { UINT64_MAX - 7, 16, false }, { BUF(1), 8, true } },
		{ { BUF(0), 16, true }, { BUF(1), 8, false } },
	};
	unsigned int i, packed;

	(void)state;
	for (packed = 0; packed < 2; packed++) {
		for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			start(packed, 8, false);
			drv_add(&drv, bad[i], 2);
			assert_broken();
			start(packed, 8, false);
			drv_add_indirect(&drv, bad[i], 2, DRV_TABLE);
			assert_broken();
		}
	}
}

/*
 * Segments that all are the same memory, and add up to 4 GiB and 512 bytes,
 * which a 32-bit size_t takes for 512.
 */
static void chain_of_4_gib(void **state)
{
	struct seg segs[129] = { { BUF(0), 512, false } };
	unsigned int i, packed;

	(void)state;
	for (i = 1; i < 129; i++)
		segs[i] = (struct seg){ GUEST_RAM, GUEST_RAM_SIZE, false };
	for (packed = 0; packed < 2; packed++) {
		start(packed, 256, false);
		drv_add_indirect(&drv, segs, 129, DRV_BUFFERS);
		assert_broken();
		/* 1 GiB is still good. */
		start(packed, 256, false);
		drv_add_indirect(&drv, segs + 1, 32, DRV_BUFFERS);
		assert_int_equal(vq_get(&vq, &chain), 1);
		assert_int_equal(vq_chain_readable(&chain), 1u << 30);
		start(packed, 256, false);
		drv_add_indirect(&drv, segs, 33, DRV_BUFFERS);
		assert_broken();
	}
}

static void set16(uint64_t gpa, uint16_t val)
{
	memcpy(guest(gpa), &val, 2);
}

static void split_loop(void **state)
{
	(void)state;
	start(false, 8, false);
	drv_add(&drv, three, 3);
	/* The third descriptor has the second as its successor. */
	set16(DRV_DESC + 16 * 2 + 12, 3);
	set16(DRV_DESC + 16 * 2 + 14, 1);
	assert_broken();
}

static void split_bad_next(void **state)
{
	(void)state;
	start(false, 8, false);
	drv_add(&drv, three, 3);
	set16(DRV_DESC + 14, 8);
	assert_broken();
	/* Within an indirect table the table's size is the limit. */
	start(false, 8, false);
	drv_add_indirect(&drv, three, 3, DRV_TABLE);
	set16(DRV_TABLE + 14, 3);
	assert_broken();
}

static void split_bad_head(void **state)
{
	(void)state;
	start(false, 8, false);
	drv_add(&drv, three, 3);
	set16(DRV_DRIVER + 4, 8);
	assert_broken();
}

static void split_index_backwards(void **state)
{
	(void)state;
	start(false, 8, false);
	drv_add(&drv, three, 3);
	assert_int_equal(vq_get(&vq, &chain), 1);
	set16(DRV_DRIVER + 2, 0);
	assert_broken();
}

/* Nothing was returned, but the index advances by more than the ring. */
static void split_overfull(void **state)
{
	int i;

	(void)state;
	start(false, 4, false);
	for (i = 0; i < 4; i++) {
		drv_add(&drv, three, 1);
		assert_int_equal(vq_get(&vq, &chain), 1);
	}
	drv_add(&drv, three, 1);
	assert_broken();
}

static void packed_chain_without_end(void **state)
{
	int i;

	(void)state;
	start(true, 4, false);
	drv_add(&drv, three, 1);
	for (i = 0; i < 4; i++) {
		memcpy(guest(DRV_DESC + 16 * i), guest(DRV_DESC), 16);
		set16(DRV_DESC + 16 * i + 14, 0x81);
	}
	assert_broken();
}

/* A used descriptor has the flags of one that is available in the next lap. */
static void packed_full_ring_is_not_taken_twice(void **state)
{
	int i;

	(void)state;
	start(true, 4, false);
	for (i = 0; i < 4; i++)
		drv_add(&drv, three, 1);
	for (i = 0; i < 4; i++)
		assert_int_equal(vq_get(&vq, &chain), 1);
	for (i = 0; i < 4; i++)
		set16(DRV_DESC + 16 * i + 14, 0x8000);
	assert_int_equal(vq_get(&vq, &chain), 0);
}

static void indirect_rules(void **state)
{
	struct vq_format plain = { 0 };
	int packed;

	(void)state;
	for (packed = 0; packed < 2; packed++) {
		uint64_t flags = DRV_DESC + (packed ? 14 : 12);

		/* not negotiated */
		start(packed, 8, false);
		plain.packed = packed;
		assert_int_equal(vq_start(&vq, NULL, &plain), 0);
		drv_add_indirect(&drv, three, 3, DRV_TABLE);
		assert_broken();
		/* a length that is no multiple of 16 */
		start(packed, 8, false);
		drv_add_indirect(&drv, three, 3, DRV_TABLE);
		set16(DRV_DESC + 8, 47);
		assert_broken();
		/* with a successor */
		start(packed, 8, false);
		drv_add_indirect(&drv, three, 3, DRV_TABLE);
		set16(flags, packed ? 0x85 : 5);
		assert_broken();
		/* longer than the queue */
		start(packed, 2, false);
		drv_add_indirect(&drv, three, 3, DRV_TABLE);
		assert_broken();
		/* at an odd address: allowed */
		start(packed, 8, false);
		drv_add_indirect(&drv, three, 3, DRV_TABLE + 1);
		assert_int_equal(vq_get(&vq, &chain), 1);
		assert_three();
	}
	/* a table inside a table; packed reserves the flag there */
	start(false, 8, false);
	drv_add_indirect(&drv, three, 3, DRV_TABLE);
	set16(DRV_TABLE + 12, 4);
	assert_broken();
}

static void complete_one(void)
{
	uint16_t id;
	uint32_t len;

	drv_add(&drv, three, 1);
	assert_int_equal(vq_get(&vq, &chain), 1);
	vq_fill(&vq, &chain, 0);
	vq_publish(&vq);
	assert_true(drv_used(&drv, &id, &len));
}

static void split_interrupt_suppression(void **state)
{
	(void)state;
	start(false, 4, false);
	assert_false(vq_should_signal(&vq));
	complete_one();
	assert_true(vq_should_signal(&vq));
	assert_false(vq_should_signal(&vq));
	set16(DRV_DRIVER, 1);
	complete_one();
	assert_false(vq_should_signal(&vq));
}

/* used_event n asks for an interrupt when entry n is used: 2.7.7.2. */
static void split_event_index(void **state)
{
	(void)state;
	start(false, 4, true);
	set16(DRV_DRIVER + 4 + 2 * 4, 1);
	complete_one();
	assert_false(vq_should_signal(&vq));
	complete_one();
	assert_true(vq_should_signal(&vq));
	complete_one();
	assert_false(vq_should_signal(&vq));
}

/* avail_event asks for a notification for the next entry: 2.7.10.1. */
static void split_kicks(void **state)
{
	uint16_t ev;

	(void)state;
	start(false, 4, true);
	complete_one();
	assert_false(vq_enable_kick(&vq));
	memcpy(&ev, guest(DRV_DEVICE + 4 + 8 * 4), 2);
	assert_int_equal(ev, 1);
	drv_add(&drv, three, 1);
	assert_true(vq_enable_kick(&vq));

	/*
	 * While kicks are enabled, vq_get() asks for the next one when it finds the
	 * queue empty.
	 */
	start(false, 4, true);
	complete_one();
	assert_int_equal(vq_get(&vq, &chain), 0);
	memcpy(&ev, guest(DRV_DEVICE + 4 + 8 * 4), 2);
	assert_int_equal(ev, 1);
	/* While they are disabled, it does not. */
	vq_disable_kick(&vq);
	complete_one();
	assert_int_equal(vq_get(&vq, &chain), 0);
	memcpy(&ev, guest(DRV_DEVICE + 4 + 8 * 4), 2);
	assert_int_equal(ev, 1);

	start(false, 4, false);
	vq_disable_kick(&vq);
	memcpy(&ev, guest(DRV_DEVICE), 2);
	assert_int_equal(ev, 1);
	assert_false(vq_enable_kick(&vq));
	memcpy(&ev, guest(DRV_DEVICE), 2);
	assert_int_equal(ev, 0);
}

static void packed_interrupt_suppression(void **state)
{
	(void)state;
	start(true, 4, true);
	complete_one();
	assert_true(vq_should_signal(&vq));
	set16(DRV_DRIVER + 2, 1);
	complete_one();
	assert_false(vq_should_signal(&vq));
	/* Descriptor 3 of this lap. */
	set16(DRV_DRIVER, 0x8003);
	set16(DRV_DRIVER + 2, 2);
	complete_one();
	assert_false(vq_should_signal(&vq));
	complete_one();
	assert_true(vq_should_signal(&vq));
	/* Descriptor 0 of the next lap: its wrap counter is 0. */
	set16(DRV_DRIVER, 0x0001);
	complete_one();
	assert_false(vq_should_signal(&vq));
	complete_one();
	assert_true(vq_should_signal(&vq));
}

static void packed_kicks(void **state)
{
	uint16_t ev[2];

	(void)state;
	start(true, 4, true);
	complete_one();
	assert_false(vq_enable_kick(&vq));
	memcpy(ev, guest(DRV_DEVICE), 4);
	assert_int_equal(ev[0], 0x8001);
	assert_int_equal(ev[1], 2);
	vq_disable_kick(&vq);
	memcpy(ev, guest(DRV_DEVICE), 4);
	assert_int_equal(ev[1], 1);
	drv_add(&drv, three, 1);
	assert_true(vq_enable_kick(&vq));
}

/* A queue stopped and restarted under way must not lose count. */
static void restart_with_buffers_in_flight(void **state)
{
	struct vq_format fmt = { 0 };

	(void)state;
	start(false, 8, false);
	drv_add(&drv, three, 1);
	assert_int_equal(vq_get(&vq, &chain), 1);
	vq_stop(&vq);
	vq.size_set = 2;
	assert_int_equal(vq_start(&vq, NULL, &fmt), -EPROTO);
	vq_fill(&vq, &chain, 0);
	vq_publish(&vq);
	assert_int_equal(vq_start(&vq, NULL, &fmt), 0);
}

static void copies(void **state)
{
	static const struct seg in[] = { { BUF(0), 3, false },
					 { BUF(1), 5, false },
					 { BUF(2), 4, true },
					 { BUF(3), 4, true } };
	char buf[16] = { 0 };

	(void)state;
	start(false, 8, false);
	memcpy(guest(BUF(0)), "abc", 3);
	memcpy(guest(BUF(1)), "defgh", 5);
	drv_add(&drv, in, 4);
	assert_int_equal(vq_get(&vq, &chain), 1);
	assert_int_equal(vq_chain_get(&chain, 2, buf, sizeof(buf)), 6);
	assert_memory_equal(buf, "cdefgh", 6);
	assert_int_equal(vq_chain_put(&chain, 3, "xyz", 3), 3);
	assert_memory_equal(guest(BUF(2)), "\0\0\0x", 4);
	assert_memory_equal(guest(BUF(3)), "yz\0\0", 4);
	assert_int_equal(vq_chain_put(&chain, 7, "xyz", 3), 1);
	assert_int_equal(vq_chain_put(&chain, 8, "xyz", 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split_round_trips),
		cmocka_unit_test(packed_round_trips),
		cmocka_unit_test(returns_out_of_order),
		cmocka_unit_test(unget_gives_the_same_again),
		cmocka_unit_test(bad_starts),
		cmocka_unit_test(chain_of_4_gib),
		cmocka_unit_test(bad_buffers),
		cmocka_unit_test(split_loop),
		cmocka_unit_test(split_bad_next),
		cmocka_unit_test(split_bad_head),
		cmocka_unit_test(split_index_backwards),
		cmocka_unit_test(split_overfull),
		cmocka_unit_test(packed_chain_without_end),
		cmocka_unit_test(packed_full_ring_is_not_taken_twice),
		cmocka_unit_test(indirect_rules),
		cmocka_unit_test(split_interrupt_suppression),
		cmocka_unit_test(split_event_index),
		cmocka_unit_test(split_kicks),
		cmocka_unit_test(packed_interrupt_suppression),
		cmocka_unit_test(packed_kicks),
		cmocka_unit_test(restart_with_buffers_in_flight),
		cmocka_unit_test(copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
