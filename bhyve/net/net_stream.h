/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames over a stream socket, each behind its length in four bytes, the highest
 * first: what passt and QEMU's stream networks speak.
 */
#ifndef BHYVE_NET_STREAM_H
#define BHYVE_NET_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct net_stream;

/*
 * Takes over @fd, a connected socket that does not block. NULL: out of memory or
 * descriptors. At start-up, or on the event thread.
 */
struct net_stream *net_stream_new(int fd);

/* Frees @s; its socket stays open. Event thread, with nothing else using @s. */
void net_stream_free(struct net_stream *s);

/*
 * Sends one frame, of at most NET_FRAME_MAX bytes. Its length, or -1 and errno as
 * by writev(2); EAGAIN: nothing of the frame was sent, and the socket becomes
 * writable when it can be. Any thread.
 */
ssize_t net_stream_send(struct net_stream *s, const struct iovec *iov, int n);

/*
 * Receives one frame into @buf, and cuts it off behind @room bytes. Its length, or
 * as read(2): 0 when the socket is closed; -1 with EAGAIN: there is no whole frame
 * yet, with EPROTO: what comes is no frame, and nothing more is received.
 */
ssize_t net_stream_receive(struct net_stream *s, void *buf, size_t room);

#endif /* BHYVE_NET_STREAM_H */
