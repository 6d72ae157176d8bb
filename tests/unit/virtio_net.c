/* SPDX-License-Identifier: BSD-2-Clause */
/* The network device in a whole machine; a socket stands for the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/machine/written.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/virtio/virtio.h"
#include "tests/unit/saved.h"
#include "tests/unit/vhost_fake.h"
#include "tests/unit/virtio_machine.h"

/* virtio 1.2, 5.1.3 */
#define F_CTRL_GUEST_OFFLOADS (1ull << 2)
#define F_MAC		      (1ull << 5)
#define F_MRG_RXBUF	      (1ull << 15)
#define F_CTRL_VQ	      (1ull << 17)
#define F_MQ		      (1ull << 22)
#define F_CTRL_MAC_ADDR	      (1ull << 23)
#define HDR		      12
#define LEGACY_HDR	      10

#define RING(n) (DRV_DESC + (n)*DRV_RINGS_SIZE)
/* Behind the rings of seven queues. */
#define BUF(n) (GUEST_RAM + 0x40000 + 0x1000 * (n))

static int wire[NET_MAX_QUEUES];
static unsigned int tap_queues_on, tap_nqueues;
static int tap_header;
static uint64_t tap_offloads;
static bool tap_vnet_hdr;

void net_tap_open(struct net_backend *be, struct config_node *node,
		  unsigned int max, const char *tag)
{
	unsigned int i;
	int fds[2];

	(void)node, (void)tag;
	be->nqueues = max < tap_nqueues ? max : tap_nqueues;
	be->vnet_hdr = tap_vnet_hdr;
	be->offloads = tap_vnet_hdr ? VIRTIO_NET_F_CSUM | NET_GUEST_OFFLOADS :
				      0;
	for (i = 0; i < be->nqueues; i++) {
		assert_int_equal(socketpair(AF_UNIX,
					    SOCK_SEQPACKET | SOCK_NONBLOCK, 0,
					    fds),
				 0);
		be->fd[i] = fds[0];
		wire[i] = fds[1];
	}
}

void net_tap_set_offloads(struct net_backend *be, uint64_t features)
{
	(void)be;
	tap_offloads = features;
}

void net_tap_set_header(struct net_backend *be)
{
	tap_header = be->hdr_len;
}

void net_tap_set_queues(struct net_backend *be, unsigned int n)
{
	(void)be;
	tap_queues_on = n;
}

void net_fd_open(struct net_backend *be, struct config_node *node,
		 const char *tag)
{
	net_slirp_open(be, node, tag);
}

int net_attached_open(struct net_backend *be, struct config_node *node,
		      const char *tag)
{
	net_slirp_open(be, node, tag);
	return 0;
}

int net_passt_open(struct net_backend *be, struct config_node *node,
		   const char *tag)
{
	net_slirp_open(be, node, tag);
	return 0;
}

void net_slirp_open(struct net_backend *be, struct config_node *node,
		    const char *tag)
{
	net_tap_open(be, node, 1, tag);
}

static struct vdev dev;
static struct driver drv[7];

static void start_with(bool pci, const char *slot, uint64_t features,
		       unsigned int nqueues)
{
	unsigned int i;

	assert_int_equal(pci_parse_slot(slot), 0);
	machine_start(!pci);
	vdev_find(&dev, pci, 5);
	assert_true(vdev_negotiate(&dev, F_VERSION_1 | features));
	for (i = 0; i < nqueues; i++) {
		drv_init(&drv[i], features & F_PACKED, 8, RING(i));
		vdev_queue(&dev, i, &drv[i]);
	}
	vdev_driver_ok(&dev);
}

static void start(bool pci, uint64_t features)
{
	machine_init();
	tap_nqueues = 1;
	tap_vnet_hdr = false;
	start_with(pci, "5,virtio-net,tap0", features, 3);
}

static void sends(bool pci, uint64_t features)
{
	struct seg segs[] = { { BUF(0), HDR, false },
			      { BUF(1), 60, false },
			      { BUF(2), 40, false } };
	char got[200];
	uint16_t id;
	uint32_t len;

	start(pci, features);
	memset(guest(BUF(1)), 'a', 60);
	memset(guest(BUF(2)), 'b', 40);
	drv_add(&drv[1], segs, 3);
	vdev_kick(&dev, 1);
	assert_int_equal(read(wire[0], got, sizeof(got)), 100);
	assert_int_equal(got[59], 'a');
	assert_int_equal(got[60], 'b');
	assert_true(drv_used(&drv[1], &id, &len));
	assert_int_equal(len, 0);
	/* Header and frame in one buffer; and a buffer without a frame. */
	segs[0].len = HDR + 70;
	drv_add(&drv[1], segs, 1);
	segs[0].len = HDR;
	drv_add(&drv[1], segs, 1);
	vdev_kick(&dev, 1);
	assert_int_equal(read(wire[0], got, sizeof(got)), 70);
	assert_int_equal(read(wire[0], got, sizeof(got)), -1);
	assert_true(drv_used(&drv[1], &id, &len));
	assert_true(drv_used(&drv[1], &id, &len));
}

