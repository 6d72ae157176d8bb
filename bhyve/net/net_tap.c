/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tap interface of the host (Documentation/networking/tuntap.rst), or a macvtap,
 * which has a device of its own and takes the same ioctls.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/sockets.h"
#include "bhyve/net/net_backends.h"
#include "lib/tap.h"

/*
 * Brings the interface up, as FreeBSD does when a tap is opened. The guest is told the
 * MTU, so the tap must take such packets.
 */
static void configure(const char *name, struct config_node *node)
{
	uint64_t mtu = 0;

	get_config_u64_node(node, "mtu", &mtu);
	if (mtu && tap_set_mtu(name, mtu))
		eprintln("%s has another MTU: ip link set %s mtu %d", name,
			 name, (int)mtu);
	if (tap_bring_up(name))
		eprintln("%s is down: ip link set %s up", name, name);
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
	if (ioctl(be->fd[0], TUNSETOFFLOAD, flags))
		ioctl(be->fd[0], TUNSETOFFLOAD, 0);
}

void net_tap_set_queues(struct net_backend *be, unsigned int n)
{
	struct ifreq ifr = { 0 };
	unsigned int i;

	for (i = 0; i < be->nqueues; i++) {
		ifr.ifr_flags = i < n ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE;
		/* EINVAL: the queue is in that state already. */
		ioctl(be->fd[i], TUNSETQUEUE, &ifr);
	}
}

/* Stores the path of a macvtap's device; false: the interface is no macvtap. */
static bool macvtap_device(const char *name, char *path, size_t room)
{
	unsigned int index = if_nametoindex(name);
	char link[64];

	snprintf(link, sizeof(link), "/sys/class/net/%s/tap%u", name, index);
	snprintf(path, room, "/dev/tap%u", index);
	return index && !access(link, F_OK);
}

static int open_tun(const char *name, const char *tag)
{
	char path[32];
	bool macvtap = macvtap_device(name, path, sizeof(path));
	int fd;

	if (!macvtap)
		strcpy(path, "/dev/net/tun");
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		die("%s: cannot open %s: %s; %s", tag, path, strerror(errno),
		    macvtap ? "it has to belong to this user" :
			      "modprobe tun, or use slirp");
	return fd;
}

/*
 * A tap that exists was made with one queue or with several, and must be opened
 * the same way. If opening makes it, max decides.
 */
static void open_first(struct net_backend *be, const char *name,
		       unsigned int max, bool *multi, const char *tag)
{
	int fd = open_tun(name, tag);

	*multi = max > 1;
	if (tap_attach(fd, name, *multi)) {
		*multi = !*multi;
		if (errno != EINVAL || tap_attach(fd, name, *multi))
			die("%s: cannot use %s: %s; make it with: ip tuntap "
			    "add %s mode tap user $USER",
			    tag, name, strerror(errno), name);
	}
	be->fd[be->nqueues++] = fd;
}

static void open_others(struct net_backend *be, const char *name,
			unsigned int max, const char *tag)
{
	while (be->nqueues < max) {
		int fd = open_tun(name, tag);

		if (tap_attach(fd, name, true)) {
			close(fd);
			return;
		}
		be->fd[be->nqueues++] = fd;
	}
}

static int set_header(struct net_backend *be)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < be->nqueues; i++)
		ret |= ioctl(be->fd[i], TUNSETVNETHDRSZ, &be->hdr_len);
	return ret;
}

/* Linux takes any length from NET_LEGACY_HDR_LEN on. */
void net_tap_set_header(struct net_backend *be)
{
	(void)set_header(be);
}

/*
 * A tap with several queues lets other processes attach, which would take part
 * of its traffic.
 */
static void claim(const char *name, const char *tag)
{
	if (claim_name("net", name) == -EADDRINUSE)
		die("%s: %s is in use by another VM: give each its own tap",
		    tag, name);
}

/* A macvtap passes to the guest only what is for the interface's own address. */
static void share_mac(struct net_backend *be, struct config_node *node,
		      const char *name, const char *tag)
{
	struct ifreq ifr = { 0 };
	char path[32];
	int wanted;

	if (!macvtap_device(name, path, sizeof(path)))
		return;
	if (ioctl(be->fd[0], SIOCGIFHWADDR, &ifr))
		die("%s: %s has no address: %s", tag, name, strerror(errno));
	memcpy(be->mac, ifr.ifr_hwaddr.sa_data, sizeof(be->mac));
	be->has_mac = true;
	wanted = net_wanted_mac(node, tag, be->mac);
	if (wanted < 0)
		exit_with_error();
	if (!wanted)
		return;
	memcpy(ifr.ifr_name, name, strlen(name));
	memcpy(ifr.ifr_hwaddr.sa_data, be->mac, sizeof(be->mac));
	if (ioctl(be->fd[0], SIOCSIFHWADDR, &ifr))
		die("%s: %s does not take mac=: %s; leave it out, or set it"
		    " with: ip link set %s address MAC",
		    tag, name, strerror(errno), name);
}

