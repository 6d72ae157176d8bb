/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The balloon (virtio 1.2, 5.5) gives memory that the guest does not need back to
 * the host. The guest names the pages, and may name any: pages that are not its
 * memory are ignored, and a page that it still uses loses its contents.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/written.h"
#include "bhyve/virtio/virtio.h"
#include "bhyve/virtio/virtio_balloon.h"
#include "lib/vmmapi.h"

#define VIRTIO_BALLOON_F_STATS_VQ	(1ull << 1)
#define VIRTIO_BALLOON_F_DEFLATE_ON_OOM (1ull << 2)
#define VIRTIO_BALLOON_F_REPORTING	(1ull << 5)

/*
 * 5.5.2. The queue before the last one is for hints, which are not offered. Linux
 * does not count that queue then, and sends its reports there.
 */
enum {
	INFLATE,
	DEFLATE,
	STATS,
	REPORTS_IF_COUNTED,
	REPORTS,
	NQUEUES
};

#define QUEUE_SIZE 128
/* Buffers handled in one go, so that other devices get their turn. */
#define BUDGET 16
/* Page numbers that are read from one buffer; Linux sends 256. */
#define MAX_PFNS  1024
#define PFN_SHIFT 12 /* whatever the guest's page size is: 5.5.6 */

/* 5.5.4 */
struct balloon_config {
	uint32_t num_pages;
	uint32_t actual;
};

/* 5.5.6.3 */
struct balloon_stat {
	uint16_t tag;
	uint64_t val;
} __attribute__((packed));

struct balloon_softc {
	struct virtio_dev *dev;
	uint64_t stats[BALLOON_NSTATS];
	/* A buffer that is returned when new statistics are wanted. */
	bool has_buffer;
	struct vq_chain buffer;
};

/* A run of pages that are next to each other. */
struct run {
	uint64_t first, n;
};

const char *const balloon_stat_names[BALLOON_NSTATS] = {
	"guest bytes swapped in",     "guest bytes swapped out",
	"guest major faults",	      "guest minor faults",
	"guest memory free",	      "guest memory total",
	"guest memory available",     "guest disk caches",
	"guest huge pages allocated", "guest huge pages not allocated",
};

static struct balloon_softc *balloon; /* NULL: the VM has none */

static void give_back(struct vmctx *ctx, const struct run *run)
{
	uint64_t len = run->n << PFN_SHIFT;
	void *hva = vm_map_gpa(ctx, run->first << PFN_SHIFT, len);

	if (!hva)
		return;
	vm_give_back(ctx, hva, len);
	guest_written(hva, len);
}

/* Adds the page to the run if it is next to the run. */
static bool extend(struct run *run, uint32_t pfn)
{
	if (pfn == run->first + run->n)
		run->n++;
	else if (pfn + UINT64_C(1) == run->first)
		run->first--, run->n++;
	else
		return false;
	return true;
}

static void inflate(struct virtio_dev *dev, const struct vq_chain *c)
{
	uint32_t pfns[MAX_PFNS];
	size_t n = vq_chain_get(c, 0, pfns, sizeof(pfns)) / sizeof(*pfns);
	struct run run = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (run.n && extend(&run, pfns[i]))
			continue;
		give_back(dev->ctx, &run);
		run = (struct run){ pfns[i], 1 };
	}
	give_back(dev->ctx, &run);
}

/* Gives reported memory back; it is allocated again when the guest touches it. */
static void take_report(struct virtio_dev *dev, const struct vq_chain *c)
{
	for (unsigned int i = 0; i < c->nwrite; i++) {
		const struct iovec *iov = &c->iov[c->nread + i];

		vm_give_back(dev->ctx, iov->iov_base, iov->iov_len);
		guest_written(iov->iov_base, iov->iov_len);
	}
}

static void handle_all(struct virtqueue *vq,
		       void (*func)(struct virtio_dev *dev,
				    const struct vq_chain *c))
{
	struct vq_chain chain;
	int budget = BUDGET;

	vq_disable_kick(vq);
	do
		for (; budget && virtio_get(vq, &chain); budget--) {
			if (func)
				func(vq->dev, &chain);
			virtio_put(vq, &chain, 0);
		}
	while (budget && virtio_running(vq->dev) && vq_enable_kick(vq));
	if (!budget)
		virtio_come_back(vq);
	virtio_signal(vq);
}

static void read_stats(struct balloon_softc *sc)
{
	struct balloon_stat s;
	size_t at = 0;

	for (int i = 0;
	     i < 2 * BALLOON_NSTATS &&
	     vq_chain_get(&sc->buffer, at, &s, sizeof(s)) == sizeof(s);
	     i++, at += sizeof(s))
		if (s.tag < BALLOON_NSTATS)
			sc->stats[s.tag] = s.val;
}

/*
 * The driver uses one buffer for statistics, which is kept until new ones are
 * wanted. A further buffer is returned at once.
 */
