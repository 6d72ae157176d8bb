/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any other file: a program that runs where it is put, entered at its first
 * byte in the state of the Arm boot protocol. FreeBSD's kernel.bin is one.
 */
#include <errno.h>
#include "bhyve/boot/freebsd.h"
#include "bhyve/boot/loader.h"

/*
 * Where QEMU loads a file of unknown format; programs for virt are linked
 * there.
 */
#define RAW_OFFSET UINT64_C(0x10000)

/*
 * kernel.bin must be at a multiple of 1 MiB. The device tree must be before it,
 * or far behind, because the file does not say how large its .bss is. Both must
 * be within the 64 MiB that the kernel's first page tables map.
 */
#define FREEBSD_OFFSET	   UINT64_C(0x200000)
#define FREEBSD_DTB_OFFSET UINT64_C(0x100000)

static bool probe_raw(const struct image *img)
{
	(void)img;
	return true;
}

static void choose_place(const struct loader *l, const struct image *img,
			 struct boot *boot)
{
	boot->entry = l->ram_base + RAW_OFFSET;
	if (l->raw_base != LOADER_NO_BASE) {
		boot->entry = l->raw_base;
	} else if (is_freebsd_kernel(img)) {
		boot->entry = l->ram_base + FREEBSD_OFFSET;
		boot->dtb_gpa = l->ram_base + FREEBSD_DTB_OFFSET;
	}
}

static int load_raw(struct loader *l, const struct image *img,
		    struct boot *boot)
{
	if (img->len < 4)
		return loader_fail(l, "%s: too short for a kernel (%zu bytes)",
				   img->path, img->len);
	if (l->raw_base == LOADER_NO_BASE && refuse_unlikely(l, img))
		return -EINVAL;
	choose_place(l, img, boot);
	return loader_put(l, "kernel", boot->entry, img->data, img->len);
}

const struct image_format raw_format = {
	.name = "raw binary",
	.probe = probe_raw,
	.load = load_raw,
};
