/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a network device is connected to. A backend has non-blocking
 * descriptors, on which one read or write is one frame: one descriptor, or for
 * devices with several queues one for each pair.
 */
#ifndef BHYVE_NET_BACKENDS_H
#define BHYVE_NET_BACKENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct config_node;
struct net_stream;

/*
 * The header in front of each frame: struct virtio_net_hdr_v1; for a legacy
 * device without MRG_RXBUF struct virtio_net_hdr.
 */
#define NET_HDR_LEN	   12
#define NET_LEGACY_HDR_LEN 10

/* The longest IP packet, with Ethernet header and VLAN tag. */
#define NET_FRAME_MAX (65535 + 18)

#define NET_MAX_QUEUES 8

struct net_backend {
	unsigned int nqueues;
	int fd[NET_MAX_QUEUES];
	int hdr_len; /* one of the above; set before opening */
	/* the backend's frames begin with hdr_len bytes of header */
	bool vnet_hdr;
	uint64_t offloads; /* virtio-net features that the backend can carry out */
	struct net_stream *stream; /* NULL: one read or write is one frame */
	/* the address that the backend has, unless "mac" gives another one */
	bool has_mac;
	uint8_t mac[6];
};

/*
 * Opens the backend of @node's keys (an interface, fd, passt, slirp), with "queues"
 * queues, or as many as are useful. The first queue is on. 0; -EINVAL after printing the
 * error. At start-up; on the event thread later only what another process has opened:
 * "attached", a tap, or passt, with "fd", a descriptor that stays the caller's.
 */
int net_backend_open(struct net_backend *be, struct config_node *node,
		     const char *tag);

/*
 * Closes what net_backend_open() has opened, also if it has failed on the way. Event
 * thread.
 */
void net_backend_close(struct net_backend *be);

/* Frames begin with @hdr_len bytes, one of the above, from now on. */
void net_backend_set_header(struct net_backend *be, int hdr_len);

/* Sets the offloads that the driver has accepted, some of be->offloads. */
void net_backend_set_offloads(struct net_backend *be, uint64_t features);

/* Uses the first n queues (1 to nqueues) from now on. */
void net_backend_set_queues(struct net_backend *be, unsigned int n);

/* Sends or receives one frame of that queue, as writev(2) and read(2). */
ssize_t net_backend_send(struct net_backend *be, unsigned int queue,
			 const struct iovec *iov, int n);
ssize_t net_backend_receive(struct net_backend *be, unsigned int queue,
			    void *buf, size_t room);

/*
 * One function for each kind. A tap or macvtap is opened by its name, with up to
 * max queues, or is a descriptor that whoever started bhyve has opened. Those that are
 * for the start-up alone exit on an error, after printing it; the others return 0 or
 * -EINVAL.
 */
void net_tap_open(struct net_backend *be, struct config_node *node,
		  unsigned int max, const char *tag);
void net_fd_open(struct net_backend *be, struct config_node *node,
		 const char *tag);
int net_attached_open(struct net_backend *be, struct config_node *node,
		      const char *tag);
int net_passt_open(struct net_backend *be, struct config_node *node,
		   const char *tag);
void net_tap_set_offloads(struct net_backend *be, uint64_t features);
void net_tap_set_header(struct net_backend *be);
void net_tap_set_queues(struct net_backend *be, unsigned int n);
void net_slirp_open(struct net_backend *be, struct config_node *node,
		    const char *tag);

/*
 * Turns "tapN,option..." of the command line into keys. 0; -EINVAL after
 * printing the error.
 */
int net_legacy_config(struct config_node *node, const char *opts);

/*
 * The device's MAC address: "mac" of @node's keys; the backend's; or one that
 * depends only on the VM's name and the slot: 00:a0:98 and the first bytes of the
 * MD5 of "SLOT-FUNC-NAME", as in FreeBSD's bhyve. 0; -EINVAL after printing that "mac" is
 * no address.
 */
int net_mac(const struct net_backend *be, struct config_node *node,
	    unsigned int slot, unsigned int func, const char *tag,
	    uint8_t mac[6]);

/* The key "mac" of @node. 1; 0: there is none; -EINVAL after printing it: no address. */
int net_wanted_mac(struct config_node *node, const char *tag, uint8_t mac[6]);

/* virtio 1.2, 5.1.3: features that move work between guest and backend. */
#define VIRTIO_NET_F_CSUM	(1ull << 0)
#define VIRTIO_NET_F_GUEST_CSUM (1ull << 1)
#define VIRTIO_NET_F_GUEST_TSO4 (1ull << 7)
#define VIRTIO_NET_F_GUEST_TSO6 (1ull << 8)
#define VIRTIO_NET_F_GUEST_ECN	(1ull << 9)
#define VIRTIO_NET_F_HOST_TSO4	(1ull << 11)
#define VIRTIO_NET_F_HOST_TSO6	(1ull << 12)
#define VIRTIO_NET_F_HOST_ECN	(1ull << 13)

/* Those that say what the guest accepts. */
#define NET_GUEST_OFFLOADS                                   \
	(VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4 | \
	 VIRTIO_NET_F_GUEST_TSO6 | VIRTIO_NET_F_GUEST_ECN)

/*
 * Completes the checksum of a DHCP datagram in a frame of @len bytes, whose
 * first @hdr_len are virtio's header. Any other frame stays as it is.
 */
void net_complete_dhcp(uint8_t *frame, size_t hdr_len, size_t len);

#endif /* BHYVE_NET_BACKENDS_H */
