/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver that breaks virtio's rules in every way it knows, on every device
 * and transport, each time after a fresh start. The device asks for a reset, or
 * ignores it; after a reset it works, and the machine runs on. Caches are off,
 * so that the device sees what was written.
 */
#include "io.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"
#include "virtio.h"

#define MAX_DEVICES   8
#define STORM	      500
#define GARBAGE	      200
#define NOWHERE	      0x30000000ull /* neither RAM nor a device */
#define WITNESS	      0x41000000u   /* RAM that nothing else uses */
#define WITNESS_WORDS 0x400

/*
 * The ring that is attacked, and room behind it: Linux's vhost puts up to 64 entries into
 * the used ring at a time, however short it is, if more were offered than it holds.
 */
static struct {
	struct vq vq;
	uint32_t room[2 * 64];
} attacked;
static struct vq *const queue = &attacked.vq;
static struct vq idle; /* what the host's kernel must have of a network besides */
static struct vq_desc table[4];
static _Alignas(16) uint8_t buffer[4096];
static const struct virtio *dev;
static uint32_t seed = 1;

static uint32_t random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8 ^ seed << 16;
}

static const char *type_name(void)
{
	switch (dev->type) {
	case VIRTIO_NET:
		return "net";
	case VIRTIO_BLK:
		return "blk";
	case VIRTIO_CONSOLE:
		return "console";
	case VIRTIO_BALLOON:
		return "balloon";
	default:
		return "rnd";
	}
}

static void verdict(const char *name, bool good)
{
	if (good)
		print("ok %s%s/%s\n", type_name(), dev->ecam ? "-pci" : "-mmio",
		      name);
	else
		print("not ok %s%s/%s: status %x, used %u\n", type_name(),
		      dev->ecam ? "-pci" : "-mmio", name,
		      virtio_read(dev, VIRTIO_STATUS), queue->used.idx);
}

/* The queue that is attacked: one that its device serves at once. */
static uint32_t queue_index(void)
{
	return dev->type == VIRTIO_NET	   ? 1 :
	       dev->type == VIRTIO_CONSOLE ? 3 :
					     0;
}

static void set_desc(uint32_t i, uint64_t addr, uint32_t len, uint16_t flags,
		     uint16_t next)
{
	queue->desc[i] = (struct vq_desc){ addr, len, flags, next };
}

/* A request that the device must carry out. */
static void proper_request(void)
{
	uint32_t at = (uint32_t)buffer, i;

	for (i = 0; i < 64; i++)
		buffer[i] = 0;
	switch (dev->type) {
	case VIRTIO_NET: /* header and a frame with no destination */
		set_desc(0, at, 12 + 60, 0, 0);
		break;
	case VIRTIO_BLK: /* read sector 0 */
		set_desc(0, at, 16, DESC_NEXT, 1);
		set_desc(1, at + 64, 512, DESC_NEXT | DESC_WRITE, 2);
		set_desc(2, at + 1024, 1, DESC_WRITE, 0);
		break;
	case VIRTIO_CONSOLE: /* "device ready" */
		buffer[6] = 1;
		set_desc(0, at, 8, 0, 0);
		break;
	default:
		set_desc(0, at, 64, DESC_WRITE, 0);
	}
	vq_offer(queue, 0);
}

static bool broken(void)
{
	return virtio_read(dev, VIRTIO_STATUS) & VIRTIO_S_NEEDS_RESET;
}

/*
 * Waits until the device has used @n buffers or is broken; at most two minutes.
 */
static void wait_used(uint16_t n)
{
	uint64_t end = counter() + 120ull * READ_CP15(0, c14, c0, 0);

	while (queue->used.idx != n && !broken() && counter() < end)
		;
}

static void start(uint64_t features)
{
	virtio_begin(dev, features);
	if (dev->type == VIRTIO_NET)
		virtio_set_queue(dev, 0, &idle);
	virtio_set_queue(dev, queue_index(), queue);
	virtio_driver_ok(dev);
}

static bool works(void)
{
	start(0);
	proper_request();
	virtio_kick(dev, queue_index());
	wait_used(1);
	return queue->used.idx == 1 && !broken();
}

static void kick_and_wait(void)
{
	virtio_kick(dev, queue_index());
	wait_used(1);
}

/* Each of these breaks a rule of virtio 1.2. */

static void ring_nowhere(void)
{
	virtio_begin(dev, 0);
	virtio_write(dev, VIRTIO_QUEUE_SEL, queue_index());
	virtio_write(dev, VIRTIO_QUEUE_SIZE, VQ_SIZE);
	virtio_write64(dev, VIRTIO_QUEUE_DESC, NOWHERE);
	virtio_write64(dev, VIRTIO_QUEUE_DRIVER, NOWHERE + 0x1000);
	virtio_write64(dev, VIRTIO_QUEUE_DEVICE, NOWHERE + 0x2000);
	virtio_write(dev, VIRTIO_QUEUE_ENABLE, 1);
	virtio_driver_ok(dev);
	kick_and_wait();
}

