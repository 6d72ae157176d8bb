/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Taps of the host (Documentation/networking/tuntap.rst), which bhyve opens when it
 * starts, and bhyvectl for a bhyve that runs. Both are linked with this; it is no part of
 * libvmmapi.
 */
#ifndef LIB_TAP_H
#define LIB_TAP_H

#include <stdbool.h>

/*
 * Makes @fd, an open /dev/net/tun, the tap @name (shorter than IFNAMSIZ), with frames
 * that have virtio's header; with @multi one queue of several. 0, or -1 and errno.
 */
int tap_attach(int fd, const char *name, bool multi);

/* Brings the interface up, or sets its MTU, unless it is so. 0, or -1 and errno. */
int tap_bring_up(const char *name);
int tap_set_mtu(const char *name, int mtu);

#endif /* LIB_TAP_H */
