/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets and links that are removed at exit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyve/base/leftovers.h"

static char **paths;
static unsigned int npaths;

static void remove_all(void)
{
	for (unsigned int i = 0; i < npaths; i++)
		unlink(paths[i]);
}

int remove_at_exit(const char *path)
{
	char **more = reallocarray(paths, npaths + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	paths = more;
	paths[npaths] = strdup(path);
	if (!paths[npaths])
		return -ENOMEM;
	if (!npaths++)
		atexit(remove_all);
	return 0;
}
