/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices for a VM that runs: the image, the tap or the socket is opened here, because
 * bhyve's sandbox opens nothing, and is then bhyve's.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/attach.h"
#include "lib/peer.h"
#include "lib/tap.h"

#define NOTHING \
	(-1) /* there is nothing to open: bhyve says whether that is right */
#define COMPLAINED (-2) /* it could not be opened */

/*
 * Takes the next word off *rest into @word, up to a comma; two commas stand for one that
 * belongs to it. False: there is none, or it is too long.
 */
static bool next_word(const char **rest, char *word, size_t room)
{
	const char *p = *rest;
	size_t n = 0;

	if (!*p)
		return false;
	for (; *p && (*p != ',' || p[1] == ','); p++) {
		if (*p == ',')
			p++;
		if (n + 1 == room)
			return false;
		word[n++] = *p;
	}
	word[n] = '\0';
	*rest = *p ? p + 1 : p;
	return true;
}

/* The value of an option among @rest, "true" for one without a value; "": it is not there. */
static const char *value_of(const char *rest, const char *name, char word[256])
{
	const size_t len = strlen(name);

	while (next_word(&rest, word, 256))
		if (!strncmp(word, name, len) && word[len] == '=')
			return word + len + 1;
		else if (!strcmp(word, name))
			return "true";
	return "";
}

/* As bhyve reads them: bhyve_config(5). */
static bool is_on(const char *rest, const char *name)
{
	char word[256];
	const char *value = value_of(rest, name, word);

	return !strcmp(value, "true") || !strcmp(value, "1") ||
	       !strcmp(value, "yes") || !strcmp(value, "on");
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "bhyvectl: %s: %s\n", what, why);
	return COMPLAINED;
}

static int open_image(const char *path, const char *options)
{
	int flags = O_CLOEXEC, fd;

	if (!strncmp(path, "vhost-user=", 11))
		return NOTHING;
	flags |= is_on(options, "ro") ? O_RDONLY : O_RDWR;
	if (is_on(options, "sync") || is_on(options, "direct"))
		flags |= O_DSYNC;
	fd = open(path, flags);
	return fd < 0 ? complain(path, strerror(errno)) : fd;
}

static int open_passt(const char *options)
{
	char path[108];
	struct peer peer = { .kind = PEER_UNIX, .path = path };
	int fd;

	if (!next_word(&options, path, sizeof(path)))
		return complain("passt",
				"give the path of its socket: passt,PATH");
	fd = peer_connect(&peer);
	if (fd < 0)
		return complain(path, strerror(-fd));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void configure_tap(const char *name, const char *options)
{
	char word[256];
	int mtu = atoi(value_of(options, "mtu", word));

	if (mtu && tap_set_mtu(name, mtu))
		complain(name, "it has another MTU: set it with ip link");
	if (tap_bring_up(name))
		complain(name, "it is down: bring it up with ip link");
}

/*
 * A tap of several queues could be opened by another VM as well, which bhyve guards
 * against when it opens the tap itself.
 */
static int open_tap(const char *name, const char *options)
{
	int fd;

	if (strlen(name) >= IFNAMSIZ)
		return complain(name, "too long for the name of a tap");
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return complain("/dev/net/tun", strerror(errno));
	if (tap_attach(fd, name, false)) {
		complain(name,
			 errno == EINVAL ?
				 "it is no tap of one queue: make one with"
				 " ip tuntap add NAME mode tap" :
				 strerror(errno));
		close(fd);
		return COMPLAINED;
	}
	configure_tap(name, options);
	return fd;
}

static int open_network(const char *backend, const char *options)
{
	if (!strcmp(backend, "slirp"))
		return NOTHING;
	if (!strcmp(backend, "passt"))
		return open_passt(options);
	if (!strncmp(backend, "fd=", 3))
		return dup(atoi(backend + 3));
	return open_tap(backend, options);
}

static int open_end(const char *option)
{
	char slot[16], device[32], end[1024];

	if (!next_word(&option, slot, sizeof(slot)) ||
	    !next_word(&option, device, sizeof(device)) ||
	    !next_word(&option, end, sizeof(end)))
		return NOTHING;
	if (!strcmp(device, "virtio-blk"))
		return open_image(end, option);
	if (!strcmp(device, "virtio-net"))
		return open_network(end, option);
	return NOTHING;
}

int attach_device(const char *vm, const char *option, const char *request)
{
	struct json_object *answer;
	int fd = open_end(option);
	int ret;

	if (fd == COMPLAINED)
		return NOT_DONE;
	ret = ask_or_say(vm, request, fd, &answer);
	if (fd >= 0)
		close(fd);
	if (!ret)
		json_object_put(answer);
	return ret;
}