static void take_stats(struct balloon_softc *sc, struct virtqueue *vq)
{
	int budget = BUDGET;

	for (; budget && virtio_get(vq, &sc->buffer); budget--) {
		read_stats(sc);
		if (!sc->has_buffer) {
			sc->has_buffer = true;
			return;
		}
		virtio_put(vq, &sc->buffer, 0);
		virtio_signal(vq);
	}
}

static void balloon_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	switch (vq->index) {
	case INFLATE:
		handle_all(vq, inflate);
		break;
	case DEFLATE:
		/* The pages are allocated when the guest touches them. */
		handle_all(vq, NULL);
		break;
	case STATS:
		take_stats(dev->softc, vq);
		break;
	default:
		handle_all(vq, take_report);
	}
}

/* Linux kicks the queue of statistics only before it is ready. */
static void balloon_driver_ok(struct virtio_dev *dev)
{
	virtio_come_back(&dev->vqs[STATS]);
}

static void balloon_drain(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct balloon_softc *sc = dev->softc;

	if (vq->index == STATS)
		sc->has_buffer = false;
}

static void balloon_settle(struct virtio_dev *dev)
{
	struct balloon_softc *sc = dev->softc;

	if (sc->has_buffer)
		vq_unget(&dev->vqs[STATS], &sc->buffer);
	sc->has_buffer = false;
}

static void forget_stats(struct balloon_softc *sc)
{
	for (int i = 0; i < BALLOON_NSTATS; i++)
		sc->stats[i] = BALLOON_UNKNOWN;
}

static void balloon_reset(struct virtio_dev *dev)
{
	struct balloon_config *cfg = (void *)dev->config;

	cfg->actual = 0;
	forget_stats(dev->softc);
}

static void balloon_state(struct virtio_dev *dev, struct state *s)
{
	struct balloon_config *cfg = (void *)dev->config;

	STATE(s, cfg, num_pages);
	STATE(s, cfg, actual);
}

static void balloon_config_write(struct virtio_dev *dev, uint32_t off,
				 const void *buf, uint32_t len)
{
	if (off >= offsetof(struct balloon_config, actual))
		memcpy(dev->config + off, buf, len);
}

int balloon_set(uint64_t bytes, const char **why)
{
	struct balloon_config *cfg;
	uint64_t memory = 0;
	struct vm_memory ram;

	if (!balloon) {
		*why = "the VM has no balloon: start it with -s N,virtio-balloon";
		return -ENODEV;
	}
	for (unsigned int i = 0; !vm_get_memory(balloon->dev->ctx, i, &ram);
	     i++)
		memory += ram.len;
	if (bytes > memory) {
		*why = "the guest has less memory than that";
		return -EINVAL;
	}
	pthread_mutex_lock(&balloon->dev->mtx);
	cfg = (void *)balloon->dev->config;
	cfg->num_pages = bytes >> PFN_SHIFT;
	virtio_config_changed(balloon->dev);
	pthread_mutex_unlock(&balloon->dev->mtx);
	return 0;
}

static void ask_for_stats(struct balloon_softc *sc)
{
	struct virtqueue *vq = &sc->dev->vqs[STATS];

	if (!sc->has_buffer || !virtio_running(sc->dev))
		return;
	sc->has_buffer = false;
	virtio_put(vq, &sc->buffer, 0);
	virtio_signal(vq);
}

int balloon_report(struct balloon_report *report)
{
	const struct balloon_config *cfg;

	if (!balloon)
		return -ENODEV;
	pthread_mutex_lock(&balloon->dev->mtx);
	cfg = (const void *)balloon->dev->config;
	report->wanted = (uint64_t)cfg->num_pages << PFN_SHIFT;
	report->actual = (uint64_t)cfg->actual << PFN_SHIFT;
	memcpy(report->stats, balloon->stats, sizeof(report->stats));
	ask_for_stats(balloon);
	pthread_mutex_unlock(&balloon->dev->mtx);
	return 0;
}

static int balloon_init(struct virtio_dev *dev, struct config_node *node)
{
	struct balloon_softc *sc = calloc(1, sizeof(*sc));

	(void)node;
	if (!sc)
		die("%s: out of memory", dev->tag);
	if (balloon && balloon->dev->ctx == dev->ctx && dev->ctx)
		die("%s: a VM has one balloon", dev->tag);
	dev->softc = balloon = sc;
	sc->dev = dev;
	forget_stats(sc);
	dev->config_len = sizeof(struct balloon_config);
	dev->features |= VIRTIO_BALLOON_F_STATS_VQ |
			 VIRTIO_BALLOON_F_DEFLATE_ON_OOM |
			 VIRTIO_BALLOON_F_REPORTING;
	return virtio_set_queues(dev, NQUEUES, QUEUE_SIZE);
}

static const struct virtio_dev_ops virtio_balloon = {
	.name = "virtio-balloon",
	.device_id = 5,
	.pci_class = 0x00ff00, /* of no class; the same as QEMU's */
	.init = balloon_init,
	.driver_ok = balloon_driver_ok,
	.drain = balloon_drain,
	.reset = balloon_reset,
	.settle = balloon_settle,
	.notify = balloon_notify,
	.config_write = balloon_config_write,
};
VIRTIO_DEVICE(virtio_balloon, balloon_state);