static void transmits(void **state)
{
	(void)state;
	sends(false, 0);
	sends(true, F_PACKED);
}

/*
 * A device from before 1.0: the short header both ways, no VERSION_1 or
 * MRG_RXBUF. The driver may use it before DRIVER_OK (3.1.2).
 */
static void legacy(void **state)
{
	struct seg out[] = { { BUF(0), LEGACY_HDR, false },
			     { BUF(1), 60, false } };
	struct seg in[] = { { BUF(2), LEGACY_HDR, true },
			    { BUF(3), 1600, true } };
	char frame[100];
	uint16_t id;
	uint32_t len;
	unsigned int i;

	(void)state;
	machine_init();
	set_config_value("cpus", "4");
	tap_nqueues = 4;
	tap_vnet_hdr = false;
	assert_int_equal(pci_parse_slot("5,virtio-net,tap0"), 0);
	machine_start_on("legacy");
	vdev_find(&dev, false, 5);
	assert_int_equal(rd(dev.base + 4, 4), 1);
	assert_false(vdev_features(&dev) &
		     (F_VERSION_1 | F_PACKED | F_MRG_RXBUF | F_MQ));
	vdev_write_features(&dev, F_MAC);
	for (i = 0; i < 2; i++) {
		drv_init_legacy(&drv[i], 8, RING(i));
		assert_int_equal(rd(dev.base + 0x40, 4), 0);
		vdev_queue(&dev, i, &drv[i]);
		assert_int_equal(rd(dev.base + 0x40, 4), RING(i) / 4096);
		wr(dev.base + 0x30, 4, 1);
	}
	memset(guest(BUF(1)), 'a', 60);
	drv_add(&drv[1], out, 2);
	vdev_kick(&dev, 1);
	assert_int_equal(read(wire[0], frame, sizeof(frame)), 60);
	assert_int_equal(frame[59], 'a');
	assert_true(drv_used(&drv[1], &id, &len));
	vdev_set_status(&dev, 7);
	assert_int_equal(vdev_status(&dev) & 7, 7);
	assert_int_equal(write(wire[0], frame, 100), 100);
	memset(guest(BUF(2)), 0xff, LEGACY_HDR);
	drv_add(&drv[0], in, 2);
	vdev_kick(&dev, 0);
	machine_events();
	assert_true(drv_used(&drv[0], &id, &len));
	assert_int_equal(len, LEGACY_HDR + 100);
	assert_memory_equal(guest(BUF(3)), frame, 100);
	assert_memory_equal(guest(BUF(2)), "\0\0\0\0\0\0\0\0\0\0", LEGACY_HDR);
}

/* Mistakes of a driver from before 1.0, and stopping a queue. */
static void legacy_queues(void **state)
{
	static const struct {
		uint32_t page_size, align, pfn;
	} bad[] = { { 0, 4096, 0x40000 },  { 4096, 0, 0x40000 },
		    { 4096, 12, 0x40000 }, { 4096, 4096, 1 },
		    { 4096, 2, 0x40000 },  { ~0u, 4096, ~0u } };
	unsigned int i;

	(void)state;
	machine_init();
	tap_nqueues = 1;
	tap_vnet_hdr = false;
	assert_int_equal(pci_parse_slot("5,virtio-net,tap0"), 0);
	machine_start_on("legacy");
	vdev_find(&dev, false, 5);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		vdev_write_features(&dev, F_MAC);
		wr(dev.base + 0x38, 4, 2);
		wr(dev.base + 0x28, 4, bad[i].page_size);
		wr(dev.base + 0x3c, 4, bad[i].align);
		wr(dev.base + 0x40, 4, bad[i].pfn);
		assert_true(vdev_status(&dev) & S_NEEDS_RESET);
	}
	vdev_write_features(&dev, F_MAC);
	drv_init_legacy(&drv[0], 8, RING(0));
	vdev_queue(&dev, 0, &drv[0]);
	wr(dev.base + 0x28, 4, 0);
	assert_int_equal(rd(dev.base + 0x40, 4), 0);
	wr(dev.base + 0x28, 4, 4096);
	wr(dev.base + 0x40, 4, 0);
	assert_int_equal(rd(dev.base + 0x40, 4), 0);
	assert_false(vdev_status(&dev) & S_NEEDS_RESET);
}

