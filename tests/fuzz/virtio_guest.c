/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bhyve/machine/mem.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/base/thread.h"
#include "bhyve/pci/pci_emul.h"
#include "lib/vmmapi.h"
#include "bhyve/machine/device.h"
#include "bhyve/virtio/virtio.h"
#include "tests/fuzz/virtio_guest.h"
#include "tests/unit/virtio_machine.h"
#include "tests/fuzz/input.h"

#define NDEVS	   5
#define FIRST_SLOT 2
#define NQUEUES	   3 /* queues of each device that are driven correctly */
#define RING(d, q) (DRV_DESC + ((d)*NQUEUES + (q)) * DRV_RINGS_SIZE)
#define BUFFERS	   (GUEST_RAM + 0x80000u)

bool raw_stdio;
static int wire = -1;
static char socket_path[64];

static struct input input;

static uint32_t take(unsigned int bytes)
{
	return input_number(&input, bytes);
}

/* The other end of the network. */
static void open_wire(struct net_backend *be)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds))
		abort();
	be->fd[0] = fds[0];
	be->nqueues = 1;
	wire = fds[1];
}

void net_tap_open(struct net_backend *be, struct config_node *node,
		  unsigned int max, const char *tag)
{
	(void)node, (void)max, (void)tag;
	open_wire(be);
	be->vnet_hdr = true;
	be->offloads = VIRTIO_NET_F_CSUM | NET_GUEST_OFFLOADS;
}

void net_tap_set_offloads(struct net_backend *be, uint64_t features)
{
	(void)be, (void)features;
}

void net_tap_set_header(struct net_backend *be)
{
	(void)be;
}

void net_tap_set_queues(struct net_backend *be, unsigned int n)
{
	(void)be, (void)n;
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
	(void)node, (void)tag;
	open_wire(be);
}

/* Only the guest's memory may come here. */
void vm_give_back(struct vmctx *ctx, void *hva, uint64_t len)
{
	uint64_t at = (uintptr_t)hva - (uintptr_t)guest(GUEST_RAM);

	(void)ctx;
	if (at > GUEST_RAM_SIZE || len > GUEST_RAM_SIZE - at)
		abort();
}

static struct vdev devs[NDEVS];
static struct driver drvs[NDEVS][NQUEUES];

static void add(const char *slot)
{
	if (pci_parse_slot(slot))
		abort();
}

static void make_machine(const char *transport)
{
	bool pci = strcmp(transport, "pci") == 0;
	int disk = memfd_create("disk", 0);
	char slot[128];
	unsigned int i;

	if (disk < 0 || ftruncate(disk, 1 << 20))
		abort();
	signal(SIGPIPE, SIG_IGN); /* as power.c does */
	threads_release(NULL);
	machine_init();
	snprintf(slot, sizeof(slot), "2,virtio-blk,/proc/self/fd/%d", disk);
	add(slot);
	add("3,virtio-net,tap0");
	snprintf(socket_path, sizeof(socket_path), "/tmp/fuzz_virtio.%d",
		 (int)getpid());
	snprintf(slot, sizeof(slot), "4,virtio-console,console=%s,b=pty",
		 socket_path);
	add(slot);
	add("5,virtio-rnd");
	add("6,virtio-balloon");
	machine_start_on(transport);
	for (i = 0; i < NDEVS; i++)
		vdev_find(&devs[i], pci, FIRST_SLOT + i);
}

/* A random value, mostly near the edges of ranges. */
static uint32_t value(void)
{
	static const uint32_t edges[] = {
		0,	    1,		2,
		0xff,	    0x100,	0xffff,
		0x7fffffff, 0x80000000, 0xffffffff,
		GUEST_RAM,  BUFFERS,	GUEST_RAM + GUEST_RAM_SIZE - 1
	};
	uint8_t which = take(1);

	return which < 0x80 ? edges[which % 12] : take(4);
}

/* An access that no device answers is fine. */
static void any_access(uint64_t base, uint32_t range)
{
	uint8_t how = take(1);
	int size = 1 << (how & 3);
	uint64_t at = base + (take(2) % range & ~(size - 1u)), val;

	if (how & 4)
		read_mem(NULL, at, &val, size);
	else
		write_mem(NULL, at, value() | (uint64_t)value() << 32, size);
}

static void register_access(unsigned int d)
{
	any_access(devs[d].base, devs[d].pci ? 0x5000 : 0x200);
}

/*
 * An access to configuration space of any slot, to the legacy interface, or to
 * the BAR with the MSI-X table.
 */
static void pci_access(unsigned int d)
{
	uint8_t where = take(1);

	if (where & 1)
		any_access(CFG(where >> 3, 0), 0x8000);
	else if (where & 2)
		any_access(PORTS + (rd(CFG(FIRST_SLOT + d, 0x10), 4) & ~3u),
			   0x100);
	else
		any_access(rd(CFG(FIRST_SLOT + d, 0x14), 4) & ~0xfull, 0x1000);
}