static void ring_past_the_end(void)
{
	virtio_begin(dev, 0);
	virtio_write(dev, VIRTIO_QUEUE_SEL, queue_index());
	virtio_write(dev, VIRTIO_QUEUE_SIZE, VQ_SIZE);
	virtio_write64(dev, VIRTIO_QUEUE_DESC, 0xfffffffffffffff0ull);
	virtio_write64(dev, VIRTIO_QUEUE_DRIVER, 0xfffffffffffffff0ull);
	virtio_write64(dev, VIRTIO_QUEUE_DEVICE, 0xfffffffffffffff0ull);
	virtio_write(dev, VIRTIO_QUEUE_ENABLE, 1);
	virtio_driver_ok(dev);
	kick_and_wait();
}

static void chain_loops(void)
{
	start(0);
	set_desc(0, (uint32_t)buffer, 16, DESC_NEXT, 1);
	set_desc(1, (uint32_t)buffer, 16, DESC_NEXT, 0);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void chain_leaves_the_table(void)
{
	start(0);
	set_desc(0, (uint32_t)buffer, 16, DESC_NEXT, 0xfff0);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void head_leaves_the_table(void)
{
	start(0);
	vq_offer(queue, VQ_SIZE + 1);
	kick_and_wait();
}

static void longest(void)
{
	start(0);
	set_desc(0, (uint32_t)buffer, 0xffffffff, 0, 0);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void longest_writable(void)
{
	start(0);
	set_desc(0, (uint32_t)buffer, 16, DESC_NEXT, 1);
	set_desc(1, (uint32_t)buffer, 0xffffffff, DESC_WRITE, 0);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void buffer_nowhere(void)
{
	start(0);
	set_desc(0, NOWHERE, 64, DESC_WRITE, 0);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void buffer_wraps(void)
{
	start(0);
	set_desc(0, 0xffffffffffffff00ull, 0x200, DESC_WRITE, 0);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void index_goes_back(void)
{
	start(0);
	proper_request();
	kick_and_wait();
	queue->avail.idx = 0;
	virtio_kick(dev, queue_index());
	wait_used(2);
}

static void index_jumps(void)
{
	start(0);
	queue->avail.idx = 0x8000;
	virtio_kick(dev, queue_index());
	wait_used(1);
}

static void start_indirect(uint32_t len)
{
	start(1ull << VIRTIO_F_INDIRECT_DESC);
	set_desc(0, (uint32_t)table, len, DESC_INDIRECT, 0);
}

static void indirect_in_indirect(void)
{
	start_indirect(16);
	table[0] = (struct vq_desc){ (uint32_t)table, 16, DESC_INDIRECT, 0 };
	vq_offer(queue, 0);
	kick_and_wait();
}

static void indirect_loops(void)
{
	start_indirect(32);
	table[0] = (struct vq_desc){ (uint32_t)buffer, 16, DESC_NEXT, 1 };
	table[1] = (struct vq_desc){ (uint32_t)buffer, 16, DESC_NEXT, 0 };
	vq_offer(queue, 0);
	kick_and_wait();
}

static void indirect_table_odd(void)
{
	start_indirect(17);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void indirect_table_longest(void)
{
	start_indirect(0xfffffff0);
	vq_offer(queue, 0);
	kick_and_wait();
}

static void packed_chain_endless(void)
{
	uint32_t i;

	if (!virtio_begin(dev, 1ull << VIRTIO_F_RING_PACKED))
		return;
	virtio_set_queue(dev, queue_index(), queue);
	/* All entries are available, each with a next one (2.8.1). */
	for (i = 0; i < VQ_SIZE; i++)
		set_desc(i, (uint32_t)buffer, 16, DESC_NEXT, 0);
	for (i = 0; i < VQ_SIZE; i++)
		queue->desc[i].next = DESC_NEXT | 1 << 7; /* flags: AVAIL */
	virtio_driver_ok(dev);
	kick_and_wait();
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "ring-outside-ram", ring_nowhere },
	{ "ring-past-the-end", ring_past_the_end },
	{ "chain-loops", chain_loops },
	{ "chain-leaves-the-table", chain_leaves_the_table },
	{ "head-leaves-the-table", head_leaves_the_table },
	{ "longest-buffer", longest },
	{ "longest-writable-buffer", longest_writable },
	{ "buffer-outside-ram", buffer_nowhere },
	{ "buffer-wraps", buffer_wraps },
	{ "index-goes-back", index_goes_back },
	{ "index-jumps", index_jumps },
	{ "indirect-in-indirect", indirect_in_indirect },
	{ "indirect-loops", indirect_loops },
	{ "indirect-table-odd", indirect_table_odd },
	{ "indirect-table-longest", indirect_table_longest },
};

static bool offers(uint32_t feature)
{
	virtio_write(dev, VIRTIO_DEVICE_FEATURES_SEL, feature / 32);
	return virtio_read(dev, VIRTIO_DEVICE_FEATURES) >> feature % 32 & 1;
}

static void commit_fault(const char *name, void (*commit)(void))
{
	commit();
	verdict(name, broken());
	/* The device stays broken and carries out nothing. */
	virtio_kick(dev, queue_index());
}

static void commit_faults(void)
{
	uint32_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		commit_fault(faults[i].name, faults[i].commit);
	if (offers(VIRTIO_F_RING_PACKED))
		commit_fault("packed-chain-endless", packed_chain_endless);
	verdict("works-after-faults", works());
}

/* The result is not defined; the device only has to come back. */
static void resize_live(void)
{
	start(0);
	virtio_write(dev, VIRTIO_QUEUE_SEL, queue_index());
	virtio_write(dev, VIRTIO_QUEUE_SIZE, 0x8000);
	virtio_write64(dev, VIRTIO_QUEUE_DEVICE, NOWHERE);
	proper_request();
	virtio_kick(dev, queue_index());
	virtio_write(dev, VIRTIO_QUEUE_SIZE, 1);
	virtio_write(dev, VIRTIO_QUEUE_ENABLE, 0);
	virtio_write(dev, VIRTIO_QUEUE_ENABLE, 1);
	virtio_kick(dev, queue_index());
	verdict("works-after-live-resize", works());
}

static void garbage(void)
{
	uint32_t round, i;

	for (round = 0; round < GARBAGE; round++) {
		start(random() & 1 ? ~0ull : 0);
		for (i = 0; i < sizeof(*queue) / 4; i++)
			write32((uint32_t)queue + 4 * i,
				random() & 3 ? random() : (uint32_t)buffer);
		virtio_kick(dev, random() % 4);
		virtio_write(dev, random() % VIRTIO_NREGS, random());
		virtio_kick(dev, queue_index());
	}
	verdict("works-after-garbage", works());
}

static void reset_storm(void)
{
	uint32_t i;

	for (i = 0; i < STORM; i++) {
		start(0);
		proper_request();
		virtio_kick(dev, queue_index());
	}
	verdict("works-after-resets", works());
}

/* The MSI-X table (PCI 3.0, 6.8.2): its BAR and offset. */
static uint32_t msix_table(uint32_t *cap)
{
	uint32_t at = read8(dev->ecam + 0x34), table_reg;

	for (; at && read8(dev->ecam + at) != 0x11;
	     at = read8(dev->ecam + at + 1))
		;
	*cap = dev->ecam + at;
	table_reg = read32(*cap + 4);
	return (read32(dev->ecam + 0x10 + 4 * (table_reg & 7)) & ~15u) +
	       (table_reg & ~7u);
}

static void msix_anywhere(void)
{
	static const uint32_t targets[] = { WITNESS,	0,	    0xffffffff,
					    0x08000000, 0x0a000050, 0x08020040,
					    0x08020044 };
	uint32_t cap, i, table_at = msix_table(&cap), spoilt = 0;

	for (i = 0; i < WITNESS_WORDS; i++)
		write32(WITNESS + 4 * i, 0x5a5a5a5a);
	write16(cap + 2, 0x8000);
	for (i = 0; i < sizeof(targets) / 4; i++) {
		write32(table_at, targets[i]);
		write32(table_at + 4, i & 1 ? 0xffffffff : 0);
		write32(table_at + 8, random());
		write32(table_at + 12, 0);
		virtio_begin(dev, 0);
		virtio_set_queue(dev, queue_index(), queue);
		write16(dev->regs + 0x1a, 0);	   /* queue_msix_vector */
		write16(dev->regs + 0x10, 0xfffe); /* msix_config */
		virtio_driver_ok(dev);
		proper_request();
		kick_and_wait();
	}
	for (i = 0; i < WITNESS_WORDS; i++)
		spoilt += read32(WITNESS + 4 * i) != 0x5a5a5a5a;
	write16(cap + 2, 0);
	verdict("msix-writes-no-memory", !spoilt);
	verdict("works-after-msix", works());
}

int main(void)
{
	static struct virtio devs[MAX_DEVICES];
	uint32_t n = virtio_find(devs, MAX_DEVICES), i;

	check("hostile_driver/devices", n > 0);
	for (i = 0; i < n; i++) {
		dev = &devs[i];
		verdict("works", works());
		commit_faults();
		resize_live();
		garbage();
		reset_storm();
		if (dev->ecam)
			msix_anywhere();
	}
	return 0;
}
