/* SPDX-License-Identifier: BSD-2-Clause */
/* The block device (virtio 1.2, 5.2). */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/disk/block_if.h"
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/traffic.h"
#include "bhyve/virtio/virtio.h"
#include "bhyve/virtio/virtio_blk_user.h"

/* 5.2.3 */
#define VIRTIO_BLK_F_SEG_MAX	  (1ull << 2)
#define VIRTIO_BLK_F_RO		  (1ull << 5)
#define VIRTIO_BLK_F_BLK_SIZE	  (1ull << 6)
#define VIRTIO_BLK_F_FLUSH	  (1ull << 9)
#define VIRTIO_BLK_F_TOPOLOGY	  (1ull << 10)
#define VIRTIO_BLK_F_CONFIG_WCE	  (1ull << 11)
#define VIRTIO_BLK_F_MQ		  (1ull << 12)
#define VIRTIO_BLK_F_DISCARD	  (1ull << 13)
#define VIRTIO_BLK_F_WRITE_ZEROES (1ull << 14)

/* 5.2.6 */
#define VIRTIO_BLK_T_IN		  0
#define VIRTIO_BLK_T_OUT	  1
#define VIRTIO_BLK_T_FLUSH	  4
#define VIRTIO_BLK_T_GET_ID	  8
#define VIRTIO_BLK_T_DISCARD	  11
#define VIRTIO_BLK_T_WRITE_ZEROES 13

#define VIRTIO_BLK_S_OK	    0
#define VIRTIO_BLK_S_IOERR  1
#define VIRTIO_BLK_S_UNSUPP 2

#define SECTOR	   512 /* the unit of all offsets, whatever blk_size is */
#define ID_LEN	   20
#define QUEUE_SIZE 256
#define MAX_QUEUES 8
/* most sectors of a discard or write-zeroes: 2 GiB */
#define MAX_SECTORS 0x3fffffu
#define HEADER_LEN  16
#define SEGMENT_LEN 16
#define SEG_F_UNMAP 1

/* 5.2.4 */
struct blk_config {
	_Alignas(8) uint64_t capacity; /* in sectors of 512 bytes */
	uint32_t size_max;
	uint32_t seg_max;
	uint16_t cylinders;
	uint8_t heads;
	uint8_t sectors;
	uint32_t blk_size;
	uint8_t physical_block_exp;
	uint8_t alignment_offset;
	uint16_t min_io_size;
	uint32_t opt_io_size;
	uint8_t writeback;
	uint8_t unused0;
	uint16_t num_queues;
	uint32_t max_discard_sectors;
	uint32_t max_discard_seg;
	uint32_t discard_sector_alignment;
	uint32_t max_write_zeroes_sectors;
	uint32_t max_write_zeroes_seg;
	uint8_t write_zeroes_may_unmap;
	uint8_t unused1[3];
};
_Static_assert(sizeof(struct blk_config) == 64, "5.2.4, padded to 8");
#define CONFIG_LEN 60

struct blk_header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

/* The range of a discard or write-zeroes request: 5.2.6. */
struct blk_segment {
	uint64_t sector;
	uint32_t num_sectors;
	uint32_t flags;
};

/* A request that the backend carries out. */
struct blk_io {
	struct blockif_req req;
	struct virtqueue *vq;
	struct vq_chain chain;
	uint8_t *status;
	uint32_t written; /* length for the used ring on success */
	struct blk_io *next_free;
};

struct blk_softc {
	struct virtio_dev *dev;
	struct blockif *bc;
	const struct blockif_geometry *geo;
	char id[ID_LEN];
	struct blk_io *ios; /* all of them */
	struct blk_io *free;
	pthread_cond_t idle; /* signalled when a queue has nothing in flight */
	int told;	     /* the error that was reported last, or 0 */
};

static void finish(struct blk_softc *sc, struct blk_io *io, uint8_t status)
{
	*io->status = status;
	virtio_put(io->vq, &io->chain,
		   status == VIRTIO_BLK_S_OK ? io->written : 1);
	io->next_free = sc->free;
	sc->free = io;
}

/*
 * Prints the host's error, of which the guest learns only that the request failed.
 * Called with the device's mutex held.
 */
static void tell_error(struct blk_softc *sc, const struct blockif_req *req,
		       int error)
{
	if (error == sc->told)
		return;
	sc->told = error;
	guest_println("virtio-blk: a request for the image at byte %llu failed:"
		      " %s",
		      (unsigned long long)req->offset, strerror(error));
}

/*
 * On a thread of the disk. blk_drain() waits for this with the lock released,
 * so this must not wait for blk_drain(): it takes the plain mutex.
 */
