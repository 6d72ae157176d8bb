/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions to be called at a reset. */
#include <stdlib.h>
#include "bhyve/base/debug.h"
#include "bhyve/machine/reset.h"

struct hook {
	struct hook *next;
	void (*func)(void *arg);
	void *arg;
};

static struct hook *hooks, **last = &hooks;

void init_reset(void)
{
	while (hooks) {
		struct hook *h = hooks;

		hooks = h->next;
		free(h);
	}
	last = &hooks;
}

void register_reset(void (*func)(void *arg), void *arg)
{
	struct hook *h = malloc(sizeof(*h));

	if (!h)
		die("out of memory");
	*h = (struct hook){ NULL, func, arg };
	*last = h;
	last = &h->next;
}

void reset_devices(void)
{
	for (const struct hook *h = hooks; h; h = h->next)
		h->func(h->arg);
}
