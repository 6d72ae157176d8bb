/* SPDX-License-Identifier: BSD-2-Clause */
/* The balloon in a whole machine; what it gives back to the host is recorded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "bhyve/pci/pci_emul.h"
#include "bhyve/virtio/virtio_balloon.h"
#include "lib/vmmapi.h"
#include "tests/unit/saved.h"
#include "tests/unit/virtio_machine.h"

/* virtio 1.2, 5.5.3 and 5.5.2 */
#define F_STATS	    (1ull << 1)
#define F_OOM	    (1ull << 2)
#define F_REPORTING (1ull << 5)
#define F_ALL	    (F_STATS | F_OOM | F_REPORTING)
enum {
	INFLATE,
	DEFLATE,
	STATS,
	HINTS,
	REPORTS,
	NQUEUES
};

#define RING(n) (DRV_DESC + (n)*DRV_RINGS_SIZE)
#define BUF	(GUEST_RAM + 0x40000)
#define PAGE(n) ((uint32_t)((GUEST_RAM >> 12) + (n)))

static struct vdev dev;
static struct driver drv[NQUEUES];

static struct {
	uint64_t gpa, len;
} given[16];
static unsigned int ngiven;

void vm_give_back(struct vmctx *ctx, void *hva, uint64_t len)
{
	(void)ctx;
	assert_in_range(ngiven, 0, 15);
	given[ngiven].gpa =
		GUEST_RAM + ((char *)hva - (char *)guest(GUEST_RAM));
	given[ngiven++].len = len;
}

static void make(bool pci)
{
	assert_int_equal(pci_parse_slot("5,virtio-balloon"), 0);
	machine_start(!pci);
}

static void start(bool pci, uint64_t features)
{
	machine_init();
	make(pci);
	vdev_find(&dev, pci, 5);
	assert_true(vdev_negotiate(&dev, F_VERSION_1 | features));
	for (unsigned int i = 0; i < NQUEUES; i++) {
		drv_init(&drv[i], features & F_PACKED, 8, RING(i));
		vdev_queue(&dev, i, &drv[i]);
	}
	vdev_driver_ok(&dev);
	ngiven = 0;
}

/* Sends page numbers, and waits until they are taken. */
static void send(unsigned int q, const uint32_t *pfns, unsigned int n)
{
	struct seg seg = { BUF, 4 * n, false };
	uint16_t id;
	uint32_t len;

	memcpy(guest(BUF), pfns, 4 * n);
	drv_add(&drv[q], &seg, 1);
	vdev_kick(&dev, q);
	assert_true(vdev_wait(&drv[q], &id, &len));
}

static void expect_given(unsigned int i, uint64_t page, uint64_t n)
{
	assert_int_equal(given[i].gpa, GUEST_RAM + (page << 12));
	assert_int_equal(given[i].len, n << 12);
}

static void inflates(void **state)
{
	static const uint32_t pages[] = { PAGE(1), PAGE(2), PAGE(3),
					  PAGE(9), PAGE(8), PAGE(5) };

	(void)state;
	for (int pci = 0; pci < 2; pci++) {
		start(pci, F_ALL | (pci ? F_PACKED : 0));
		send(INFLATE, pages, 6);
		assert_int_equal(ngiven, 3);
		expect_given(0, 1, 3);
		expect_given(1, 8, 2);
		expect_given(2, 5, 1);
		send(DEFLATE, pages, 6);
		assert_int_equal(ngiven, 3);
	}
}

static void pages_that_are_no_memory(void **state)
{
	static const uint32_t bad[] = {
		0,	 PAGE(-1), (GUEST_RAM + GUEST_RAM_SIZE) >> 12,
		0xfffff, 0x100000, UINT32_MAX,
	};
	static const uint32_t twice[] = { PAGE(4), PAGE(4) };
	static const uint32_t past_the_end[] = {
		((GUEST_RAM + GUEST_RAM_SIZE) >> 12) - 1,
		(GUEST_RAM + GUEST_RAM_SIZE) >> 12,
	};

	(void)state;
	start(false, F_ALL);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		send(INFLATE, &bad[i], 1);
	send(INFLATE, past_the_end, 2);
	assert_int_equal(ngiven, 0);
	send(INFLATE, twice, 2);
	assert_int_equal(ngiven, 2);
	expect_given(0, 4, 1);
	expect_given(1, 4, 1);
	assert_false(vdev_status(&dev) & S_NEEDS_RESET);
}

/* Half a number, none, and more than are read at a time. */
static void odd_lengths(void **state)
{
	struct seg segs[] = { { BUF, 6, false },
			      { BUF + 0x1000, 0x8000, false } };
	uint16_t id;
	uint32_t len, pfn = PAGE(7);

	(void)state;
	start(true, F_ALL);
	memcpy(guest(BUF), &pfn, 4);
	for (int i = 0; i < 2; i++) {
		drv_add(&drv[INFLATE], &segs[i], 1);
		vdev_kick(&dev, INFLATE);
		assert_true(vdev_wait(&drv[INFLATE], &id, &len));
	}
	assert_int_equal(ngiven, 1);
	expect_given(0, 7, 1);
	segs[0].write = true;
	drv_add(&drv[INFLATE], &segs[0], 1);
	vdev_kick(&dev, INFLATE);
	assert_true(vdev_wait(&drv[INFLATE], &id, &len));
	assert_int_equal(ngiven, 1);
}