static void blk_done(struct blockif_req *req, int error)
{
	struct blk_io *io = req->param;
	struct blk_softc *sc = io->vq->dev->softc;

	if (!error && req->op == BOP_READ)
		traffic_count(TRAFFIC_READ, req->len);
	if (!error && req->op == BOP_WRITE)
		traffic_count(TRAFFIC_WRITTEN, req->len);
	pthread_mutex_lock(&sc->dev->mtx);
	if (error)
		tell_error(sc, req, error);
	finish(sc, io, error ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK);
	virtio_signal(io->vq);
	if (io->vq->inflight == 0)
		pthread_cond_broadcast(&sc->idle);
	pthread_mutex_unlock(&sc->dev->mtx);
}

static void submit(struct blk_softc *sc, struct blk_io *io)
{
	io->req.callback = blk_done;
	io->req.param = io;
	blockif_submit(sc->bc, &io->req);
}

/* The caller has checked that the vector is longer than n. */
static void drop_front(struct vq_chain *c, size_t n)
{
	while (n >= c->iov->iov_len && c->nread) {
		n -= c->iov->iov_len;
		c->nread--;
		memmove(c->iov, c->iov + 1,
			(c->nread + c->nwrite) * sizeof(*c->iov));
	}
	if (c->nread && n) {
		c->iov->iov_base = (char *)c->iov->iov_base + n;
		c->iov->iov_len -= n;
	}
}

/* Takes the status byte off the end of the chain. */
static uint8_t *take_status(struct vq_chain *c)
{
	struct iovec *last = &c->iov[c->nread + c->nwrite - 1];

	last->iov_len--;
	if (last->iov_len == 0)
		c->nwrite--;
	return (uint8_t *)last->iov_base + last->iov_len;
}

static bool in_range(const struct blk_softc *sc, uint64_t sector,
		     uint64_t bytes)
{
	uint64_t size = sc->geo->size;

	return sector <= size / SECTOR && bytes <= size - sector * SECTOR &&
	       (sector * SECTOR) % sc->geo->sector == 0 &&
	       bytes % sc->geo->sector == 0;
}

/* Without FLUSH the driver relies on each write being durable (5.2.5.2). */
static bool write_through(const struct blk_softc *sc)
{
	const struct blk_config *cfg = (const void *)sc->dev->config;

	if (virtio_has(sc->dev, VIRTIO_BLK_F_CONFIG_WCE))
		return !cfg->writeback;
	return !virtio_has(sc->dev, VIRTIO_BLK_F_FLUSH);
}

static int start_transfer(struct blk_softc *sc, struct blk_io *io,
			  uint64_t sector, bool write)
{
	struct vq_chain *c = &io->chain;

	io->req.op = write ? BOP_WRITE : BOP_READ;
	io->req.iov = write ? c->iov : c->iov + c->nread;
	io->req.iovcnt = write ? c->nread : c->nwrite;
	io->req.len = write ? vq_chain_readable(c) : vq_chain_writable(c);
	io->req.durable = write && write_through(sc);
	if (io->req.len == 0 || !in_range(sc, sector, io->req.len) ||
	    (write && sc->geo->readonly))
		return VIRTIO_BLK_S_IOERR;
	io->req.offset = sector * SECTOR;
	if (!write)
		io->written = io->req.len + 1;
	submit(sc, io);
	return -1;
}

/* Takes one segment, as max_*_seg tells the driver. */
static int start_range(struct blk_softc *sc, struct blk_io *io, bool zeroes)
{
	struct blk_segment seg;
	uint64_t n = vq_chain_readable(&io->chain);

	if (!sc->geo->can_discard)
		return VIRTIO_BLK_S_UNSUPP;
	if (n != SEGMENT_LEN ||
	    vq_chain_get(&io->chain, 0, &seg, sizeof(seg)) != sizeof(seg))
		return VIRTIO_BLK_S_IOERR;
	/* Discard has no flag (5.2.6.2). */
	if (seg.flags & ~(zeroes ? SEG_F_UNMAP : 0u))
		return VIRTIO_BLK_S_UNSUPP;
	if (seg.num_sectors == 0 || seg.num_sectors > MAX_SECTORS ||
	    !in_range(sc, seg.sector, (uint64_t)seg.num_sectors * SECTOR))
		return VIRTIO_BLK_S_IOERR;
	io->req.op = zeroes ? BOP_WRITE_ZEROES : BOP_DISCARD;
	io->req.offset = seg.sector * SECTOR;
	io->req.len = (uint64_t)seg.num_sectors * SECTOR;
	io->req.unmap = seg.flags & SEG_F_UNMAP;
	io->req.durable = write_through(sc);
	submit(sc, io);
	return -1;
}

static int get_id(struct blk_softc *sc, struct blk_io *io)
{
	io->written = vq_chain_put(&io->chain, 0, sc->id, ID_LEN) + 1;
	return VIRTIO_BLK_S_OK;
}

