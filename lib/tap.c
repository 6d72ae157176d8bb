/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/tap.h"

int tap_attach(int fd, const char *name, bool multi)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	if (multi)
		ifr.ifr_flags |= IFF_MULTI_QUEUE;
	memcpy(ifr.ifr_name, name, strlen(name));
	return ioctl(fd, TUNSETIFF, &ifr);
}

/* Such requests go to any socket. */
static int request(unsigned long number, struct ifreq *ifr)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret = s < 0 ? -1 : ioctl(s, number, ifr);

	if (s >= 0)
		close(s);
	return ret;
}

int tap_bring_up(const char *name)
{
	struct ifreq ifr = { 0 };

	memcpy(ifr.ifr_name, name, strlen(name));
	if (request(SIOCGIFFLAGS, &ifr))
		return -1;
	if (ifr.ifr_flags & IFF_UP)
		return 0;
	ifr.ifr_flags |= IFF_UP;
	return request(SIOCSIFFLAGS, &ifr);
}

int tap_set_mtu(const char *name, int mtu)
{
	struct ifreq ifr = { 0 };

	memcpy(ifr.ifr_name, name, strlen(name));
	if (request(SIOCGIFMTU, &ifr))
		return -1;
	if (ifr.ifr_mtu == mtu)
		return 0;
	ifr.ifr_mtu = mtu;
	return request(SIOCSIFMTU, &ifr);
}
