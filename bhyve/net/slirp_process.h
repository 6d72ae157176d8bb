/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process of user-mode networking. libslirp parses a guest's frames there,
 * without bhyve's memory and descriptors, and behind a seccomp filter of its own.
 */
#ifndef BHYVE_SLIRP_PROCESS_H
#define BHYVE_SLIRP_PROCESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SLIRP_MAX_FORWARDS 64

/* A connection from the host to the guest; ports are in host byte order. */
struct slirp_forward {
	bool udp;
	struct in_addr host, guest;
	int host_port, guest_port;
};

struct slirp_options {
	uint64_t mtu;	 /* 0: the library's, 1500 */
	bool restricted; /* the guest reaches nothing but what is forwarded */
	bool host_loopback; /* it reaches the host's 127.0.0.1 by 10.0.2.2 */
	struct slirp_forward forwards[SLIRP_MAX_FORWARDS];
	unsigned int nforwards;
};

/* The address that the guest gets by DHCP. */
#define SLIRP_GUEST_ADDR "10.0.2.15"

/*
 * Starts it; frames come and go by @fd, a socket of whole messages whose other
 * end is the caller's. 0 and its number in *@pid, or an error that was said, with
 * @tag in front. At start-up; the caller closes @fd.
 */
int slirp_process_start(const struct slirp_options *opts, int fd,
			const char *tag, pid_t *pid);

#endif /* BHYVE_SLIRP_PROCESS_H */