/* Returns the status to finish with, or -1: the backend has the request now. */
static int start_request(struct blk_softc *sc, struct blk_io *io,
			 const struct blk_header *h)
{
	switch (h->type) {
	case VIRTIO_BLK_T_IN:
		return start_transfer(sc, io, h->sector, false);
	case VIRTIO_BLK_T_OUT:
		return start_transfer(sc, io, h->sector, true);
	case VIRTIO_BLK_T_FLUSH:
		io->req.op = BOP_FLUSH;
		submit(sc, io);
		return -1;
	case VIRTIO_BLK_T_GET_ID:
		return get_id(sc, io);
	case VIRTIO_BLK_T_DISCARD:
		return start_range(sc, io, false);
	case VIRTIO_BLK_T_WRITE_ZEROES:
		return start_range(sc, io, true);
	default:
		return VIRTIO_BLK_S_UNSUPP;
	}
}

static void handle(struct blk_softc *sc, struct blk_io *io)
{
	struct blk_header h;
	int status;

	if (vq_chain_get(&io->chain, 0, &h, HEADER_LEN) != HEADER_LEN ||
	    io->chain.nwrite == 0) {
		vq_unget(io->vq, &io->chain);
		io->next_free = sc->free;
		sc->free = io;
		virtio_broken(sc->dev, "request without header or status");
		return;
	}
	memset(&io->req, 0, sizeof(io->req));
	io->status = take_status(&io->chain);
	io->written = 1;
	drop_front(&io->chain, HEADER_LEN);
	status = start_request(sc, io, &h);
	if (status >= 0)
		finish(sc, io, status);
}

/* Returns whether there was a request. */
static bool take_request(struct blk_softc *sc, struct virtqueue *vq)
{
	struct blk_io *io = sc->free; /* never NULL: see make_ios() */

	if (!virtio_get(vq, &io->chain))
		return false;
	sc->free = io->next_free;
	io->vq = vq;
	handle(sc, io);
	return true;
}

static void blk_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct blk_softc *sc = dev->softc;
	int budget = QUEUE_SIZE;

	vq_disable_kick(vq);
	do
		while (budget && take_request(sc, vq))
			budget--;
	while (budget && virtio_running(dev) && vq_enable_kick(vq));
	if (!budget)
		virtio_come_back(vq);
	blockif_kick(sc->bc);
	virtio_signal(vq);
}

static void blk_drain(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct blk_softc *sc = dev->softc;

	while (vq->inflight)
		pthread_cond_wait(&sc->idle, &dev->mtx);
}

/* A disk's image must hold what was written when another host opens it next. */
static void blk_settle(struct virtio_dev *dev)
{
	struct blk_softc *sc = dev->softc;

	for (unsigned int i = 0; i < dev->nvq; i++)
		blk_drain(dev, &dev->vqs[i]);
	blockif_sync(sc->bc);
}

/* The guest knows the disk by its serial number, which may come from the path. */
static void blk_state(struct virtio_dev *dev, struct state *s)
{
	struct blk_softc *sc = dev->softc;
	struct blk_config *cfg = (void *)dev->config;

	state_same(s, "the size of the disk in bytes", sc->geo->size);
	state_same(s, "its sector size", sc->geo->sector);
	state_same(s, "whether it is read-only", sc->geo->readonly);
	state_bytes(s, "id", sc->id, sizeof(sc->id));
	STATE_MAX(s, cfg, writeback, 1);
}

static void blk_reset(struct virtio_dev *dev)
{
	struct blk_config *cfg = (void *)dev->config;

	cfg->writeback = 1;
}

static void blk_config_write(struct virtio_dev *dev, uint32_t off,
			     const void *buf, uint32_t len)
{
	struct blk_config *cfg = (void *)dev->config;

	if (off != offsetof(struct blk_config, writeback) || len != 1 ||
	    !virtio_has(dev, VIRTIO_BLK_F_CONFIG_WCE))
		return;
	cfg->writeback = *(const uint8_t *)buf & 1;
}

static int blk_grow(struct virtio_dev *dev, uint64_t *size, const char **why)
{
	struct blk_softc *sc = dev->softc;
	struct blk_config *cfg = (void *)dev->config;
	int error = blockif_grow(sc->bc, *size, why);

	if (error)
		return error;
	*size = sc->geo->size;
	cfg->capacity = sc->geo->size / SECTOR;
	return 0;
}

/*
 * 20 bytes, not NUL-terminated if all are used. The default depends only on the
 * path.
 */
