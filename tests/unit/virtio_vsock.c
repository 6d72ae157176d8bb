/* SPDX-License-Identifier: BSD-2-Clause */
/* The socket device: what the driver sees, and when the host's kernel has the rings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/eventfd.h>

#include "bhyve/machine/written.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/virtio/virtio.h"
#include "tests/unit/saved.h"
#include "tests/unit/vhost_fake.h"
#include "tests/unit/virtio_machine.h"

#define F_SEQPACKET (1ull << 1)

static struct vdev dev;
static struct driver drv[3];

static void make(const char *transport, const char *slot)
{
	machine_init();
	fake_vhost = true;
	assert_int_equal(pci_parse_slot(slot), 0);
	machine_start_on(transport);
}

static void set_up(unsigned int nqueues)
{
	unsigned int i;

	assert_true(vdev_negotiate(&dev, F_VERSION_1 | F_SEQPACKET));
	for (i = 0; i < nqueues; i++) {
		drv_init(&drv[i], false, 8, DRV_DESC + i * DRV_RINGS_SIZE);
		vdev_queue(&dev, i, &drv[i]);
	}
	vdev_driver_ok(&dev);
}

static void lives(bool pci)
{
	make(pci ? "pci" : "mmio", "5,virtio-vsock,cid=0x10003");
	vdev_find(&dev, pci, 5);
	assert_int_equal(fake_vhost_cid, 0x10003);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x10003);
	assert_int_equal(vdev_config(&dev, 4, 4), 0);
	set_up(3);
	assert_int_equal(fake_vhost_agreed, F_VERSION_1 | F_SEQPACKET);
	assert_true(fake_rings[0].running && fake_rings[1].running);
	assert_null(fake_rings[2].ring); /* the event queue */
	vdev_set_status(&dev, 0);
	assert_null(fake_rings[0].ring);
	assert_null(fake_rings[1].ring);
	set_up(3);
	assert_int_equal(fake_rings[0].from, 0);
	vdev_set_status(&dev, 0);
}

static void on_both(void **state)
{
	(void)state;
	lives(true);
	lives(false);
}

/* The back end says that a ring is broken: the user is told once, the driver resets. */
static void broken(void **state)
{
	struct vhost *vhost;

	(void)state;
	make("mmio", "5,virtio-vsock,cid=3");
	vdev_find(&dev, false, 5);
	set_up(3);
	vhost = fake_rings[0].ring->vhost;
	last_message[0] = '\0';
	eventfd_write(vhost->error_fd, 1);
	machine_events();
	assert_non_null(strstr(last_message, "back end finds a ring broken"));
	assert_true(vdev_status(&dev) & S_NEEDS_RESET);
	assert_null(fake_rings[0].ring);
	/* A notification of the driver does not hand the rings over again. */
	vdev_kick(&dev, 1);
	machine_events();
	assert_null(fake_rings[0].ring);
	/*
	 * A report that arrives when the driver resets the device is about the old
	 * rings, and does not stop the new ones.
	 */
	last_message[0] = '\0';
	eventfd_write(vhost->error_fd, 1);
	vdev_set_status(&dev, 0);
	set_up(3);
	machine_events();
	assert_true(fake_rings[0].running);
	assert_false(vdev_status(&dev) & S_NEEDS_RESET);
	assert_string_equal(last_message, "");
	vdev_set_status(&dev, 0);
}

/* A device that is younger than 1.0 (4.1.2.1 and 4.1.2.2). */
static void identity(void **state)
{
	(void)state;
	make("pci", "5,virtio-vsock,cid=3");
	assert_int_equal(rd(CFG(5, 0), 4), 0x10531af4);
	assert_in_range(rd(CFG(5, 8), 1), 1, 255);
	assert_in_range(rd(CFG(5, 0x2e), 2), 0x40, 0xffff);
	assert_int_equal(rd(CFG(5, 0x10), 4), 0); /* no legacy interface */
}

static void one_ring(void **state)
{
	(void)state;
	make("mmio", "5,virtio-vsock,cid=3");
	vdev_find(&dev, false, 5);
	set_up(1);
	assert_true(vdev_status(&dev) & S_NEEDS_RESET);
	assert_null(fake_rings[0].ring);
}

/* The guest is told that its connections are gone (5.10.6.7). */
static void moved(void **state)
{
	struct seg event = { DRV_BUFFERS, 4, true };
	uint16_t id;
	uint32_t len;

	(void)state;
	make("mmio", "5,virtio-vsock,cid=3");
	vdev_find(&dev, false, 5);
	set_up(3);
	memset(guest(DRV_BUFFERS), 0xff, 4);
	drv_add(&drv[2], &event, 1);
	vdev_kick(&dev, 2);
	assert_false(drv_used(&drv[2], &id, &len));
	save_all();
	assert_null(fake_rings[0].ring);
	load_all();
	machine_events();
	assert_int_equal(fake_rings[0].from, 5);
	assert_true(drv_used(&drv[2], &id, &len));
	assert_int_equal(len, 4);
	assert_memory_equal(guest(DRV_BUFFERS), "\0\0\0\0", 4);
	vdev_set_status(&dev, 0);
	forget_saved();
}

/* Nobody else can move what is in its rings: that waits for the kernel. */
static void taken_back(void **state)
{
	(void)state;
	make("mmio", "5,virtio-vsock,cid=3");
	vdev_find(&dev, false, 5);
	set_up(3);
	assert_int_equal(written_begin(guest(GUEST_RAM), GUEST_RAM_SIZE), 0);
	save_all();
	vdev_kick(&dev, 1);
	machine_events();
	assert_null(fake_rings[1].ring);
	written_end();
	virtio_hold(false);
	machine_events();
	assert_true(fake_rings[0].running && fake_rings[1].running);
	vdev_set_status(&dev, 0);
	forget_saved();
}

static void mistakes(void **state)
{
	static const char *const bad[] = { "5,virtio-vsock",
					   "5,virtio-vsock,cid=2",
					   "5,virtio-vsock,cid=0xffffffff",
					   "5,virtio-vsock,cid=x" };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_true(DIES(make("pci", bad[i])));
		assert_non_null(strstr(last_message, "cid"));
	}
	assert_true(DIES(make("legacy", "5,virtio-vsock,cid=3")));
	machine_init();
	fake_vhost = false;
	assert_int_equal(pci_parse_slot("5,virtio-vsock,cid=3"), 0);
	assert_true(DIES(machine_start_on("pci")));
	assert_non_null(strstr(last_message, "modprobe vhost_vsock"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_both),    cmocka_unit_test(identity),
		cmocka_unit_test(one_ring),   cmocka_unit_test(moved),
		cmocka_unit_test(mistakes),   cmocka_unit_test(broken),
		cmocka_unit_test(taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
