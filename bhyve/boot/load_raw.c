/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anything else: a program that runs where it is put, entered at its first
 * byte with the state of the Arm boot protocol. FreeBSD's kernel.bin is one.
 */
#include "bhyve/boot/loader.h"

/*
 * kernel.bin wants a 1 MiB boundary and the device tree before or far behind
 * it, since the file does not say how large its .bss is; both within the 64
 * MiB that its first page tables map.
 */
#define RAW_OFFSET	UINT64_C(0x200000)
#define RAW_DTB_OFFSET	UINT64_C(0x100000)

static bool probe_raw(const struct image *img)
{
	(void)img;
	return true;
}

static int load_raw(struct loader *l, const struct image *img,
		    struct boot *boot)
{
	if (img->len < 4)
		return loader_fail(l, "%s: too short for a kernel (%zu bytes)",
				   img->path, img->len);
	boot->entry = l->raw_base ? l->raw_base : l->ram_base + RAW_OFFSET;
	boot->dtb_gpa = l->raw_base ? 0 : l->ram_base + RAW_DTB_OFFSET;
	return loader_put(l, "kernel", boot->entry, img->data, img->len);
}

const struct image_format raw_format = {
	.name = "raw binary",
	.probe = probe_raw,
	.load = load_raw,
};
