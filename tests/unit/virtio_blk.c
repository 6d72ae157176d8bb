/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The block device in a whole machine, with both transports and both ring
 * formats.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bhyve/base/thread.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/machine/device.h"
#include "bhyve/disk/block_impl.h"
#include "tests/unit/saved.h"
#include "bhyve/virtio/virtio.h"
#include "tests/unit/virtio_machine.h"

/* virtio 1.2, 5.2.6 */
enum {
	T_IN = 0,
	T_OUT = 1,
	T_FLUSH = 4,
	T_GET_ID = 8,
	T_DISCARD = 11,
	T_WRITE_ZEROES = 13
};
enum {
	OK = 0,
	IOERR = 1,
	UNSUPP = 2
};

#define F_RO	  (1ull << 5)
#define F_FLUSH	  (1ull << 9)
#define F_DISCARD (1ull << 13)
#define HEADER	  DRV_BUFFERS
#define STATUS	  (DRV_BUFFERS + 0x100)
#define DATA	  (DRV_BUFFERS + 0x1000)
#define SECTORS	  8192 /* more than any buffer of the backend */

static char image[] = "/tmp/virtio_blk.XXXXXX";
static int image_fd;
static struct vdev dev;
static struct driver drv;

/* A new image for each machine, because the earlier ones stay locked. */
static void new_image(void)
{
	strcpy(image + sizeof(image) - 7, "XXXXXX");
	image_fd = mkstemp(image);
	assert_true(image_fd >= 0);
	assert_int_equal(ftruncate(image_fd, SECTORS * 512), 0);
}

static void start(bool pci, uint64_t features, const char *options)
{
	char slot[128];

	machine_init();
	new_image();
	snprintf(slot, sizeof(slot), "3,virtio-blk,%s%s", image, options);
	assert_int_equal(pci_parse_slot(slot), 0);
	machine_start(!pci);
	assert_int_equal(unlink(image), 0);
	vdev_find(&dev, pci, 3);
	drv_init(&drv, features & F_PACKED, 16, DRV_DESC);
	assert_true(vdev_negotiate(&dev, F_VERSION_1 | features));
	vdev_queue(&dev, 0, &drv);
	vdev_driver_ok(&dev);
}

static void put_header(uint32_t type, uint64_t sector)
{
	memset(guest(HEADER), 0, 16);
	memcpy(guest(HEADER), &type, 4);
	memcpy((char *)guest(HEADER) + 8, &sector, 8);
	*(uint8_t *)guest(STATUS) = 0xff;
}

/*
 * Makes one request with len bytes at DATA; returns its status, and the length
 * written.
 */
static int request(uint32_t type, uint64_t sector, uint32_t len, bool in,
		   uint32_t *written)
{
	struct seg segs[3] = { { HEADER, 16, false },
			       { DATA, len, in },
			       { STATUS, 1, true } };
	uint16_t id, got;

	put_header(type, sector);
	if (len == 0)
		segs[1] = segs[2];
	id = drv_add(&drv, segs, len ? 3 : 2);
	vdev_kick(&dev, 0);
	assert_true(vdev_wait(&drv, &got, written));
	assert_int_equal(id, got);
	return *(uint8_t *)guest(STATUS);
}

/* Makes @n reads available, of @len bytes from @sector on to DATA each. */
static void add_reads(unsigned int n, uint64_t sector, uint32_t len)
{
	struct seg segs[] = { { HEADER, 16, false },
			      { DATA, len, true },
			      { STATUS, 1, true } };

	put_header(T_IN, sector);
	while (n--)
		drv_add(&drv, segs, 3);
}

static void fill_sector(uint32_t sector, int byte)
{
	char buf[512];

	memset(buf, byte, sizeof(buf));
	assert_int_equal(pwrite(image_fd, buf, 512, 512 * sector), 512);
}

static int image_byte(uint32_t sector, uint32_t off)
{
	uint8_t byte;

	assert_int_equal(pread(image_fd, &byte, 1, 512 * sector + off), 1);
	return byte;
}

