/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any memory as the rings of a queue, split and packed, changed between the
 * calls. Each segment that is returned must be in guest memory.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/virtio/virtio_ring.h"
#include "lib/vmmapi.h"
#include "tests/fuzz/input.h"

#define RAM	 0x40000000u
#define RAM_SIZE 0x2000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *ram;

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx;
	if (!len || gpa < RAM || len > RAM_SIZE || gpa - RAM > RAM_SIZE - len)
		return NULL;
	return ram + (gpa - RAM);
}

static struct input input;

static uint32_t take(unsigned int bytes)
{
	return input_number(&input, bytes);
}

/* Copies up to 255 bytes of the input to any place in memory. */
static void scribble(void)
{
	uint32_t at = take(2) % RAM_SIZE, n = take(1);

	if (n > RAM_SIZE - at)
		n = RAM_SIZE - at;
	input_copy(&input, ram + at, n);
}

static void touch(const struct vq_chain *c)
{
	unsigned int i, n = c->nread + c->nwrite;

	if (n == 0 || n > VQ_MAX_SIZE)
		abort();
	for (i = 0; i < n; i++) {
		volatile uint8_t *p = c->iov[i].iov_base;
		size_t len = c->iov[i].iov_len;

		if (!len || p < ram || len > RAM_SIZE ||
		    (size_t)(p - ram) > RAM_SIZE - len)
			abort();
		p[len - 1] = p[0];
	}
}

static struct vq_chain chains[VQ_MAX_SIZE];
static unsigned int held;

static void step(struct virtqueue *vq)
{
	uint8_t op = take(1);
	int n;

	switch (op % 8) {
	case 0:
	case 1:
		if (held == VQ_MAX_SIZE)
			break;
		n = vq_get(vq, &chains[held]);
		if (n < 0 && !vq->fault)
			abort();
		if (n > 0)
			touch(&chains[held++]);
		break;
	case 2:
		if (held)
			vq_unget(vq, &chains[--held]);
		break;
	case 3:
		if (held)
			vq_fill(vq, &chains[--held], take(4));
		vq_publish(vq);
		break;
	case 4:
		vq_should_signal(vq);
		break;
	case 5:
		vq_disable_kick(vq);
		break;
	case 6:
		vq_enable_kick(vq);
		break;
	case 7:
		scribble();
		break;
	}
}

static void run(bool packed)
{
	struct vq_format fmt = { .packed = packed };
	struct virtqueue vq = { .max_size = VQ_MAX_SIZE };
	uint8_t flags = take(1);

	fmt.event_idx = flags & 1;
	fmt.indirect = flags & 2;
	/* Mostly valid, so that the code behind the checks runs. */
	vq.size_set = flags & 4 ? take(2) : 1u << (flags >> 5);
	vq.desc_gpa = RAM + (flags & 8 ? take(4) : 0);
	vq.driver_gpa = RAM + 0x1000 + (flags & 8 ? take(4) : 0);
	vq.device_gpa = RAM + 0x1800 + (flags & 8 ? take(4) : 0);
	held = 0;
	scribble();
	scribble();
	if (vq_start(&vq, NULL, &fmt))
		return;
	while (input.left)
		step(&vq);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ram = calloc(1, RAM_SIZE);
	input.data = data;
	input.left = size;
	run(take(1) & 1);
	free(ram);
	return 0;
}
