/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a kernel file. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "bhyve/boot/loader.h"
#include "lib/vmmapi.h"

#define RAM_BASE UINT64_C(0x40000000)
#define RAM_SIZE (UINT64_C(64) << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *ram;

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx;
	if (gpa < RAM_BASE || len > RAM_SIZE || gpa - RAM_BASE > RAM_SIZE - len)
		return NULL;
	return ram + (gpa - RAM_BASE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct loader l = { .ram_base = RAM_BASE,
			    .ram_size = RAM_SIZE,
			    .raw_base = LOADER_NO_BASE };
	struct image img = { .path = "kernel", .len = size };
	struct boot boot = { 0 };

	if (!ram)
		ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/*
	 * A copy of exactly this size, so that the sanitizer sees reads behind
	 * it.
	 */
	img.data = malloc(size + 1);
	__builtin_memcpy(img.data, data, size);
	img.data = realloc(img.data, size ? size : 1);
	if (load_image(&l, &img, &boot) == 0) {
		/* The entry and the device tree must be where they can be. */
		if (boot.entry < RAM_BASE || boot.entry >= RAM_BASE + RAM_SIZE)
			abort();
		if (boot.dtb_len > boot.image->len ||
		    boot.dtb_offset > boot.image->len - boot.dtb_len)
			abort();
	} else if (!l.error[0]) {
		abort();
	}
	free(img.data);
	return 0;
}