static void read_and_write(bool pci, uint64_t features)
{
	uint32_t n;
	int i;

	start(pci, features, "");
	fill_sector(7, 0x5a);
	fill_sector(8, 0xa5);
	for (i = 0; i < 100; i++) {
		memset(guest(DATA), 0, 1024);
		assert_int_equal(request(T_IN, 7, 1024, true, &n), OK);
		assert_int_equal(n, 1025);
		assert_int_equal(*(uint8_t *)guest(DATA + 511), 0x5a);
		assert_int_equal(*(uint8_t *)guest(DATA + 512), 0xa5);
		memset(guest(DATA), i, 512);
		assert_int_equal(request(T_OUT, 9, 512, false, &n), OK);
		assert_int_equal(n, 1);
		assert_int_equal(image_byte(9, 511), i);
		assert_int_equal(request(T_FLUSH, 0, 0, false, &n), OK);
	}
	/* No notification came by the vCPU's thread. */
	assert_int_equal(kicks, 300);
	/* INTA of slot 3 is SPI 6, the first slot of virtio-mmio SPI 16. */
	assert_true(irq_level[32 + (pci ? 6 : 16 + 3)]);
	vdev_set_status(&dev, 0);
	assert_false(irq_level[32 + (pci ? 6 : 16 + 3)]);
}

static void reads_and_writes(void **state)
{
	(void)state;
	read_and_write(false, F_FLUSH);
	read_and_write(false, F_FLUSH | F_PACKED | F_EVENT_IDX);
	read_and_write(true, 0);
	read_and_write(true, F_PACKED);
	read_and_write(true, F_INDIRECT | F_EVENT_IDX | F_FLUSH);
}

/* If vmm.ko takes no eventfds, the vCPU's thread brings the notifications. */
static void without_eventfds(void **state)
{
	uint32_t n;
	int pci;

	(void)state;
	for (pci = 0; pci < 2; pci++) {
		start(pci, 0, "");
		ioeventfds = 0;
		assert_int_equal(request(T_IN, 0, 512, true, &n), OK);
		assert_int_equal(kicks, 0);
	}
}

static void config_space(void **state)
{
	(void)state;
	start(false, 0, ",sectorsize=512/4096");
	assert_int_equal(vdev_config(&dev, 0, 8), SECTORS);
	assert_int_equal(vdev_config(&dev, 20, 4), 512); /* blk_size */
	assert_int_equal(vdev_config(&dev, 24, 1), 3);	 /* 4096 / 512: 2^3 */
	assert_int_equal(vdev_config(&dev, 0x80, 4), 0); /* beyond the end */
}

static void out_of_range(void **state)
{
	uint32_t n;

	(void)state;
	start(false, F_FLUSH, "");
	assert_int_equal(request(T_IN, SECTORS - 1, 512, true, &n), OK);
	assert_int_equal(request(T_IN, SECTORS - 1, 1024, true, &n), IOERR);
	assert_int_equal(n, 1);
	assert_int_equal(request(T_IN, SECTORS, 512, true, &n), IOERR);
	assert_int_equal(request(T_IN, UINT64_MAX, 512, true, &n), IOERR);
	assert_int_equal(request(T_OUT, UINT64_MAX / 512, 512, false, &n),
			 IOERR);
	assert_int_equal(request(T_IN, 0, 511, true, &n), IOERR);
	assert_int_equal(request(T_IN, 0, 0, true, &n), IOERR);
	assert_int_equal(request(77, 0, 512, true, &n), UNSUPP);
	assert_int_equal(vdev_status(&dev), 15);
}

/*
 * To a host that counts in 32 bits the chain has one sector; it has 4 GiB more,
 * past the image's end.
 */
static void chain_of_4_gib(void **state)
{
	static const char *const options[] = { "", ",nocache" };
	struct seg segs[131] = { { HEADER, 16, false } };
	struct stat st;
	int i;

	(void)state;
	segs[1] = (struct seg){ DATA + 1, 512, false };
	for (i = 2; i < 130; i++)
		segs[i] = (struct seg){ GUEST_RAM, GUEST_RAM_SIZE, false };
	segs[130] = (struct seg){ STATUS, 1, true };
	for (i = 0; i < 2; i++) {
		start(false, F_INDIRECT, options[i]);
		drv_init(&drv, false, 256, DRV_DESC);
		assert_true(vdev_negotiate(&dev, F_VERSION_1 | F_INDIRECT));
		vdev_queue(&dev, 0, &drv);
		vdev_driver_ok(&dev);
		put_header(T_OUT, 0);
		drv_add_indirect(&drv, segs, 131, DATA + 0x1000);
		vdev_kick(&dev, 0);
		assert_true(vdev_status(&dev) & S_NEEDS_RESET);
		assert_int_equal(fstat(image_fd, &st), 0);
		assert_int_equal(st.st_size, SECTORS * 512);
	}
}

