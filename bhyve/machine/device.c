/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of the machine's devices. */
#include <stdlib.h>
#include "bhyve/base/debug.h"
#include "bhyve/machine/device.h"

static struct device *devices;
static unsigned int ndevices;

void init_devices(void)
{
	free(devices);
	devices = NULL;
	ndevices = 0;
}

void register_device(const char *tag, uint32_t instance,
		     void (*reset)(void *arg),
		     void (*state)(void *arg, struct state *s), void *arg)
{
	struct device *more =
		reallocarray(devices, ndevices + 1, sizeof(*more));

	if (!more)
		die("out of memory");
	devices = more;
	devices[ndevices++] =
		(struct device){ tag, instance, reset, state, arg };
}

void unregister_device(const void *arg)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < ndevices; i++)
		if (devices[i].arg != arg)
			devices[kept++] = devices[i];
	ndevices = kept;
}

void reset_devices(void)
{
	for (unsigned int i = 0; i < ndevices; i++)
		devices[i].reset(devices[i].arg);
}

const struct device *nth_device(unsigned int n)
{
	return n < ndevices ? &devices[n] : NULL;
}