/*
 * Sends and receives a frame, each with a header of hdr bytes. The device may be a
 * modern or a legacy one.
 */
static void exchange(struct vdev *v, unsigned int hdr)
{
	struct seg out[] = { { BUF(0), hdr, false }, { BUF(1), 60, false } };
	struct seg in = { BUF(2), 1600, true };
	char frame[200];
	uint16_t id;
	uint32_t len;

	memset(guest(BUF(1)), 'a', 60);
	drv_add(&drv[1], out, 2);
	vdev_kick(v, 1);
	machine_events();
	assert_int_equal(read(wire[0], frame, sizeof(frame)), 60);
	assert_true(drv_used(&drv[1], &id, &len));
	drv_add(&drv[0], &in, 1);
	vdev_kick(v, 0);
	assert_int_equal(write(wire[0], frame, 60), 60);
	machine_events();
	assert_true(drv_used(&drv[0], &id, &len));
	assert_int_equal(len, hdr + 60);
	assert_int_equal(*(char *)guest(BUF(2) + hdr + 59), 'a');
}

static void set_up(struct vdev *v, uint64_t features)
{
	unsigned int i;

	vdev_write_features(v, features);
	for (i = 0; i < 2; i++) {
		if (v->legacy)
			drv_init_legacy(&drv[i], 256, RING(i));
		else
			drv_init(&drv[i], false, 8, RING(i));
		vdev_queue(v, i, &drv[i]);
	}
	vdev_driver_ok(v);
}

/* One device on PCI, three drivers in turn: a loader's, of before 1.0, a kernel's
 * of 1.0, and a legacy one again. */
static void transitional(void **state)
{
	struct vdev ports;
	int turn;

	(void)state;
	machine_init();
	set_config_value("cpus", "4");
	tap_nqueues = 4;
	tap_vnet_hdr = false;
	assert_int_equal(pci_parse_slot("5,virtio-net,tap0"), 0);
	machine_start_on("pci");
	assert_int_equal(rd(CFG(5, 2), 2), 0x1000); /* 4.1.2.1 */
	assert_int_equal(rd(CFG(5, 8), 1), 0);
	assert_int_equal(rd(CFG(5, 0x2e), 2), 1);
	vdev_find(&dev, true, 5);
	vdev_find_ports(&ports, 5);
	/* Where EDK2 puts it. */
	wr(CFG(5, 0x10), 4, 0);
	vdev_find_ports(&ports, 5);
	for (turn = 0; turn < 2; turn++) {
		assert_false(vdev_features(&ports) & (F_MRG_RXBUF | F_MQ));
		set_up(&ports, F_MAC);
		exchange(&ports, LEGACY_HDR);
		assert_int_equal(vdev_config(&ports, 0, 1) |
					 vdev_config(&ports, 1, 1) << 8 |
					 vdev_config(&ports, 2, 1) << 16,
				 0x98a000);
		vdev_set_status(&ports, 0);
		assert_true(vdev_features(&dev) & F_MRG_RXBUF);
		set_up(&dev, F_VERSION_1 | F_MAC);
		exchange(&dev, HDR);
		vdev_set_status(&dev, 0);
	}
}

/*
 * A driver of 1.0's interface that leaves VERSION_1 out: QEMU's device serves it, with
 * the header of 5.1.6.1's legacy driver.
 */
static void without_version_1(void **state)
{
	static const bool on_pci[] = { false, true };
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		start(on_pci[i], 0);
		exchange(&dev, HDR);
		set_up(&dev, F_MAC);
		exchange(&dev, LEGACY_HDR);
		set_up(&dev, F_MAC | F_MRG_RXBUF);
		exchange(&dev, HDR);
		set_up(&dev, F_VERSION_1 | F_MAC);
		exchange(&dev, HDR);
	}
}

/* The backend that strips headers itself is told of their length. */
static void transitional_tap(void **state)
{
	struct vdev ports;

	(void)state;
	machine_init();
	tap_nqueues = 1;
	tap_vnet_hdr = true;
	assert_int_equal(pci_parse_slot("5,virtio-net,tap0"), 0);
	machine_start_on("pci");
	vdev_find(&dev, true, 5);
	vdev_find_ports(&ports, 5);
	set_up(&ports, F_MAC);
	assert_int_equal(tap_header, LEGACY_HDR);
	/* Another driver's word changes nothing before a reset. */
	vdev_features(&dev);
	assert_int_equal(tap_header, LEGACY_HDR);
	set_up(&dev, F_VERSION_1 | F_MAC);
	assert_int_equal(tap_header, HDR);
	set_up(&dev, F_MAC);
	assert_int_equal(tap_header, LEGACY_HDR);
}