/*
 * With O_DIRECT and an odd address the request goes through a buffer that is
 * smaller.
 */
static void unaligned_direct(void **state)
{
	const uint32_t sectors = SECTORS - 1;
	uint8_t *data = (uint8_t *)guest(DATA) + 1;
	struct seg segs[3] = { { HEADER, 16, false },
			       { DATA + 1, sectors * 512, false },
			       { STATUS, 1, true } };
	uint32_t n;
	uint16_t id;
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_DIRECT, 0600);

	(void)state;
	if (fd < 0)
		skip(); /* a file system without O_DIRECT */
	close(fd);
	start(false, 0, ",nocache");
	for (uint32_t i = 0; i < sectors * 512; i++)
		data[i] = i / 512 + i;
	put_header(T_OUT, 1);
	drv_add(&drv, segs, 3);
	vdev_kick(&dev, 0);
	assert_true(vdev_wait(&drv, &id, &n));
	assert_int_equal(*(uint8_t *)guest(STATUS), OK);
	for (uint32_t i = 0; i < sectors; i += 7)
		assert_int_equal(image_byte(1 + i, 5),
				 (uint8_t)(i + 512 * i + 5));
	memset(data, 0, sectors * 512);
	segs[1].write = true;
	put_header(T_IN, 1);
	drv_add(&drv, segs, 3);
	vdev_kick(&dev, 0);
	assert_true(vdev_wait(&drv, &id, &n));
	assert_int_equal(*(uint8_t *)guest(STATUS), OK);
	for (uint32_t i = 0; i < sectors * 512; i++)
		assert_int_equal(data[i], (uint8_t)(i / 512 + i));
}

static void readonly(void **state)
{
	uint32_t n;

	(void)state;
	start(false, F_RO, ",ro");
	assert_true(vdev_features(&dev) & F_RO);
	assert_false(vdev_features(&dev) & F_DISCARD);
	assert_int_equal(request(T_OUT, 0, 512, false, &n), IOERR);
	assert_int_equal(request(T_IN, 0, 512, true, &n), OK);
}

static void identity(void **state)
{
	uint32_t n;

	(void)state;
	start(false, 0, ",ser=disk of mine");
	assert_int_equal(request(T_GET_ID, 0, 20, true, &n), OK);
	assert_int_equal(n, 21);
	assert_memory_equal(guest(DATA), "disk of mine\0\0\0\0\0\0\0\0", 20);
}

static void put_range(uint64_t sector, uint32_t count, uint32_t flags)
{
	memcpy(guest(DATA), &sector, 8);
	memcpy(guest(DATA + 8), &count, 4);
	memcpy(guest(DATA + 12), &flags, 4);
}

static void ranges(void **state)
{
	uint32_t n;

	(void)state;
	start(false, F_DISCARD, "");
	fill_sector(4, 0x11);
	fill_sector(5, 0x22);
	put_range(4, 1, 0);
	assert_int_equal(request(T_WRITE_ZEROES, 0, 16, false, &n), OK);
	assert_int_equal(image_byte(4, 0), 0);
	assert_int_equal(image_byte(5, 0), 0x22);
	put_range(5, 1, 1); /* may unmap */
	assert_int_equal(request(T_WRITE_ZEROES, 0, 16, false, &n), OK);
	assert_int_equal(image_byte(5, 0), 0);
	put_range(8, 8, 0);
	assert_int_equal(request(T_DISCARD, 0, 16, false, &n), OK);
	put_range(8, 8, 1); /* a flag that discard does not have */
	assert_int_equal(request(T_DISCARD, 0, 16, false, &n), UNSUPP);
	put_range(SECTORS - 1, 2, 0);
	assert_int_equal(request(T_DISCARD, 0, 16, false, &n), IOERR);
	put_range(0, 0xffffffff, 0);
	assert_int_equal(request(T_WRITE_ZEROES, 0, 16, false, &n), IOERR);
	assert_int_equal(request(T_DISCARD, 0, 15, false, &n), IOERR);
}

static void no_discard(void **state)
{
	uint32_t n;

	(void)state;
	start(false, 0, ",nodelete");
	assert_false(vdev_features(&dev) & F_DISCARD);
	put_range(0, 1, 0);
	assert_int_equal(request(T_DISCARD, 0, 16, false, &n), UNSUPP);
}