static void reports(unsigned int q)
{
	const struct seg segs[] = { { GUEST_RAM + 0x100000, 0x20000, true },
				    { GUEST_RAM + 0x200000, 0x1000, true } };
	uint16_t id;
	uint32_t len;

	start(q == HINTS, F_ALL);
	drv_add(&drv[q], segs, 2);
	vdev_kick(&dev, q);
	assert_true(vdev_wait(&drv[q], &id, &len));
	assert_int_equal(len, 0);
	assert_int_equal(ngiven, 2);
	expect_given(0, 0x100, 0x20);
	expect_given(1, 0x200, 1);
}

/*
 * Linux does not number the queue of hints if the device does not offer it. So its
 * queue of reports has the number at which other drivers have the queue of hints.
 */
static void free_pages_are_reported(void **state)
{
	(void)state;
	reports(REPORTS);
	reports(HINTS);
}

static void target_is_told(void **state)
{
	struct balloon_report report;
	const char *why = NULL;

	(void)state;
	start(false, F_ALL);
	assert_int_equal(vdev_config(&dev, 0, 4), 0);
	assert_int_equal(balloon_set(0x12fff, &why), 0);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x12);
	assert_int_equal(rd(dev.base + 0x60, 4), 2); /* 4.2.2 */
	vdev_config_write(&dev, 4, 4, 0x10);
	assert_int_equal(balloon_report(&report), 0);
	assert_int_equal(report.wanted, 0x12000);
	assert_int_equal(report.actual, 0x10000);
	assert_true(balloon_set(GUEST_RAM_SIZE + 1, &why) < 0);
	assert_non_null(strstr(why, "less memory"));
	/* The target is not the driver's. */
	vdev_config_write(&dev, 0, 4, 0);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x12);
	/* It stays over a reset; what has been reached does not. */
	vdev_set_status(&dev, 0);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x12);
	assert_int_equal(vdev_config(&dev, 4, 4), 0);
}

static const struct seg stats_seg = { BUF, 20, false };

static void put_stats(uint16_t tag, uint64_t free, uint64_t total)
{
	const uint16_t tags[] = { tag, 5 };

	memcpy(guest(BUF), &tags[0], 2);
	memcpy((char *)guest(BUF) + 2, &free, 8);
	memcpy((char *)guest(BUF) + 10, &tags[1], 2);
	memcpy((char *)guest(BUF) + 12, &total, 8);
	drv_add(&drv[STATS], &stats_seg, 1);
	vdev_kick(&dev, STATS);
}

/* 5.5.6.3: the device keeps the buffer until it wants new ones. */
static void statistics(void **state)
{
	struct balloon_report report;
	uint16_t id;
	uint32_t len;

	(void)state;
	start(false, F_ALL);
	assert_int_equal(balloon_report(&report), 0);
	assert_int_equal(report.stats[4], BALLOON_UNKNOWN);
	put_stats(4, 1000, 5000);
	assert_false(drv_used(&drv[STATS], &id, &len));
	assert_int_equal(balloon_report(&report), 0);
	assert_int_equal(report.stats[4], 1000);
	assert_int_equal(report.stats[5], 5000);
	assert_true(drv_used(&drv[STATS], &id, &len));
	put_stats(0xffff, 2000, 6000); /* a tag that nobody knows */
	assert_int_equal(balloon_report(&report), 0);
	assert_int_equal(report.stats[4], 1000);
	assert_int_equal(report.stats[5], 6000);
	assert_true(drv_used(&drv[STATS], &id, &len));
	/* One that holds two buffers has one back at once. */
	put_stats(4, 1, 1);
	put_stats(4, 2, 2);
	assert_true(drv_used(&drv[STATS], &id, &len));
	assert_false(drv_used(&drv[STATS], &id, &len));
	vdev_set_status(&dev, 0);
	assert_int_equal(balloon_report(&report), 0);
	assert_int_equal(report.stats[4], BALLOON_UNKNOWN);
}

/* The buffer is there before the driver is ready, and is not kicked again. */
static void statistics_from_before(void **state)
{
	struct balloon_report report;

	(void)state;
	for (int pci = 0; pci < 2; pci++) {
		machine_init();
		make(pci);
		vdev_find(&dev, pci, 5);
		assert_true(vdev_negotiate(&dev, F_VERSION_1 | F_ALL));
		drv_init(&drv[STATS], false, 8, RING(STATS));
		vdev_queue(&dev, STATS, &drv[STATS]);
		put_stats(4, 1000, 5000);
		vdev_driver_ok(&dev);
		machine_events();
		assert_int_equal(balloon_report(&report), 0);
		assert_int_equal(report.stats[4], 1000);
	}
}

static int make_again(void **state)
{
	(void)state;
	machine_again();
	make(false);
	return 0;
}

/*
 * Saving puts the buffer of statistics back into its queue, from which the machine that
 * loads the state takes it again.
 */
static void moves(void **state)
{
	struct balloon_report report;
	const char *why;
	uint16_t id;
	uint32_t len;

	start(false, F_ALL);
	balloon_set(0x5000, &why);
	put_stats(4, 1000, 5000);
	save_all();
	make_again(state);
	load_all();
	machine_events();
	assert_int_equal(vdev_config(&dev, 0, 4), 5);
	assert_false(drv_used(&drv[STATS], &id, &len));
	assert_int_equal(balloon_report(&report), 0);
	assert_int_equal(report.stats[4], 1000);
	assert_true(drv_used(&drv[STATS], &id, &len));
	load_damaged(make_again);
	forget_saved();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inflates),
		cmocka_unit_test(pages_that_are_no_memory),
		cmocka_unit_test(odd_lengths),
		cmocka_unit_test(free_pages_are_reported),
		cmocka_unit_test(target_is_told),
		cmocka_unit_test(statistics),
		cmocka_unit_test(statistics_from_before),
		cmocka_unit_test(moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