/* The wire is full: frames wait, none is lost, and they go in order. */
static void waits_for_the_wire(void **state)
{
	struct seg seg = { BUF(0), HDR + 1000, false };
	unsigned int sent = 0, seen = 0;
	uint16_t id;
	uint32_t len;
	char got[2000];

	(void)state;
	start(false, 0);
	while (seen < 2000) {
		if (sent < 2000) {
			seg.gpa = BUF(sent % 8);
			memcpy(guest(seg.gpa + HDR), &sent, sizeof(sent));
			drv_add(&drv[1], &seg, 1);
			sent++;
			vdev_kick(&dev, 1);
		}
		if (drv_used(&drv[1], &id, &len) && sent < 2000)
			continue;
		/* The wire is read only when eight frames are under way. */
		while (read(wire[0], got, sizeof(got)) == 1000) {
			assert_memory_equal(got, &seen, sizeof(seen));
			seen++;
		}
		machine_events();
		while (drv_used(&drv[1], &id, &len))
			;
	}
	assert_int_equal(seen, sent);
}

static void receive(bool pci, uint64_t features)
{
	struct seg segs[] = { { BUF(0), HDR, true }, { BUF(1), 1600, true } };
	uint16_t id, nbuffers;
	char frame[100];
	uint32_t len;

	start(pci, features);
	memset(frame, 'x', sizeof(frame));
	memset(guest(BUF(0)), 0xff, HDR);
	/* A frame that comes before there are buffers waits. */
	assert_int_equal(write(wire[0], frame, 100), 100);
	machine_events();
	drv_add(&drv[0], segs, 2);
	vdev_kick(&dev, 0);
	machine_events();
	assert_true(drv_used(&drv[0], &id, &len));
	assert_int_equal(len, HDR + 100);
	assert_memory_equal(guest(BUF(1)), frame, 100);
	memcpy(&nbuffers, guest(BUF(0) + 10), 2);
	assert_int_equal(nbuffers, 1);
	assert_int_equal(*(uint8_t *)guest(BUF(0)), 0);
}

static void receives(void **state)
{
	(void)state;
	receive(false, 0);
	receive(true, F_PACKED | F_EVENT_IDX);
}

/* One frame in several buffers, all published at once (5.1.6.3.2). */
static void merges_buffers(void **state)
{
	struct seg seg = { 0, 1500, true };
	uint16_t id, nbuffers;
	char frame[4000];
	uint32_t len;
	int i;

	(void)state;
	start(false, F_MRG_RXBUF);
	for (i = 0; i < 4; i++) {
		seg.gpa = BUF(i);
		drv_add(&drv[0], &seg, 1);
	}
	vdev_kick(&dev, 0);
	memset(frame, 'y', sizeof(frame));
	assert_int_equal(write(wire[0], frame, 4000), 4000);
	machine_events();
	memcpy(&nbuffers, guest(BUF(0) + 10), 2);
	assert_int_equal(nbuffers, 3);
	for (i = 0; i < 3; i++) {
		assert_true(drv_used(&drv[0], &id, &len));
		assert_int_equal(len, i < 2 ? 1500 : HDR + 4000 - 3000);
	}
	assert_false(drv_used(&drv[0], &id, &len));
	/* Longer than all buffers: the frame is dropped, the buffers stay. */
	assert_int_equal(write(wire[0], frame, 4000), 4000);
	assert_int_equal(write(wire[0], frame, 60), 60);
	machine_events();
	assert_true(drv_used(&drv[0], &id, &len));
	assert_int_equal(len, HDR + 60);
}

static int control(uint8_t class, uint8_t command, const void *data,
		   uint32_t len, unsigned int q)
{
	struct seg segs[] = { { BUF(0), 2, false },
			      { BUF(1), len, false },
			      { BUF(2), 1, true } };
	uint16_t id;
	uint32_t n;

	memcpy(guest(BUF(0)), (uint8_t[]){ class, command }, 2);
	memcpy(guest(BUF(1)), data, len);
	*(uint8_t *)guest(BUF(2)) = 0xff;
	drv_add(&drv[q], segs, 3);
	vdev_kick(&dev, q);
	assert_true(drv_used(&drv[q], &id, &n));
	assert_int_equal(n, 1);
	return *(uint8_t *)guest(BUF(2));
}

