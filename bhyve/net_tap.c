/* SPDX-License-Identifier: BSD-2-Clause */
/* A tap interface of the host: Documentation/networking/tuntap.rst. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bhyve/debug.h"
#include "bhyve/net_backends.h"

/* Bring it up, as bhyve's taps come up when opened. */
static void tap_up(const char *name)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };

	if (s < 0)
		return;
	memcpy(ifr.ifr_name, name, strlen(name));
	if (ioctl(s, SIOCGIFFLAGS, &ifr) == 0 && !(ifr.ifr_flags & IFF_UP)) {
		ifr.ifr_flags |= IFF_UP;
		if (ioctl(s, SIOCSIFFLAGS, &ifr))
			eprintln("%s is down: ip link set %s up", name, name);
	}
	close(s);
}

void net_tap_set_offloads(struct net_backend *be, uint64_t features)
{
	unsigned int flags = 0;

	if (features & VIRTIO_NET_F_GUEST_CSUM)
		flags |= TUN_F_CSUM;
	if (features & VIRTIO_NET_F_GUEST_TSO4)
		flags |= TUN_F_TSO4;
	if (features & VIRTIO_NET_F_GUEST_TSO6)
		flags |= TUN_F_TSO6;
	if (features & VIRTIO_NET_F_GUEST_ECN)
		flags |= TUN_F_TSO_ECN;
	/* The kernel refuses segmentation without checksums, as virtio does. */
	if (ioctl(be->fd, TUNSETOFFLOAD, flags))
		ioctl(be->fd, TUNSETOFFLOAD, 0);
}

void net_tap_open(struct net_backend *be, const char *name, const char *tag)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int hdr = NET_HDR_LEN;

	if (strlen(name) >= sizeof(ifr.ifr_name))
		die("%s: %s: too long for an interface's name", tag, name);
	memcpy(ifr.ifr_name, name, strlen(name));
	be->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (be->fd < 0)
		die("%s: cannot open /dev/net/tun: %s; modprobe tun, or use "
		    "slirp",
		    tag, strerror(errno));
	if (ioctl(be->fd, TUNSETIFF, &ifr))
		die("%s: cannot use %s: %s; make it with: ip tuntap add %s "
		    "mode tap user $USER",
		    tag, name, strerror(errno), name);
	if (ioctl(be->fd, TUNSETVNETHDRSZ, &hdr))
		die("%s: %s has no headers for offloads: %s", tag, name,
		    strerror(errno));
	be->vnet_hdr = true;
	be->offloads = VIRTIO_NET_F_CSUM | VIRTIO_NET_F_GUEST_CSUM |
		       VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6 |
		       VIRTIO_NET_F_GUEST_ECN | VIRTIO_NET_F_HOST_TSO4 |
		       VIRTIO_NET_F_HOST_TSO6 | VIRTIO_NET_F_HOST_ECN;
	tap_up(name);
}