static int use_headers(struct net_backend *be, const char *name,
		       const char *tag)
{
	if (set_header(be))
		return refuse("%s: %s has no headers for offloads: %s", tag,
			      name, strerror(errno));
	be->vnet_hdr = true;
	be->offloads = VIRTIO_NET_F_CSUM | VIRTIO_NET_F_GUEST_CSUM |
		       VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6 |
		       VIRTIO_NET_F_GUEST_ECN | VIRTIO_NET_F_HOST_TSO4 |
		       VIRTIO_NET_F_HOST_TSO6 | VIRTIO_NET_F_HOST_ECN;
	return 0;
}

/* die()s if the interface is no tap, for which the kernel would say only EINVAL. */
static void check_kind(const char *name, const char *tag)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/tun_flags", name);
	if (if_nametoindex(name) && access(path, F_OK) &&
	    !macvtap_device(name, path, sizeof(path)))
		die("%s: %s is neither a tap nor a macvtap: make one with: ip"
		    " link add link %s name NAME type macvtap",
		    tag, name, name);
}

void net_tap_open(struct net_backend *be, struct config_node *node,
		  unsigned int max, const char *tag)
{
	const char *name = get_config_value_node(node, "backend");
	bool multi;

	if (strlen(name) >= IFNAMSIZ)
		die("%s: %s: too long for an interface's name", tag, name);
	check_kind(name, tag);
	claim(name, tag);
	open_first(be, name, max, &multi, tag);
	if (multi)
		open_others(be, name, max, tag);
	if (use_headers(be, name, tag))
		exit_with_error();
	share_mac(be, node, name, tag);
	configure(name, node);
}

/* What kind of tap a descriptor is. 0; -EINVAL after printing why it is of no use. */
static int ask_fd(int fd, struct ifreq *ifr, uint64_t number, const char *tag)
{
	if (ioctl(fd, TUNGETIFF, ifr))
		return refuse("%s: fd=%llu is no tap or macvtap: %s", tag,
			      (unsigned long long)number, strerror(errno));
	if (!(ifr->ifr_flags & IFF_TAP) || !(ifr->ifr_flags & IFF_NO_PI))
		return refuse("%s: fd=%llu was not opened with IFF_TAP and"
			      " IFF_NO_PI",
			      tag, (unsigned long long)number);
	return 0;
}

void net_fd_open(struct net_backend *be, struct config_node *node,
		 const char *tag)
{
	struct ifreq ifr = { 0 };
	uint64_t number;
	int fd;

	if (get_config_u64_node(node, "fd", &number) || number > INT32_MAX)
		die("%s: fd=%s: it is the number of an open descriptor", tag,
		    get_config_value_node(node, "fd"));
	fd = fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (fd < 0)
		die("%s: fd=%llu: %s", tag, (unsigned long long)number,
		    strerror(errno));
	if (ask_fd(fd, &ifr, number, tag))
		exit_with_error();
	fcntl(fd, F_SETFL, O_NONBLOCK);
	claim(ifr.ifr_name, tag);
	be->fd[be->nqueues++] = fd;
	if (ifr.ifr_flags & IFF_VNET_HDR && use_headers(be, ifr.ifr_name, tag))
		exit_with_error();
	share_mac(be, node, ifr.ifr_name, tag);
	configure(ifr.ifr_name, node);
}

/* A tap that another process has opened and configured; it has one queue. */
int net_attached_open(struct net_backend *be, struct config_node *node,
		      const char *tag)
{
	struct ifreq ifr = { 0 };
	uint64_t given = 0;
	int fd;

	get_config_u64_node(node, "fd", &given);
	fd = dup(given);
	if (fd < 0)
		return refuse(
			"%s: no descriptor for its tap: %s; see ulimit -n", tag,
			strerror(errno));
	be->fd[be->nqueues++] = fd;
	if (ask_fd(fd, &ifr, given, tag))
		return -EINVAL;
	return ifr.ifr_flags & IFF_VNET_HDR ?
		       use_headers(be, ifr.ifr_name, tag) :
		       0;
}