static void control_mac(void **state)
{
	static const uint8_t mac[] = { 2, 3, 4, 5, 6, 7 }, group[6] = { 1 };
	uint64_t before;

	(void)state;
	start(true, F_CTRL_VQ | F_CTRL_MAC_ADDR | F_MAC);
	before = vdev_config(&dev, 0, 4);
	assert_int_equal(control(1, 1, mac, 6, 2), 0);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x05040302);
	assert_int_equal(control(1, 1, group, 6, 2), 1);
	assert_int_equal(control(1, 1, mac, 5, 2), 1);
	assert_int_equal(control(1, 7, mac, 6, 2), 1);
	assert_int_equal(control(99, 0, mac, 6, 2), 1);
	vdev_set_status(&dev, 0);
	assert_int_equal(vdev_config(&dev, 0, 4), before);
}

static void control_offloads(void **state)
{
	uint64_t some = VIRTIO_NET_F_GUEST_CSUM, none = 0,
		 more = VIRTIO_NET_F_GUEST_TSO4;

	(void)state;
	machine_init();
	tap_nqueues = 1;
	tap_vnet_hdr = true;
	start_with(true, "5,virtio-net,tap0",
		   F_CTRL_VQ | F_CTRL_GUEST_OFFLOADS | some, 3);
	assert_int_equal(tap_offloads, some);
	assert_int_equal(control(5, 0, &none, 8, 2), 0);
	assert_int_equal(tap_offloads, 0);
	assert_int_equal(control(5, 0, &some, 8, 2), 0);
	assert_int_equal(tap_offloads, some);
	/* Not negotiated. */
	assert_int_equal(control(5, 0, &more, 8, 2), 1);
	assert_int_equal(control(5, 0, &none, 4, 2), 1);
}

static void many_queues(unsigned int ncpus, const char *slot)
{
	char text[8] = { '0' + ncpus };

	machine_init();
	set_config_value("cpus", text);
	tap_nqueues = 3;
	tap_vnet_hdr = true;
	start_with(true, slot, F_CTRL_VQ | F_MQ, 7);
}

/* One pair is in use until the driver asks for more (5.1.6.5.5). */
static void multiqueue(void **state)
{
	uint16_t pairs = 2, id;
	struct seg seg = { BUF(5), 1600, true };
	uint32_t len;
	char frame[64] = { 0 };

	(void)state;
	many_queues(4, "5,virtio-net,tap0");
	assert_int_equal(vdev_config(&dev, 8, 2), 3);
	assert_int_equal(tap_queues_on, 1);
	drv_add(&drv[2], &seg, 1);
	vdev_kick(&dev, 2);
	assert_int_equal(write(wire[1], frame, 64), 64);
	machine_events();
	assert_false(drv_used(&drv[2], &id, &len));
	/* The control queue is behind all possible pairs. */
	assert_int_equal(control(4, 0, &pairs, 2, 6), 0);
	assert_int_equal(tap_queues_on, 2);
	machine_events();
	assert_true(drv_used(&drv[2], &id, &len));
	assert_int_equal(len, 64);
	pairs = 4;
	assert_int_equal(control(4, 0, &pairs, 2, 6), 1);
	pairs = 0;
	assert_int_equal(control(4, 0, &pairs, 2, 6), 1);
	vdev_set_status(&dev, 0);
	assert_int_equal(tap_queues_on, 1);
}

/*
 * From DRIVER_OK to the reset the host's kernel serves the rings; bhyve leaves their
 * kicks and the wire's frames to it.
 */