/* Header and data may be split anywhere (5.2.6, 2.7.4). */
static void any_framing(void **state)
{
	struct seg segs[] = { { HEADER, 7, false },
			      { HEADER + 7, 9, false },
			      { DATA, 500, true },
			      { DATA + 500, 12, true },
			      { STATUS, 1, true } };
	struct seg merged[] = { { HEADER, 16 + 512, false },
				{ STATUS, 1, true } };
	uint16_t id;
	uint32_t n;

	(void)state;
	start(false, 0, "");
	fill_sector(3, 0x77);
	put_header(T_IN, 3);
	drv_add(&drv, segs, 5);
	vdev_kick(&dev, 0);
	assert_true(vdev_wait(&drv, &id, &n));
	assert_int_equal(*(uint8_t *)guest(STATUS), OK);
	assert_int_equal(*(uint8_t *)guest(DATA + 511), 0x77);
	/*
	 * The status is in the same buffer as data, and data in the same as the
	 * header.
	 */
	put_header(T_OUT, 4);
	merged[0].len = 16;
	memmove(guest(DATA), guest(HEADER), 16);
	memset(guest(DATA + 16), 0x66, 512);
	merged[0] = (struct seg){ DATA, 16 + 512, false };
	drv_add(&drv, merged, 2);
	vdev_kick(&dev, 0);
	assert_true(vdev_wait(&drv, &id, &n));
	assert_int_equal(*(uint8_t *)guest(STATUS), OK);
	assert_int_equal(image_byte(4, 0), 0x66);
}

static void broken_requests(void **state)
{
	static const struct seg bad[][2] = {
		{ { HEADER, 15, false }, { STATUS, 1, true } },
		{ { HEADER, 16, false }, { DATA, 512, false } },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		start(false, 0, "");
		put_header(T_IN, 0);
		drv_add(&drv, bad[i], 2);
		vdev_kick(&dev, 0);
		assert_true(vdev_status(&dev) & S_NEEDS_RESET);
		assert_non_null(strstr(last_message, "needs a reset"));
		/* Bit 1 of the interrupt status: configuration change. */
		assert_int_equal(rd(dev.base + 0x60, 4) & 2, 2);
	}
}

/* The driver breaks the device, resets it, and it works again. */
static void recovery(void **state)
{
	uint32_t n;

	(void)state;
	start(false, 0, "");
	drv.base = 0x1000; /* no memory there */
	vdev_negotiate(&dev, F_VERSION_1);
	vdev_queue(&dev, 0, &drv);
	assert_true(vdev_status(&dev) & S_NEEDS_RESET);
	drv_init(&drv, false, 16, DRV_DESC);
	assert_true(vdev_negotiate(&dev, F_VERSION_1));
	vdev_queue(&dev, 0, &drv);
	vdev_driver_ok(&dev);
	assert_int_equal(request(T_IN, 0, 512, true, &n), OK);
}

/*
 * FreeBSD's driver on virtio-mmio does this; wrong features are still refused.
 */
static void features_unasked(void **state)
{
	uint32_t n;

	(void)state;
	start(false, 0, "");
	drv_init(&drv, false, 16, DRV_DESC);
	vdev_write_features(&dev, F_VERSION_1);
	vdev_queue(&dev, 0, &drv);
	vdev_set_status(&dev, 7);
	assert_int_equal(vdev_status(&dev) & ~8, 7);
	assert_int_equal(request(T_IN, 0, 512, true, &n), OK);
	vdev_write_features(&dev, 1ull << 50);
	vdev_queue(&dev, 0, &drv);
	assert_true(vdev_status(&dev) & S_NEEDS_RESET);
	vdev_set_status(&dev, 7);
	assert_false(vdev_status(&dev) & 4);
}

/*
 * O_DIRECT on a disk with 4096-byte sectors: the guest keeps its sectors of
 * 512.
 */
static void direct_on_large_sectors(void **state)
{
	char path[] = "/tmp/virtio_blk.XXXXXX";
	int fd = mkstemp(path);
	static _Alignas(4096) char data[4096], back[4096];
	struct blockif bc = {
		.fd = -1, .cached_fd = fd, .direct_io = true, .align = 4096
	};
	struct iovec iov = { data, 512 };
	struct blockif_req req = { .op = BOP_WRITE,
				   .offset = 512,
				   .len = 512,
				   .iov = &iov,
				   .iovcnt = 1 };

	(void)state;
	unlink(path);
	memset(data, 'x', sizeof(data));
	assert_false(block_aligned(&bc, &req));
	assert_int_equal(block_sync(&bc, &req), 0);
	assert_int_equal(pread(fd, back, 1024, 0), 1024);
	assert_memory_equal(back + 512, data, 512);
	req.offset = 4096;
	iov = (struct iovec){ data, 4096 };
	req.len = 4096;
	assert_true(block_aligned(&bc, &req));
	close(fd);
}

