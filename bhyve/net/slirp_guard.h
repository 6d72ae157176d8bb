/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest may not send through user-mode networking. */
#ifndef BHYVE_SLIRP_GUARD_H
#define BHYVE_SLIRP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where libslirp passes DNS on to the host's resolver. */
#define SLIRP_DNS_ADDR	"10.0.2.3"
#define SLIRP_DNS_ADDR6 "fec0::3"

/*
 * Whether a frame would make libslirp connect to the host's own loopback. These
 * frames do: frames to 127.0.0.0/8, 0.0.0.0/8 or ::/64; and frames to
 * SLIRP_DNS_ADDR or SLIRP_DNS_ADDR6 that are not for DNS, because libslirp sends
 * them to the host's resolver, whose address may be of the loopback. libslirp's
 * own switch closes only the host's address in the guest's network.
 */
bool slirp_is_for_loopback(const uint8_t *frame, size_t len);

#endif /* BHYVE_SLIRP_GUARD_H */