static void vhost_pair(void **state)
{
	struct seg seg = { BUF(0), HDR + 60, false };
	char frame[100];
	eventfd_t n;

	(void)state;
	machine_init();
	fake_vhost = true;
	tap_nqueues = 1;
	tap_vnet_hdr = true;
	start_with(true, "5,virtio-net,tap0", F_MRG_RXBUF | F_EVENT_IDX, 3);
	assert_int_equal(fake_vhost_agreed,
			 F_VERSION_1 | F_MRG_RXBUF | F_EVENT_IDX);
	assert_true(fake_rings[0].running && fake_rings[1].running);
	/* bhyve leaves the ring, its kicks and the frames to it. */
	assert_int_equal(eventfd_read(fake_rings[1].ring->vq->kick_fd, &n), 0);
	drv_add(&drv[1], &seg, 1);
	vdev_kick(&dev, 1);
	assert_int_equal(write(wire[0], frame, 60), 60);
	machine_events();
	assert_int_equal(eventfd_read(fake_rings[1].ring->vq->kick_fd, &n), 0);
	assert_int_equal(read(wire[0], frame, sizeof(frame)), -1);
	/*
	 * Without MSI-X bhyve itself interrupts the driver, because it has to set
	 * the ISR register (4.1.4.5).
	 */
	assert_int_equal(rd(dev.base + 0x1000, 1), 0);
	eventfd_write(fake_rings[0].ring->vq->call_fd, 1);
	machine_events();
	assert_int_equal(rd(dev.base + 0x1000, 1), 1);
	vdev_set_status(&dev, 0);
	assert_null(fake_rings[0].ring);
	assert_null(fake_rings[1].ring);
	/*
	 * The driver starts again. Packed rings are not offered, because vhost does
	 * not have them.
	 */
	assert_false(vdev_features(&dev) & F_PACKED);
	assert_true(vdev_negotiate(&dev, F_VERSION_1));
	vdev_queue(&dev, 0, &drv[0]);
	vdev_driver_ok(&dev);
	/* One ring of two is not handed over. */
	assert_null(fake_rings[0].ring);
	fake_vhost = false;
}

/* Pairs come and go as the driver asks; each goes on where it was. */
static void vhost_pairs(void **state)
{
	uint16_t pairs = 2;

	(void)state;
	fake_vhost = true;
	many_queues(4, "5,virtio-net,tap0,vhost");
	assert_non_null(fake_rings[0].ring);
	assert_null(fake_rings[2].ring);
	assert_int_equal(control(4, 0, &pairs, 2, 6), 0);
	assert_non_null(fake_rings[2].ring);
	assert_int_equal(fake_rings[2].from, 0);
	pairs = 1;
	assert_int_equal(control(4, 0, &pairs, 2, 6), 0);
	assert_null(fake_rings[2].ring);
	pairs = 2;
	assert_int_equal(control(4, 0, &pairs, 2, 6), 0);
	assert_int_equal(fake_rings[2].from, 5);
	vdev_set_status(&dev, 0);
	assert_null(fake_rings[0].ring);
	assert_null(fake_rings[2].ring);
	fake_vhost = false;
}

/*
 * The ring's position at which the kernel has stopped is saved, and the kernel goes on
 * from there, here or after a load.
 */
static void vhost_saved(void **state)
{
	(void)state;
	fake_vhost = true;
	many_queues(4, "5,virtio-net,tap0");
	save_all();
	assert_null(fake_rings[0].ring);
	/* It goes on here, */
	vdev_kick(&dev, 0);
	assert_int_equal(fake_rings[0].from, 5);
	vdev_set_status(&dev, 0);
	/* or there. */
	assert_null(fake_rings[0].ring);
	load_all();
	assert_null(fake_rings[0].ring); /* not before all is loaded */
	machine_events();
	assert_int_equal(fake_rings[0].from, 5);
	assert_true(fake_rings[0].running);
	vdev_set_status(&dev, 0);
	forget_saved();
	fake_vhost = false;
}

/*
 * While bhyve has to know of all writes to memory, it moves the frames, from where the
 * kernel has stopped; then the kernel goes on. A device that is held begins nothing.
 */
static void vhost_taken_back(void **state)
{
	struct seg seg = { BUF(0), HDR + 60, false };
	char frame[HDR + 100];

	(void)state;
	machine_init();
	fake_vhost = true;
	tap_nqueues = 1;
	tap_vnet_hdr = true;
	start_with(true, "5,virtio-net,tap0", 0, 3);
	for (unsigned int i = 0; i < 5; i++)
		drv_add(&drv[1], &seg, 1);
	assert_int_equal(written_begin(guest(GUEST_RAM), GUEST_RAM_SIZE), 0);
	save_all();
	machine_events();
	assert_null(fake_rings[1].ring);
	virtio_hold(true);
	drv_add(&drv[1], &seg, 1);
	vdev_kick(&dev, 1);
	machine_events();
	assert_int_equal(read(wire[0], frame, sizeof(frame)), -1);
	virtio_hold(false);
	machine_events();
	assert_int_equal(read(wire[0], frame, sizeof(frame)), HDR + 60);
	assert_int_equal(read(wire[0], frame, sizeof(frame)), -1);
	assert_null(fake_rings[1].ring);
	written_end();
	virtio_hold(false);
	machine_events();
	assert_int_equal(fake_rings[1].from, 6);
	assert_true(fake_rings[1].running);
	vdev_set_status(&dev, 0);
	forget_saved();
	fake_vhost = false;
}

