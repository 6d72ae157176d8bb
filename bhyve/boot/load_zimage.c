/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's zImage (Documentation/arm/booting.rst): a program that unpacks a
 * kernel to the start of RAM. Other programs have the same header; one that
 * gives its start address, which Linux does not, is loaded there.
 */
#include <inttypes.h>
#include "bhyve/boot/loader.h"
#include "bhyve/machine/machine.h"

#define ZIMAGE_MAGIC	0x016f2818u
#define ENDIAN_MAGIC	0x04030201u
#define TABLE_MAGIC	0x45454545u
#define TAG_KERNEL_SIZE 0x5a534c4bu

enum { /* offsets in the file */
	ZI_MAGIC = 0x24,
	ZI_START = 0x28,
	ZI_END = 0x2c,
	ZI_ENDIAN = 0x30,
	ZI_TABLE_MAGIC = 0x34,
	ZI_TABLE = 0x38,
	ZI_HEADER_LEN = 0x3c,
};

#define FDT_MAGIC   0xd00dfeedu
#define MIB	    UINT64_C(0x100000)
#define TEXT_OFFSET UINT64_C(0x8000)
/* Room for its .bss, stack and heap, behind its end. */
#define WORK_SPACE MIB

struct zimage {
	uint64_t len;
	uint64_t start;	       /* 0: anywhere */
	uint64_t unpacked_len; /* with .bss */
	/* where it unpacks to, relative to the start of RAM */
	uint64_t text_offset;
};

static bool probe_zimage(const struct image *img)
{
	return img->len >= ZI_HEADER_LEN &&
	       get_le32(img->data + ZI_MAGIC) == ZIMAGE_MAGIC;
}

/*
 * The table has {number of words, tag, offset of the size in the file, .bss,
 * text offset, ...}.
 */
static bool read_size_tag(const struct image *img, const struct zimage *z,
			  const uint8_t *tag, uint32_t words,
			  struct zimage *out)
{
	uint32_t at = get_le32(tag + 8);

	if (words < 4 || at > z->len - 4)
		return false;
	out->unpacked_len =
		(uint64_t)get_le32(img->data + at) + get_le32(tag + 12);
	if (words >= 5)
		out->text_offset = get_le32(tag + 16);
	return true;
}

/*
 * Kernels since 4.15 have a table with their unpacked size; others are assumed
 * to need five times their size, as by kexec.
 */
static void read_table(const struct image *img, struct zimage *z)
{
	uint64_t at = get_le32(img->data + ZI_TABLE);

	z->unpacked_len = z->len * 5;
	z->text_offset = TEXT_OFFSET;
	if (get_le32(img->data + ZI_TABLE_MAGIC) != TABLE_MAGIC)
		return;
	while (at + 16 <= z->len) {
		const uint8_t *tag = img->data + at;
		uint64_t words = get_le32(tag);

		if (words < 2 || at + words * 4 > z->len)
			return;
		if (get_le32(tag + 4) == TAG_KERNEL_SIZE &&
		    read_size_tag(img, z, tag, words, z))
			return;
		at += words * 4;
	}
}

static int read_header(struct loader *l, const struct image *img,
		       struct zimage *z)
{
	uint32_t start = get_le32(img->data + ZI_START);
	uint32_t end = get_le32(img->data + ZI_END);

	if (get_le32(img->data + ZI_ENDIAN) != ENDIAN_MAGIC)
		return loader_fail(l,
				   "%s: a big-endian zImage: take a"
				   " little-endian one",
				   img->path);
	if (end <= start || end - start < ZI_HEADER_LEN)
		return loader_fail(l,
				   "%s: damaged zImage header: fetch the"
				   " file again",
				   img->path);
	z->len = end - start;
	z->start = start;
	if (z->len > img->len)
		return loader_fail(l,
				   "%s: zImage cut short, %zu of %" PRIu64
				   " bytes: fetch the file again",
				   img->path, img->len, z->len);
	read_table(img, z);
	return 0;
}

/* A device tree appended to the file counts as if given by dtb=. */
static void find_appended_dtb(const struct image *img, uint64_t end,
			      struct boot *boot)
{
	uint32_t size;

	if (img->len - end < 8 || get_be32(img->data + end) != FDT_MAGIC)
		return;
	size = get_be32(img->data + end + 4);
	if (size > img->len - end)
		size = img->len - end; /* libfdt will refuse it */
	boot->dtb_offset = end;
	boot->dtb_len = size;
}

/*
 * Puts the zImage just behind the place of the kernel that it unpacks, so that
 * it need not move itself first.
 */
static int put_behind(struct loader *l, const struct image *img,
		      const struct zimage *z, struct boot *boot)
{
	uint64_t offset = (z->text_offset + z->unpacked_len + 2 * MIB - 1) &
			  ~(2 * MIB - 1);
	int ret;

	if (offset + z->len + WORK_SPACE > MACHINE_RAM_ALIGN)
		return loader_fail(l,
				   "%s: unpacks to %" PRIu64 " MiB, more"
				   " than the 128 MiB a zImage can be",
				   img->path, z->unpacked_len / MIB);
	boot->entry = l->ram_base + offset;
	ret = loader_reserve(l, "kernel", l->ram_base, offset);
	if (!ret)
		ret = loader_put(l, "zImage", boot->entry, img->data, z->len);
	if (!ret)
		ret = loader_reserve(l, "zImage's workspace",
				     boot->entry + z->len, WORK_SPACE);
	return ret;
}

static int load_zimage(struct loader *l, const struct image *img,
		       struct boot *boot)
{
	struct zimage z = { 0 };
	int ret;

	ret = read_header(l, img, &z);
	if (ret)
		return ret;
	find_appended_dtb(img, z.len, boot);
	if (!z.start)
		return put_behind(l, img, &z, boot);
	boot->entry = z.start;
	return loader_put(l, "zImage", z.start, img->data, z.len);
}

const struct image_format zimage_format = {
	.name = "zImage",
	.probe = probe_zimage,
	.load = load_zimage,
};
