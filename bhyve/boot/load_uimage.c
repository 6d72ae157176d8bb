/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * U-Boot's legacy images: a header of 64 bytes, big-endian, then the payload.
 */
#include <inttypes.h>
#include <string.h>
#include <zlib.h>
#include "bhyve/boot/loader.h"
#include "bhyve/boot/load_gzip.h"

#define UIMAGE_MAGIC 0x27051956u
#define HEADER_LEN   64

enum { /* offsets in the header */
	IH_HCRC = 4,
	IH_SIZE = 12,
	IH_LOAD = 16,
	IH_EP = 20,
	IH_DCRC = 24,
	IH_ARCH = 29,
	IH_TYPE = 30,
	IH_COMP = 31,
};

#define IH_ARCH_ARM	      2
#define IH_TYPE_STANDALONE    1
#define IH_TYPE_KERNEL	      2
#define IH_TYPE_RAMDISK	      3
#define IH_TYPE_KERNEL_NOLOAD 14
#define IH_COMP_NONE	      0
#define IH_COMP_GZIP	      1

static bool probe_uimage(const struct image *img)
{
	return img->len >= HEADER_LEN && get_be32(img->data) == UIMAGE_MAGIC;
}

/* The header's checksum is computed with its own field as zero. */
static uint32_t header_crc(const struct image *img)
{
	uint8_t header[HEADER_LEN];

	memcpy(header, img->data, HEADER_LEN);
	memset(header + IH_HCRC, 0, 4);
	return crc32(0, header, HEADER_LEN);
}

static int check_arch(struct loader *l, const struct image *img)
{
	uint8_t arch = img->data[IH_ARCH];

	if (arch != IH_ARCH_ARM)
		return loader_fail(l,
				   "%s: a uImage for another architecture"
				   " (%u): take one built for 32-bit ARM (%u)",
				   img->path, arch, IH_ARCH_ARM);
	return 0;
}

static int check_kind(struct loader *l, const struct image *img)
{
	const uint8_t *h = img->data;

	if (h[IH_TYPE] != IH_TYPE_KERNEL && h[IH_TYPE] != IH_TYPE_STANDALONE &&
	    h[IH_TYPE] != IH_TYPE_KERNEL_NOLOAD)
		return loader_fail(l,
				   "%s: a uImage, but not of a kernel (type"
				   " %u): give a kernel",
				   img->path, h[IH_TYPE]);
	if (h[IH_COMP] != IH_COMP_NONE && h[IH_COMP] != IH_COMP_GZIP)
		return loader_fail(l,
				   "%s: a uImage with compression %u: only"
				   " none and gzip are known",
				   img->path, h[IH_COMP]);
	return 0;
}

static int check_whole(struct loader *l, const struct image *img)
{
	const uint8_t *h = img->data;
	uint32_t size = get_be32(h + IH_SIZE);

	if (header_crc(img) != get_be32(h + IH_HCRC))
		return loader_fail(l,
				   "%s: damaged uImage header: fetch the"
				   " file again",
				   img->path);
	if (size > img->len - HEADER_LEN)
		return loader_fail(l,
				   "%s: uImage cut short, %zu of %" PRIu32
				   " bytes: fetch the file again",
				   img->path, img->len - HEADER_LEN, size);
	if (crc32(0, h + HEADER_LEN, size) != get_be32(h + IH_DCRC))
		return loader_fail(l,
				   "%s: damaged uImage data: fetch the file"
				   " again",
				   img->path);
	return 0;
}

/*
 * U-Boot runs such a payload where it has read it, and enters it at its start
 * plus the header's entry.
 */
static int load_in_place(struct loader *l, const uint8_t *header,
			 const struct image *payload, struct boot *boot)
{
	uint32_t entry = get_be32(header + IH_EP);
	int ret = raw_format.load(l, payload, boot);

	if (!ret && entry >= payload->len)
		return loader_fail(l,
				   "%s: entry 0x%x outside the uImage's"
				   " data",
				   payload->path, entry);
	boot->entry += entry;
	return ret;
}

/*
 * A Linux kernel finds its own place, wherever the header wants it. A payload
 * may also say that it stays where it is. All others go where the header says.
 */
static int load_payload(struct loader *l, const uint8_t *header,
			const struct image *payload, struct boot *boot)
{
	uint64_t load = get_be32(header + IH_LOAD);

	if (zimage_format.probe(payload))
		return zimage_format.load(l, payload, boot);
	if (linux_format.probe(payload))
		return linux_format.load(l, payload, boot);
	if (header[IH_TYPE] == IH_TYPE_KERNEL_NOLOAD)
		return load_in_place(l, header, payload, boot);
	boot->entry = get_be32(header + IH_EP);
	if (boot->entry < load || boot->entry - load >= payload->len)
		return loader_fail(l,
				   "%s: entry 0x%" PRIx64 " outside the"
				   " uImage's data",
				   payload->path, boot->entry);
	return loader_put(l, "kernel", load, payload->data, payload->len);
}

static struct image payload_of(const struct image *img)
{
	return (struct image){
		.path = img->path,
		.data = img->data + HEADER_LEN,
		.len = get_be32(img->data + IH_SIZE),
	};
}

/* The RAM disk may be compressed: Linux unpacks it. */
int uimage_ramdisk(struct loader *l, const struct image *img,
		   struct image *ramdisk)
{
	int ret;

	*ramdisk = *img;
	if (!probe_uimage(img))
		return 0;
	ret = check_arch(l, img);
	if (!ret && img->data[IH_TYPE] != IH_TYPE_RAMDISK)
		return loader_fail(l,
				   "%s: a uImage, but not of a RAM disk"
				   " (type %u): give an initrd",
				   img->path, img->data[IH_TYPE]);
	if (!ret)
		ret = check_whole(l, img);
	if (!ret)
		*ramdisk = payload_of(img);
	return ret;
}

static int load_uimage(struct loader *l, const struct image *img,
		       struct boot *boot)
{
	/* static, because @boot may point into both as long as the VM lives. */
	static struct image unpacked, payload;
	int ret;

	image_free(&unpacked);
	ret = check_arch(l, img);
	if (!ret)
		ret = check_kind(l, img);
	if (!ret)
		ret = check_whole(l, img);
	if (ret)
		return ret;
	payload = payload_of(img);
	if (img->data[IH_COMP] == IH_COMP_GZIP) {
		ret = gunzip_image(l, &payload, &unpacked);
		if (ret)
			return ret;
		payload = unpacked;
	}
	boot->image = &payload;
	return load_payload(l, img->data, &payload, boot);
}

const struct image_format uimage_format = {
	.name = "uImage",
	.probe = probe_uimage,
	.load = load_uimage,
};