/* Small systems written for QEMU do this, and QEMU serves them. */
static void without_version_1(void **state)
{
	uint32_t n;

	(void)state;
	for (int pci = 0; pci < 2; pci++) {
		start(pci, 0, "");
		drv_init(&drv, false, 16, DRV_DESC);
		assert_true(vdev_negotiate(&dev, 0));
		vdev_queue(&dev, 0, &drv);
		vdev_driver_ok(&dev);
		assert_int_equal(request(T_IN, 0, 512, true, &n), OK);
	}
}

/* A reset waits for requests in flight: nothing is written afterwards. */
static void resets_under_load(void **state)
{
	int round;

	(void)state;
	start(true, 0, "");
	fill_sector(0, 0x99);
	for (round = 0; round < 500; round++) {
		add_reads(5, 0, 4096);
		vdev_kick(&dev, 0);
		vdev_set_status(&dev, 0);
		memset(guest(DATA), 0x42, 4096);
		drv_init(&drv, round & 1, 16, DRV_DESC);
		vdev_negotiate(&dev, F_VERSION_1 | (round & 1 ? F_PACKED : 0));
		vdev_queue(&dev, 0, &drv);
		vdev_driver_ok(&dev);
		assert_int_equal(*(uint8_t *)guest(DATA), 0x42);
	}
}

/*
 * On virtio-mmio a driver may stop one queue, and use its memory at once
 * (4.2.3.2).
 */
static void stopped_queue_lets_go(void **state)
{
	uint32_t n;
	int round;

	(void)state;
	start(false, 0, "");
	fill_sector(0, 0x99);
	for (round = 0; round < 200; round++) {
		add_reads(5, 0, 4096);
		vdev_kick(&dev, 0);
		wr(dev.base + 0x30, 4, 0); /* QueueSel */
		wr(dev.base + 0x44, 4, 0); /* QueueReady */
		assert_int_equal(rd(dev.base + 0x44, 4), 0);
		memset(guest(DATA), 0x42, 4096);
		drv_init(&drv, false, 16, DRV_DESC);
		vdev_queue(&dev, 0, &drv);
		assert_int_equal(*(uint8_t *)guest(DATA), 0x42);
		assert_int_equal(vdev_status(&dev), 15);
	}
	assert_int_equal(request(T_IN, 0, 512, true, &n), OK);
}

static void bad_configuration(void **state)
{
	static const char *const bad[] = {
		"3,virtio-blk",
		"3,virtio-blk,/nonexistent",
		"3,virtio-blk,/dev/null",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		machine_init();
		assert_int_equal(pci_parse_slot(bad[i]), 0);
		assert_true(DIES(machine_start(true)));
		assert_non_null(strstr(last_message, "virtio-blk"));
	}
}

static void bad_sector_sizes(void **state)
{
	static const char *const bad[] = { "0",	       "x",    "100",
					   "4096/512", "512/", "512/4096x",
					   "131072" };
	char slot[128];
	unsigned int i;

	(void)state;
	new_image();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		machine_init();
		snprintf(slot, sizeof(slot), "3,virtio-blk,%s,ro,sectorsize=%s",
			 image, bad[i]);
		assert_int_equal(pci_parse_slot(slot), 0);
		assert_true(DIES(machine_start(true)));
		assert_non_null(strstr(last_message, "sectorsize"));
	}
	unlink(image);
}

/* The machine is reset in the middle of requests, and a new driver starts. */
static void machine_reset(void **state)
{
	uint32_t n;

	for (int pci = 0; pci < 2; pci++) {
		start(pci, 0, "");
		assert_int_equal(request(T_OUT, 9, 512, false, &n), OK);
		reset_devices();
		assert_int_equal(vdev_status(&dev), 0);
		assert_false(irq_level[pci ? 32 + 3 + 3 : 32 + 16 + 3]);
		/* The queue is off: a buffer in it is not taken. */
		vdev_kick(&dev, 0);
		drv_init(&drv, false, 16, DRV_DESC);
		assert_true(vdev_negotiate(&dev, F_VERSION_1));
		vdev_queue(&dev, 0, &drv);
		vdev_driver_ok(&dev);
		assert_int_equal(request(T_IN, 9, 512, true, &n), OK);
	}
	(void)state;
}

