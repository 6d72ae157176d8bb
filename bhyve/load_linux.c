/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's Image, the kernel that a zImage unpacks. It has no header: it is
 * known by its banner. It runs at its text offset from a 2 MiB boundary (16
 * MiB before 5.11) and has its first page tables before itself.
 */
#include <string.h>
#include "bhyve/loader.h"

#define TEXT_OFFSET	UINT64_C(0x8000)

bool has_linux_banner(const struct image *img)
{
	static const char banner[] = "Linux version ";

	return memmem(img->data, img->len, banner, sizeof(banner) - 1);
}

static int load_linux(struct loader *l, const struct image *img,
		      struct boot *boot)
{
	int ret;

	boot->entry = l->ram_base + TEXT_OFFSET;
	ret = loader_reserve(l, "the kernel's page tables", l->ram_base,
			     TEXT_OFFSET);
	if (ret)
		return ret;
	return loader_put(l, "kernel", boot->entry, img->data, img->len);
}

const struct image_format linux_format = {
	.name = "Linux Image",
	.probe = has_linux_banner,
	.load = load_linux,
};
