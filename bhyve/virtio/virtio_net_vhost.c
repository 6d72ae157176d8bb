/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames by the host's kernel: vhost-net moves them between the rings and the tap
 * (Linux, drivers/vhost/net.c). Each pair has a /dev/vhost-net of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/written.h"
#include "bhyve/virtio/vhost.h"
#include "bhyve/virtio/virtio_net.h"

/* The features of the network device itself that the kernel must know of. */
#define FRAME_FEATURES VIRTIO_NET_F_MRG_RXBUF

static int open_pair(struct net_pair *p)
{
	struct vhost *vhost = calloc(1, sizeof(*vhost));
	int error = -ENOMEM;

	if (vhost)
		error = vhost_net_open(vhost, p->sc->dev->ctx, p->fd);
	if (error)
		free(vhost);
	else
		p->vhost = vhost;
	return error;
}

static int open_pairs(struct net_softc *sc)
{
	unsigned int i;
	int error = 0;

	for (i = 0; i < sc->be.nqueues && !error; i++)
		error = open_pair(&sc->pairs[i]);
	return error;
}

static void close_pairs(struct net_softc *sc)
{
	unsigned int i;

	for (i = 0; i < sc->be.nqueues; i++) {
		struct net_pair *p = &sc->pairs[i];

		if (p->vhost)
			vhost_kernel_close(p->vhost);
		free(p->vhost);
		p->vhost = NULL;
	}
}

static void connect_pairs(struct net_softc *sc)
{
	unsigned int i;

	for (i = 0; i < sc->be.nqueues; i++) {
		struct vhost *vhost = sc->pairs[i].vhost;

		vhost_add_rings(vhost, sc->dev, 2 * i, 2);
		vhost_limit_features(vhost);
		sc->dev->features &= vhost->features | ~FRAME_FEATURES;
	}
}

static void explain(const struct net_softc *sc, int error)
{
	const char *mend =
		error == -ENOENT || error == -ENODEV ? "; modprobe vhost_net" :
		error == -EACCES ? "; its group, often kvm, may open it" :
				   "";

	eprintln(
		"%s: vhost was asked for, but /dev/vhost-net cannot be used: %s%s; "
		"bhyve moves the frames itself",
		sc->dev->tag, strerror(-error), mend);
}

int net_vhost_open(struct net_softc *sc, struct config_node *node)
{
	bool asked = get_config_value_node(node, "vhost") != NULL,
	     wanted = true;
	int error;

	if (get_config_bool_node(node, "vhost", &wanted))
		return -EINVAL;
	if (!wanted || (!sc->be.vnet_hdr && !asked))
		return 0;
	if (!sc->be.vnet_hdr)
		return refuse("%s: vhost is for a tap: leave it out",
			      sc->dev->tag);
	error = open_pairs(sc);
	if (!error) {
		connect_pairs(sc);
		return 0;
	}
	close_pairs(sc);
	if (asked)
		explain(sc, error);
	return 0;
}

/* Closes vhost for this pair for good: bhyve moves its frames from now on. */
static void give_up(struct net_pair *p, int error)
{
	vhost_kernel_close(p->vhost);
	p->vhost = NULL;
	guest_println("%s: the host's kernel does not take its rings: %s; "
		      "bhyve moves the frames itself",
		      p->sc->dev->tag, strerror(-error));
}

bool net_vhost_start(struct net_pair *p)
{
	int error;

	/* The kernel does not tell where it writes. */
	if (!p->vhost || guest_writes_are_logged() || !vhost_is_ready(p->vhost))
		return false;
	error = vhost_start(p->vhost);
	if (error)
		give_up(p, error);
	return !error;
}

void net_vhost_stop(struct net_pair *p)
{
	if (p->vhost)
		vhost_stop(p->vhost);
}