/* A legacy driver's short header is the tap's; a queue's address of 0 stops it. */
static void vhost_legacy(void **state)
{
	(void)state;
	machine_init();
	fake_vhost = true;
	tap_nqueues = 1;
	tap_vnet_hdr = true;
	assert_int_equal(pci_parse_slot("5,virtio-net,tap0"), 0);
	machine_start_on("legacy");
	vdev_find(&dev, false, 5);
	set_up(&dev, F_MAC);
	assert_int_equal(fake_vhost_agreed, 0);
	assert_non_null(fake_rings[0].ring);
	wr(dev.base + 0x30, 4, 0);
	wr(dev.base + 0x40, 4, 0);
	assert_null(fake_rings[0].ring);
	assert_null(fake_rings[1].ring);
	fake_vhost = false;
}

/* What it cannot do bhyve does, and says so if it was asked. */
static void vhost_missing(void **state)
{
	struct seg seg = { BUF(0), HDR + 60, false };
	char frame[100];

	(void)state;
	machine_init();
	tap_nqueues = 1;
	tap_vnet_hdr = true;
	start_with(true, "5,virtio-net,tap0,vhost", F_PACKED, 3);
	assert_non_null(strstr(last_message, "modprobe vhost_net"));
	machine_init();
	start_with(true, "5,virtio-net,tap0", F_PACKED, 3);
	assert_string_equal(last_message, "");
	machine_init();
	fake_vhost = true;
	start_with(true, "5,virtio-net,tap0,vhost=false", F_PACKED, 3);
	assert_null(fake_rings[0].ring);
	machine_init();
	tap_vnet_hdr = false;
	assert_int_equal(pci_parse_slot("5,virtio-net,slirp,vhost"), 0);
	assert_true(DIES(machine_start(false)));
	machine_init();
	tap_vnet_hdr = true;
	fake_vhost_refuses = -EFAULT;
	start_with(true, "5,virtio-net,tap0", 0, 3);
	assert_non_null(strstr(last_message, "bhyve moves the frames itself"));
	drv_add(&drv[1], &seg, 1);
	vdev_kick(&dev, 1);
	assert_int_equal(read(wire[0], frame, sizeof(frame)), HDR + 60);
	fake_vhost = false;
}

/* A driver without MQ finds the control queue behind the first pair. */
static void multiqueue_unused(void **state)
{
	static const uint8_t mac[] = { 2, 3, 4, 5, 6, 7 };

	(void)state;
	machine_init();
	set_config_value("cpus", "2");
	tap_nqueues = 8;
	tap_vnet_hdr = true;
	start_with(true, "5,virtio-net,tap0", F_CTRL_VQ | F_CTRL_MAC_ADDR, 3);
	assert_int_equal(control(1, 1, mac, 6, 2), 0);
}

static void queues_option(void **state)
{
	static const char *const bad[] = { "0", "9", "x" };
	char slot[64];
	unsigned int i;

	(void)state;
	many_queues(1, "5,virtio-net,tap0,queues=3");
	assert_int_equal(vdev_config(&dev, 8, 2), 3);
	for (i = 0; i < 3; i++) {
		machine_init();
		snprintf(slot, sizeof(slot), "5,virtio-net,tap0,queues=%s",
			 bad[i]);
		assert_int_equal(pci_parse_slot(slot), 0);
		assert_true(DIES(machine_start(true)));
		assert_non_null(strstr(last_message, "queues="));
	}
	machine_init();
	assert_int_equal(pci_parse_slot("5,virtio-net,slirp,queues=2"), 0);
	assert_true(DIES(machine_start(true)));
	assert_non_null(strstr(last_message, "queues=2"));
}

static void broken_frames(void **state)
{
	struct seg seg = { BUF(0), HDR - 1, false };

	(void)state;
	start(false, 0);
	drv_add(&drv[1], &seg, 1);
	vdev_kick(&dev, 1);
	assert_true(vdev_status(&dev) & S_NEEDS_RESET);
	assert_non_null(strstr(last_message, "header"));
}

/*
 * The other end of the wire closes: this is reported, and the event thread does
 * not spin.
 */
static void wire_cut(void **state)
{
	struct seg seg = { BUF(0), 1600, true };

	(void)state;
	start(false, 0);
	drv_add(&drv[0], &seg, 1);
	vdev_kick(&dev, 0);
	close(wire[0]);
	machine_events();
	assert_non_null(strstr(last_message, "gone"));
	last_message[0] = '\0';
	machine_events();
	assert_int_equal(last_message[0], '\0');
}