static int make_id(struct blk_softc *sc, struct config_node *node)
{
	const char *id = get_config_value_node(node, "ser");
	const char *path = get_config_value_node(node, "path");
	uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */
	char text[ID_LEN + 4];

	if (!id) {
		for (; *path; path++)
			hash = (hash ^ (uint8_t)*path) * 0x100000001b3ull;
		snprintf(text, sizeof(text), "BHYVE-%04X-%04X-%04X",
			 (unsigned int)(hash >> 32 & 0xffff),
			 (unsigned int)(hash >> 16 & 0xffff),
			 (unsigned int)(hash & 0xffff));
		id = text;
	}
	if (strlen(id) > ID_LEN)
		return refuse("%s: ser=%s: at most %d characters", sc->dev->tag,
			      id, ID_LEN);
	memcpy(sc->id, id, strnlen(id, ID_LEN));
	return 0;
}

static void make_config(struct blk_softc *sc, unsigned int nqueues)
{
	struct virtio_dev *dev = sc->dev;
	struct blk_config *cfg = (void *)dev->config;

	dev->config_len = CONFIG_LEN;
	dev->features |= VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_BLK_SIZE |
			 VIRTIO_BLK_F_FLUSH | VIRTIO_BLK_F_TOPOLOGY |
			 VIRTIO_BLK_F_CONFIG_WCE | VIRTIO_BLK_F_MQ;
	cfg->capacity = sc->geo->size / SECTOR;
	cfg->seg_max = QUEUE_SIZE - 2; /* header and status take two segments */
	cfg->blk_size = sc->geo->sector;
	while (sc->geo->sector << cfg->physical_block_exp < sc->geo->physical)
		cfg->physical_block_exp++;
	cfg->writeback = 1;
	cfg->num_queues = nqueues;
	if (sc->geo->readonly)
		dev->features |= VIRTIO_BLK_F_RO;
	if (!sc->geo->can_discard)
		return;
	dev->features |= VIRTIO_BLK_F_DISCARD | VIRTIO_BLK_F_WRITE_ZEROES;
	cfg->max_discard_sectors = MAX_SECTORS;
	cfg->max_discard_seg = 1;
	cfg->discard_sector_alignment = sc->geo->physical / SECTOR;
	cfg->max_write_zeroes_sectors = MAX_SECTORS;
	cfg->max_write_zeroes_seg = 1;
	cfg->write_zeroes_may_unmap = 1;
}

/*
 * One per queue entry, plus a spare to receive the chain that proves that a
 * driver overran its queue.
 */
static int make_ios(struct blk_softc *sc, unsigned int nqueues)
{
	unsigned int n = nqueues * QUEUE_SIZE + 1;
	struct blk_io *io = calloc(n, sizeof(*io));

	if (!io)
		return refuse("%s: out of memory", sc->dev->tag);
	sc->ios = io;
	for (; n; n--, io++) {
		io->next_free = sc->free;
		sc->free = io;
	}
	return 0;
}

/* One queue for each vCPU, as drivers use them. */
static unsigned int count_queues(void)
{
	uint64_t n = 1;

	get_config_u64("cpus", &n);
	return n == 0 || n > MAX_QUEUES ? MAX_QUEUES : n;
}

static int blk_init(struct virtio_dev *dev, struct config_node *node)
{
	const unsigned int nqueues = count_queues();
	struct blk_softc *sc;

	if (get_config_value_node(node, "vhost-user")) {
		blk_user_init(dev, node);
		return 0;
	}
	sc = calloc(1, sizeof(*sc));
	if (!sc)
		return refuse("%s: out of memory", dev->tag);
	dev->softc = sc;
	sc->dev = dev;
	pthread_cond_init(&sc->idle, NULL);
	sc->bc = blockif_new(dev->tag);
	if (!sc->bc || blockif_open(sc->bc, node, dev->tag))
		return -EINVAL;
	sc->geo = blockif_geometry(sc->bc);
	if (make_id(sc, node) || make_ios(sc, nqueues))
		return -EINVAL;
	make_config(sc, nqueues);
	return virtio_set_queues(dev, nqueues, QUEUE_SIZE);
}

static void blk_close(struct virtio_dev *dev)
{
	struct blk_softc *sc = dev->softc;

	if (!sc)
		return;
	if (sc->bc)
		blockif_close(sc->bc);
	pthread_cond_destroy(&sc->idle);
	free(sc->ios);
	free(sc);
}

static const struct virtio_dev_ops virtio_blk = {
	.name = "virtio-blk",
	.device_id = 2,
	/* mass storage, SCSI; the same as FreeBSD's bhyve */
	.pci_class = 0x010000,
	.legacy_config = blockif_legacy_config,
	.init = blk_init,
	.drain = blk_drain,
	.reset = blk_reset,
	.settle = blk_settle,
	.notify = blk_notify,
	.config_write = blk_config_write,
	.grow = blk_grow,
	.close = blk_close,
};
VIRTIO_DEVICE(virtio_blk, blk_state);