static void set_up(unsigned int d)
{
	uint64_t features = vdev_features(&devs[d]) & ~(uint64_t)take(4);
	bool packed = take(1) & 1;
	unsigned int q;

	features &= packed ? ~0ull : ~F_PACKED;
	if (devs[d].legacy)
		vdev_write_features(&devs[d], features);
	else if (!vdev_negotiate(&devs[d], features | F_VERSION_1))
		return;
	for (q = 0; q < NQUEUES; q++) {
		if (devs[d].legacy)
			drv_init_legacy(&drvs[d][q], 8, RING(d, q));
		else
			drv_init(&drvs[d][q], features & F_PACKED, 8,
				 RING(d, q));
		vdev_queue(&devs[d], q, &drvs[d][q]);
	}
	vdev_driver_ok(&devs[d]);
}

/* A request: readable segments with bytes of the input, then writable ones. */
static void request(unsigned int d)
{
	uint8_t shape = take(1);
	unsigned int nread = shape & 3, n = nread + (shape >> 2 & 3), i;
	unsigned int q = (shape >> 4) % NQUEUES;
	struct driver *drv = &drvs[d][q];
	struct seg segs[6];
	uint16_t id;
	uint32_t len;

	if (!drv->size || !n)
		return;
	for (i = 0; i < n; i++) {
		uint8_t bytes = take(1);

		segs[i].gpa = BUFFERS + 0x1000 * (q * 8 + i);
		segs[i].len = bytes < 0xf0 ? bytes : value() & 0xffff;
		segs[i].write = i >= nread;
		if (i < nread && bytes <= input.left)
			input_copy(&input, guest(segs[i].gpa), bytes);
	}
	drv_add(drv, segs, n);
	if (!(shape & 0x80))
		vdev_kick(&devs[d], q);
	/*
	 * The guest may have overwritten its ring, so the loop is limited to
	 * the ring's size.
	 */
	for (i = 0; i < drv->size && drv_used(drv, &id, &len); i++)
		;
}

static void scribble(void)
{
	uint32_t at = take(4) % GUEST_RAM_SIZE, n = take(1);

	if (n > GUEST_RAM_SIZE - at)
		n = GUEST_RAM_SIZE - at;
	input_copy(&input, guest(GUEST_RAM + at), n);
}

/*
 * Events from outside: frames from the network; a console client comes or goes.
 */
static void outside(void)
{
	static char frame[2000];
	static int client = -1;
	uint8_t what = take(1);

	if (what & 1) {
		if (write(wire, frame, 14 + value() % 1900) < 0)
			while (read(wire, frame, sizeof(frame)) > 0)
				;
		return;
	}
	if (client < 0) {
		struct sockaddr_un addr = { .sun_family = AF_UNIX };

		client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		strcpy(addr.sun_path, socket_path);
		/* Earlier clients may still be in the queue. */
		if (connect(client, (struct sockaddr *)&addr, sizeof(addr))) {
			close(client);
			client = -1;
		}
	} else if (what & 2) {
		if (send(client, frame, what, MSG_NOSIGNAL) < 0)
			recv(client, frame, sizeof(frame), 0);
	} else {
		close(client);
		client = -1;
	}
}

static void step(void)
{
	uint8_t op = take(1);
	unsigned int d = (op >> 4) % NDEVS;

	switch (op % 16) {
	case 0:
	case 1:
		register_access(d);
		break;
	case 2:
	case 3:
		if (devs[d].pci)
			pci_access(d);
		break;
	case 4:
		set_up(d);
		break;
	case 5:
		scribble();
		break;
	case 6:
		vdev_kick(&devs[d], take(1));
		break;
	case 7:
		outside();
		machine_events();
		break;
	case 8:
		vdev_config_write(&devs[d], take(1) & ~3u, 4, value());
		break;
	default:
		request(d);
		break;
	}
}

/* BARs are put back to known addresses, which the driver uses. */
static void begin(const char *transport)
{
	static bool made;
	unsigned int d;

	if (!made)
		make_machine(transport);
	made = true;
	reset_devices();
	guest_clear();
	memset(drvs, 0, sizeof(drvs));
	for (d = 0; d < NDEVS; d++)
		set_up(d);
}

/*
 * If the guest has moved a BAR, it does not answer where the driver expects it.
 */
static bool answers(unsigned int d)
{
	uint64_t val;

	return read_mem(NULL, devs[d].base, &val, 4) == 0;
}

void guest_run(const char *transport, const uint8_t *data, size_t size)
{
	unsigned int d;

	input.data = data;
	input.left = 0;
	begin(transport);
	input.left = size;
	while (input.left) {
		step();
		for (d = 0; d < NDEVS; d++)
			if (devs[d].pci && !answers(d))
				return;
	}
}