/* bhyve(8): 00:a0:98 and the MD5 of "SLOT-FUNC-NAME", here of "5-0-guest". */
static void addresses(void **state)
{
	(void)state;
	machine_init();
	set_config_value("name", "guest");
	tap_nqueues = 1;
	start_with(true, "5,virtio-net,tap0", F_MAC, 0);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x2598a000);
	assert_int_equal(vdev_config(&dev, 4, 2), 0x4106);
	machine_init();
	start_with(true, "5,virtio-net,tap0,mac=02:11:22:33:44:55", F_MAC, 0);
	assert_int_equal(vdev_config(&dev, 0, 4), 0x33221102);
	machine_init();
	assert_int_equal(pci_parse_slot("5,virtio-net,tap0,mac=03:0:0:0:0:0"),
			 0);
	assert_true(DIES(machine_start(true)));
}

#define F_GUEST_ANNOUNCE (1ull << 21)

static int start_again(void **state)
{
	(void)state;
	machine_again();
	set_config_value("name", "other");
	assert_int_equal(pci_parse_slot("5,virtio-net,tap0"), 0);
	machine_start(false);
	return 0;
}

/* Switches learn where it is now, and the guest is asked to announce itself. */
static void moves(void **state)
{
	struct seg in = { BUF(3), 1600, true };
	struct seg ack[] = { { BUF(4), 2, false }, { BUF(5), 1, true } };
	uint8_t mac[6], frame[100];
	uint16_t id;
	uint32_t len;

	(void)state;
	start(true, F_MAC | F_CTRL_VQ | F_GUEST_ANNOUNCE | (1ull << 16));
	for (unsigned int i = 0; i < 6; i++)
		mac[i] = vdev_config(&dev, i, 1);
	drv_add(&drv[0], &in, 1);
	vdev_kick(&dev, 0);
	save_all();
	start_again(NULL);
	load_all();
	assert_int_equal(vdev_config(&dev, 6, 2), 1);
	machine_events();
	assert_int_equal(read(wire[0], frame, sizeof(frame)), 60);
	assert_memory_equal(frame, "\xff\xff\xff\xff\xff\xff", 6);
	assert_memory_equal(frame + 6, mac, 6);
	assert_memory_equal(frame + 12, "\x80\x35\0\1\x08\0\6\4\0\3", 10);
	assert_memory_equal(frame + 22, mac, 6);
	assert_memory_equal(frame + 32, mac, 6);
	assert_int_equal(read(wire[0], frame, sizeof(frame)), -1);
	assert_int_equal(vdev_config(&dev, 6, 2), 3); /* up, and announce */
	memcpy(guest(BUF(4)), "\3", 2);
	drv_add(&drv[2], ack, 2);
	vdev_kick(&dev, 2);
	assert_true(drv_used(&drv[2], &id, &len));
	assert_int_equal(*(uint8_t *)guest(BUF(5)), 0);
	assert_int_equal(vdev_config(&dev, 6, 2), 1);
	/* The buffer that was given elsewhere is used here. */
	assert_int_equal(write(wire[0], frame, 60), 60);
	machine_events();
	assert_true(drv_used(&drv[0], &id, &len));
	assert_int_equal(len, HDR + 60);
	for (unsigned int i = 0; i < 6; i++)
		assert_int_equal(vdev_config(&dev, i, 1), mac[i]);
	load_damaged(start_again);
	forget_saved();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(transmits),
		cmocka_unit_test(legacy),
		cmocka_unit_test(legacy_queues),
		cmocka_unit_test(transitional),
		cmocka_unit_test(without_version_1),
		cmocka_unit_test(transitional_tap),
		cmocka_unit_test(waits_for_the_wire),
		cmocka_unit_test(receives),
		cmocka_unit_test(merges_buffers),
		cmocka_unit_test(control_mac),
		cmocka_unit_test(control_offloads),
		cmocka_unit_test(multiqueue),
		cmocka_unit_test(multiqueue_unused),
		cmocka_unit_test(vhost_pair),
		cmocka_unit_test(vhost_pairs),
		cmocka_unit_test(vhost_saved),
		cmocka_unit_test(vhost_taken_back),
		cmocka_unit_test(vhost_legacy),
		cmocka_unit_test(vhost_missing),
		cmocka_unit_test(queues_option),
		cmocka_unit_test(broken_frames),
		cmocka_unit_test(wire_cut),
		cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
