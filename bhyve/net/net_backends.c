/* SPDX-License-Identifier: BSD-2-Clause */
/* What network devices share: options, address, choice of the backend. */
#include <errno.h>
#include <md5.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/net/net_stream.h"

/* The first words: an interface, slirp, passt with its path, or fd=N. */
static int backend_option(struct config_node *node, char *word, char **rest)
{
	int error;

	if (word && strncmp(word, "fd=", 3) == 0) {
		error = set_config_value_node(node, "fd", word + 3);
		word = "fd";
	} else if (word && strcmp(word, "passt") == 0) {
		error = set_config_value_node(node, "path",
					      next_config_option(rest));
	} else {
		error = 0;
	}
	return error ? error : set_config_value_node(node, "backend", word);
}

int net_legacy_config(struct config_node *node, const char *opts)
{
	char *copy = strdup(opts), *rest = copy;
	int error;

	if (!copy)
		return -ENOMEM;
	error = backend_option(node, next_config_option(&rest), &rest);
	if (!error && rest)
		error = parse_config_options_node(node, rest);
	free(copy);
	if (error)
		eprintln("network \"%s\": it is BACKEND[,OPTION[=VALUE]...]",
			 opts);
	return error;
}

/* *@wanted: the number of queues that the key asks for; 0: it is not set. */
static int read_queues(struct config_node *node, const char *tag,
		       unsigned int *wanted)
{
	uint64_t n = 0;
	int error = get_config_u64_node(node, "queues", &n);

	*wanted = n;
	if (error == -ENOENT)
		return 0;
	if (error || n < 1 || n > NET_MAX_QUEUES)
		return refuse("%s: queues=%s: it is a number from 1 to %d", tag,
			      get_config_value_node(node, "queues"),
			      NET_MAX_QUEUES);
	return 0;
}

/* A driver uses one pair of queues for each vCPU; a legacy driver uses one. */
static unsigned int useful_queues(const struct net_backend *be)
{
	uint64_t n = 1;

	if (be->hdr_len != NET_LEGACY_HDR_LEN)
		get_config_u64("cpus", &n);
	return n < 1 ? 1 : n > NET_MAX_QUEUES ? NET_MAX_QUEUES : n;
}

/* Opening makes a tap of such a name. */
static bool may_be_made(const char *name)
{
	return strncmp(name, "tap", 3) == 0 || strncmp(name, "vmnet", 5) == 0;
}

static int open_kind(struct net_backend *be, struct config_node *node,
		     unsigned int max, const char *tag)
{
	const char *name = get_config_value_node(node, "backend");

	if (!name)
		return refuse("%s: no backend given: a tap's name or slirp",
			      tag);
	if (strcmp(name, "passt") == 0)
		return net_passt_open(be, node, tag);
	if (strcmp(name, "attached") == 0)
		return net_attached_open(be, node, tag);
	if (strcmp(name, "slirp") == 0)
		net_slirp_open(be, node, tag);
	else if (strcmp(name, "fd") == 0)
		net_fd_open(be, node, tag);
	else if (may_be_made(name) || if_nametoindex(name))
		net_tap_open(be, node, max, tag);
	else
		return refuse(
			"%s: no backend \"%s\": use slirp, passt,PATH,"
			" fd=N, tapN, or the name of a tap or macvtap that"
			" is there",
			tag, name);
	return 0;
}

int net_backend_open(struct net_backend *be, struct config_node *node,
		     const char *tag)
{
	unsigned int wanted;

	if (read_queues(node, tag, &wanted) ||
	    open_kind(be, node, wanted ? wanted : useful_queues(be), tag))
		return -EINVAL;
	if (wanted > be->nqueues)
		return refuse("%s: queues=%u: %s has one; make a tap with: ip"
			      " tuntap add NAME mode tap multi_queue",
			      tag, wanted,
			      get_config_value_node(node, "backend"));
	net_backend_set_queues(be, 1);
	return 0;
}

void net_backend_close(struct net_backend *be)
{
	if (be->stream)
		net_stream_free(be->stream);
	for (unsigned int i = 0; i < be->nqueues; i++)
		close(be->fd[i]);
}

void net_backend_set_header(struct net_backend *be, int hdr_len)
{
	be->hdr_len = hdr_len;
	if (be->vnet_hdr)
		net_tap_set_header(be);
}

void net_backend_set_offloads(struct net_backend *be, uint64_t features)
{
	if (be->vnet_hdr)
		net_tap_set_offloads(be, features & be->offloads);
}

void net_backend_set_queues(struct net_backend *be, unsigned int n)
{
	if (be->nqueues > 1)
		net_tap_set_queues(be, n);
}

ssize_t net_backend_send(struct net_backend *be, unsigned int queue,
			 const struct iovec *iov, int n)
{
	return be->stream ? net_stream_send(be->stream, iov, n) :
			    writev(be->fd[queue], iov, n);
}

ssize_t net_backend_receive(struct net_backend *be, unsigned int queue,
			    void *buf, size_t room)
{
	return be->stream ? net_stream_receive(be->stream, buf, room) :
			    read(be->fd[queue], buf, room);
}

static bool parse_mac(const char *text, uint8_t mac[6])
{
	unsigned int v[6];
	char end;
	int i;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &v[0], &v[1], &v[2],
		   &v[3], &v[4], &v[5], &end) != 6)
		return false;
	for (i = 0; i < 6; i++)
		mac[i] = v[i];
	/*
	 * Bit 0 of the first byte marks a group address, which no station has.
	 */
	return !(mac[0] & 1);
}

int net_wanted_mac(struct config_node *node, const char *tag, uint8_t mac[6])
{
	const char *text = get_config_value_node(node, "mac");

	if (text && !parse_mac(text, mac))
		return refuse("%s: mac=%s: it is six bytes in hex with colons, "
			      "the first of them even",
			      tag, text);
	return text != NULL;
}

int net_mac(const struct net_backend *be, struct config_node *node,
	    unsigned int slot, unsigned int func, const char *tag,
	    uint8_t mac[6])
{
	const char *name = get_config_value("name");
	uint8_t digest[MD5_DIGEST_LENGTH];
	int wanted = net_wanted_mac(node, tag, mac);
	char seed[128];
	MD5_CTX md5;

	if (wanted)
		return wanted < 0 ? wanted : 0;
	if (be->has_mac) {
		memcpy(mac, be->mac, sizeof(be->mac));
		return 0;
	}
	snprintf(seed, sizeof(seed), "%u-%u-%s", slot, func, name ? name : "");
	MD5Init(&md5);
	MD5Update(&md5, (const uint8_t *)seed, strlen(seed));
	MD5Final(digest, &md5);
	memcpy(mac, "\x00\xa0\x98", 3);
	memcpy(mac + 3, digest, 3);
	return 0;
}
