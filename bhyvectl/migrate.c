/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Live migration: the connection is made here, because bhyve's sandbox makes none, and
 * is then bhyve's. If this process ends before it is over, the VM stays.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/migrate.h"
#include "lib/peer.h"

static int complain(const char *place, int error)
{
	fprintf(stderr, "bhyvectl: %s: %s\n", place,
		error == -EADDRNOTAVAIL ?
			"there is no host or service of that name" :
			strerror(-error));
	return NOT_DONE;
}

static void print_figures(struct json_object *answer, bool json)
{
	if (json) {
		puts(json_object_to_json_string_ext(answer,
						    JSON_C_TO_STRING_PRETTY));
		return;
	}
	print_copied("moved", answer);
}

int migrate_vm(const char *name, const char *place, bool json)
{
	struct json_object *answer;
	struct peer peer;
	int fd, ret;

	if (!peer_parse(place, &peer) ||
	    (peer.kind == PEER_TCP && !*peer.host)) {
		fprintf(stderr,
			"bhyvectl: --migrate=%s: give unix:PATH,"
			" tcp:HOST:PORT, fd:N or cancel\n",
			place);
		return WRONG_USAGE;
	}
	fd = peer_connect(&peer);
	if (fd < 0)
		return complain(place, fd);
	ret = ask_or_say(name, "migrate", fd, &answer);
	close(fd);
	if (ret)
		return ret;
	print_figures(answer, json);
	json_object_put(answer);
	return 0;
}