/* The machine of start(), around the guest that is there; unlinked images stay open. */
static char slot_text[160];

static int start_again(bool pci, const char *options)
{
	machine_again();
	new_image();
	snprintf(slot_text, sizeof(slot_text), "3,virtio-blk,%s,ser=moved%s",
		 image, options);
	assert_int_equal(pci_parse_slot(slot_text), 0);
	machine_start(!pci);
	return unlink(image);
}

static int start_pci_again(void **state)
{
	(void)state;
	return start_again(true, "");
}

/* Requests go on where they were, with the same rings, lines and vectors. */
static void move_between_requests(bool pci, uint64_t features)
{
	uint32_t n;

	start(pci, features, "");
	for (int i = 0; i < 5; i++)
		assert_int_equal(request(T_IN, 0, 512, true, &n), OK);
	for (int i = 0; i < 20; i++) {
		save_all();
		assert_int_equal(start_again(pci, ""), 0);
		load_all();
		machine_events();
		fill_sector(7, i + 1);
		assert_int_equal(request(T_IN, 7, 512, true, &n), OK);
		assert_int_equal(*(uint8_t *)guest(DATA), i + 1);
		forget_saved();
	}
	/* The guest's disk keeps its serial number. */
	assert_int_equal(request(T_GET_ID, 0, 20, true, &n), OK);
	assert_memory_equal(guest(DATA), "BHYVE-", 6);
}

static void moves(void **state)
{
	(void)state;
	move_between_requests(false, F_FLUSH);
	move_between_requests(false, F_PACKED | F_EVENT_IDX);
	move_between_requests(true, F_INDIRECT | F_EVENT_IDX);
	move_between_requests(true, F_PACKED);
}

/* The driver makes a buffer available before the move, without a notification. */
static void buffers_under_way_move(void **state)
{
	uint32_t n;
	uint16_t id;

	(void)state;
	start(true, 0, "");
	add_reads(1, 7, 512);
	save_all();
	start_pci_again(NULL);
	fill_sector(7, 0x77);
	load_all();
	machine_events();
	assert_true(vdev_wait(&drv, &id, &n));
	assert_int_equal(*(uint8_t *)guest(DATA), 0x77);
	load_damaged(start_pci_again);
	forget_saved();
}

static void another_disk_is_named(void **state)
{
	(void)state;
	start(false, F_DISCARD, "");
	save_all();
	start_again(false, ",nodelete");
	assert_string_equal(
		load_one(0),
		"its driver uses features 0x2000 that are not offered here:"
		" give the disk or the network the same options");
	start(false, 0, "");
	save_all();
	start_again(false, ",ro");
	assert_string_equal(load_one(0),
			    "whether it is read-only is 0 in the snapshot and 1"
			    " here: start bhyve with the same configuration");
	start_again(true, "");
	assert_string_not_equal(load_one(0), "");
	forget_saved();
}

/* A snapshot waits for the disk. */
static void requests_in_flight_are_waited_for(void **state)
{
	uint32_t n;
	uint16_t id;

	(void)state;
	start(true, 0, "");
	add_reads(4, 7, 512);
	vdev_kick(&dev, 0);
	save_all();
	for (int i = 0; i < 4; i++)
		assert_true(drv_used(&drv, &id, &n));
	forget_saved();
}

/* 4.1.4.3 and 4.2.2: where the configuration's generation is. */
static uint32_t generation(void)
{
	return dev.pci ? rd(dev.base + 21, 1) : rd(dev.base + 0xfc, 4);
}

/* Bit 1 of the interrupt status: the configuration has changed (4.1.4.5, 4.2.2). */
static bool take_config_interrupt(void)
{
	uint32_t why =
		rd(dev.base + (dev.pci ? 0x1000 : 0x60), dev.pci ? 1 : 4);

	if (!dev.pci)
		wr(dev.base + 0x64, 4, why);
	return why & 2;
}

static int grow(uint64_t size, uint64_t *now)
{
	const char *why = "";
	int error;

	*now = size;
	error = virtio_grow(3, 0, now, &why);
	snprintf(last_message, sizeof(last_message), "%s", error ? why : "");
	return error;
}

