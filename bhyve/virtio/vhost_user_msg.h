/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of the vhost-user protocol (QEMU, docs/interop/vhost-user.rst), as the
 * front end sends and reads them. The back end is not trusted: only the answer to
 * the last question is accepted, and only with the right length.
 */
#ifndef BHYVE_VHOST_USER_MSG_H
#define BHYVE_VHOST_USER_MSG_H

#include <stdbool.h>
#include <stdint.h>

enum vhost_user_request {
	VHOST_USER_GET_FEATURES = 1,
	VHOST_USER_SET_FEATURES = 2,
	VHOST_USER_SET_OWNER = 3,
	VHOST_USER_SET_MEM_TABLE = 5,
	VHOST_USER_SET_VRING_NUM = 8,
	VHOST_USER_SET_VRING_ADDR = 9,
	VHOST_USER_SET_VRING_BASE = 10,
	VHOST_USER_GET_VRING_BASE = 11,
	VHOST_USER_SET_VRING_KICK = 12,
	VHOST_USER_SET_VRING_CALL = 13,
	VHOST_USER_SET_VRING_ERR = 14,
	VHOST_USER_GET_PROTOCOL_FEATURES = 15,
	VHOST_USER_SET_PROTOCOL_FEATURES = 16,
	VHOST_USER_GET_QUEUE_NUM = 17,
	VHOST_USER_SET_VRING_ENABLE = 18,
	VHOST_USER_GET_CONFIG = 24,
	VHOST_USER_SET_CONFIG = 25,
	VHOST_USER_GET_INFLIGHT_FD = 31,
	VHOST_USER_SET_INFLIGHT_FD = 32,
};

/* A bit of the device's features: there are protocol features. */
#define VHOST_USER_F_PROTOCOL_FEATURES (1ull << 30)

#define VHOST_USER_PROTOCOL_F_MQ	     (1ull << 0)
#define VHOST_USER_PROTOCOL_F_REPLY_ACK	     (1ull << 3)
#define VHOST_USER_PROTOCOL_F_CONFIG	     (1ull << 9)
#define VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD (1ull << 12)

#define VHOST_USER_MAX_REGIONS 8
#define VHOST_USER_MAX_CONFIG  256

/* The same layout in 32 and 64 bits: every member has its natural alignment. */
union vhost_user_payload {
	uint64_t num;
	struct {
		uint32_t index;
		uint32_t num;
	} state;
	struct {
		uint32_t index;
		uint32_t flags;
		uint64_t desc;
		uint64_t used;
		uint64_t avail;
		uint64_t log;
	} addr;
	struct {
		uint32_t n;
		uint32_t padding;
		struct {
			uint64_t gpa;
			uint64_t size;
			uint64_t user_addr;
			uint64_t offset; /* in the descriptor */
		} region[VHOST_USER_MAX_REGIONS];
	} memory;
	struct {
		uint32_t offset;
		uint32_t size;
		uint32_t flags;
		uint8_t data[VHOST_USER_MAX_CONFIG];
	} config;
	struct {
		uint64_t size;
		uint64_t offset;
		uint16_t nqueues;
		uint16_t queue_size;
		uint32_t padding;
	} inflight;
};

struct vhost_user_msg {
	uint32_t request;
	uint32_t size; /* of the payload, in bytes */
	union vhost_user_payload payload;
	int fds[VHOST_USER_MAX_REGIONS]; /* to send; they stay the caller's */
	unsigned int nfds;
	bool want_ack; /* REPLY_ACK: asks whether it was carried out */
};

/* The length of the answer to an acknowledged or a numeric request. */
#define VHOST_USER_NUM_SIZE sizeof(uint64_t)

/*
 * Sends a message. 0 or a negative errno; -ETIMEDOUT: the back end does not take it
 * within the socket's SO_SNDTIMEO.
 */
int vhost_user_send(int sock, const struct vhost_user_msg *msg);

/*
 * Reads the answer to @request, whose payload has to be @size bytes, into msg->payload,
 * and a descriptor that comes with it into *fd, if @fd is given: -1 if there is none.
 * All others are closed. 0; -EPROTO: another message came; -ECONNRESET: the end;
 * -ETIMEDOUT: nothing within SO_RCVTIMEO; or another negative errno.
 */
int vhost_user_receive(int sock, uint32_t request, uint32_t size,
		       struct vhost_user_msg *msg, int *fd);

#endif /* BHYVE_VHOST_USER_MSG_H */