static void expect_grown(uint64_t sectors, uint32_t before)
{
	uint32_t n;

	assert_int_not_equal(generation(), before);
	assert_true(take_config_interrupt());
	assert_int_equal(vdev_config(&dev, 0, 8), sectors);
	assert_int_equal(request(T_OUT, sectors - 1, 512, false, &n), OK);
	assert_int_equal(request(T_OUT, sectors, 512, false, &n), IOERR);
}

static void grows(void **state)
{
	uint64_t size;
	uint32_t n;

	(void)state;
	for (int pci = 0; pci < 2; pci++) {
		start(pci, 0, "");
		assert_int_equal(request(T_OUT, SECTORS, 512, false, &n),
				 IOERR);
		take_config_interrupt();
		n = generation();
		/* The image has grown, and by no whole sector in the end. */
		assert_int_equal(ftruncate(image_fd, SECTORS * 1024 + 511), 0);
		assert_int_equal(vdev_config(&dev, 0, 8), SECTORS);
		assert_int_equal(grow(0, &size), 0);
		assert_int_equal(size, SECTORS * 1024);
		expect_grown(SECTORS * 2, n);
		/* It is made longer. */
		n = generation();
		assert_int_equal(grow(SECTORS * 2048, &size), 0);
		assert_int_equal(size, SECTORS * 2048);
		assert_int_equal(lseek(image_fd, 0, SEEK_END), SECTORS * 2048);
		expect_grown(SECTORS * 4, n);
	}
}

static void never_shrinks(void **state)
{
	uint64_t size;
	uint32_t before;

	(void)state;
	start(true, 0, "");
	before = generation();
	assert_true(grow(SECTORS * 256, &size) < 0);
	assert_non_null(strstr(last_message, "does not shrink"));
	assert_true(grow(SECTORS * 512 + 1, &size) < 0);
	assert_non_null(strstr(last_message, "sectors"));
	assert_int_equal(lseek(image_fd, 0, SEEK_END), SECTORS * 512);
	assert_int_equal(ftruncate(image_fd, SECTORS * 1024), 0);
	assert_true(grow(SECTORS * 512, &size) < 0);
	assert_non_null(strstr(last_message, "leave out SIZE"));
	assert_int_equal(ftruncate(image_fd, SECTORS * 256), 0);
	assert_true(grow(0, &size) < 0);
	assert_non_null(strstr(last_message, "truncate"));
	assert_int_equal(vdev_config(&dev, 0, 8), SECTORS);
	assert_int_equal(generation(), before);
	assert_false(take_config_interrupt());
}

static void grows_readonly(void **state)
{
	const char *why;
	uint64_t size;

	(void)state;
	start(true, 0, ",ro");
	assert_true(grow(SECTORS * 1024, &size) < 0);
	assert_non_null(strstr(last_message, "read-only"));
	assert_int_equal(ftruncate(image_fd, SECTORS * 1024), 0);
	assert_int_equal(grow(0, &size), 0);
	assert_int_equal(vdev_config(&dev, 0, 8), SECTORS * 2);
	assert_true(virtio_grow(4, 0, &size, &why) < 0);
	assert_non_null(strstr(why, "no disk"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(buffers_under_way_move),
		cmocka_unit_test(another_disk_is_named),
		cmocka_unit_test(requests_in_flight_are_waited_for),
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(without_eventfds),
		cmocka_unit_test(config_space),
		cmocka_unit_test(out_of_range),
		cmocka_unit_test(chain_of_4_gib),
		cmocka_unit_test(unaligned_direct),
		cmocka_unit_test(readonly),
		cmocka_unit_test(identity),
		cmocka_unit_test(ranges),
		cmocka_unit_test(no_discard),
		cmocka_unit_test(any_framing),
		cmocka_unit_test(broken_requests),
		cmocka_unit_test(recovery),
		cmocka_unit_test(resets_under_load),
		cmocka_unit_test(features_unasked),
		cmocka_unit_test(without_version_1),
		cmocka_unit_test(direct_on_large_sectors),
		cmocka_unit_test(stopped_queue_lets_go),
		cmocka_unit_test(bad_configuration),
		cmocka_unit_test(bad_sector_sizes),
		cmocka_unit_test(machine_reset),
		cmocka_unit_test(grows),
		cmocka_unit_test(never_shrinks),
		cmocka_unit_test(grows_readonly),
	};

	threads_release(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
