/* SPDX-License-Identifier: BSD-2-Clause */
/* Recognizes files that are plainly no kernel for this machine. */
#include <string.h>
#include "bhyve/boot/loader.h"

struct signature {
	size_t offset;
	const char *bytes;
	size_t len;
	const char *what;
	/* What helps the user who gave it as kernel=, or as bootrom=; NULL: it may be. */
	const char *kernel_mend, *rom_mend;
};

#define SIG(offset, bytes, what, kernel_mend, rom_mend)                       \
	{                                                                     \
		offset, bytes, sizeof(bytes) - 1, what, kernel_mend, rom_mend \
	}

#define NEED_ARM "take one built for 32-bit ARM (armhf, armv7)"
#define ROM	 "take a firmware for 32-bit ARM (u-boot-qemu's qemu_arm)"
#define UNPACK	 "unpack it first"
#define DISK                                                                  \
	"give it as a disk (-s 1,virtio-blk,IMAGE), and a kernel or firmware" \
	" to boot from it"
#define CD                                                         \
	"give it as a disk (-s 1,virtio-blk,ISO,ro), and firmware" \
	" (bootrom=) to boot from it"
#define QCOW2 "convert it (qemu-img convert -O raw)"

static const struct signature signatures[] = {
	SIG(0x38, "ARM\x64", "a kernel for AArch64", NEED_ARM, ROM),
	SIG(0x38, "RSC\x05", "a kernel for RISC-V", NEED_ARM, ROM),
	SIG(0x202, "HdrS", "a kernel for x86", NEED_ARM, ROM),
	SIG(0,
	    "\xfd"
	    "7zXZ",
	    "compressed with xz", UNPACK, UNPACK),
	SIG(0, "\x28\xb5\x2f\xfd", "compressed with zstd", UNPACK, UNPACK),
	SIG(0, "\x02\x21\x4c\x18", "compressed with lz4", UNPACK, UNPACK),
	SIG(0, "BZh", "compressed with bzip2", UNPACK, UNPACK),
	SIG(0, "\xd0\x0d\xfe\xed", "a device tree or a FIT image",
	    "take the kernel out of it (dumpimage), or give a tree as dtb=",
	    "give a firmware (u-boot.bin), and a tree as dtb="),
	SIG(0, "ANDROID!", "an Android boot image", "take the kernel out of it",
	    ROM),
	SIG(0, "070701", "a cpio archive", "give it as initrd=", ROM),
	SIG(0, "#!", "a script", "give a kernel", ROM),
	SIG(0, "MZ", "a program for EFI without a kernel's header", NEED_ARM,
	    ROM),
};

/* These may be programs all the same, so with raw.base they are loaded. */
static const struct signature unlikely[] = {
	SIG(0x28, "_FVH", "a firmware", "give it as bootrom=", NULL),
	/* EDK2 for QEMU's virt has a page with a branch before its volume. */
	SIG(0x1028, "_FVH", "a firmware", "give it as bootrom=", NULL),
	SIG(0, "!<arch>\n", "a package or library (ar)", UNPACK, UNPACK),
	SIG(0x101, "ustar", "a tar archive", UNPACK, UNPACK),
	SIG(0, "PK\x03\x04", "a ZIP archive", UNPACK, UNPACK),
	SIG(0, "QFI\xfb", "a disk image (qcow2)", "take the kernel out of it",
	    QCOW2),
	SIG(0, "hsqs", "a file system (SquashFS)", DISK, DISK),
	SIG(0x8001, "CD001", "a CD's image (ISO 9660)", CD, CD),
	SIG(0x1fe, "\x55\xaa", "a disk image", DISK, DISK),
	SIG(0x438, "\x53\xef", "a file system (ext2, 3 or 4)", DISK, DISK),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct signature *find_in(const struct signature *table, size_t n,
				       const struct image *img)
{
	for (size_t i = 0; i < n; i++) {
		const struct signature *s = &table[i];

		if (img->len >= s->offset + s->len &&
		    !memcmp(img->data + s->offset, s->bytes, s->len))
			return s;
	}
	return NULL;
}

static const struct signature *find_signature(const struct image *img)
{
	return find_in(signatures, COUNT(signatures), img);
}

static bool is_letter(uint8_t c)
{
	return (c >= 0x20 && c <= 0x7e) || (c && strchr("\t\r\n\f", c));
}

/* Code does not consist of letters alone. */
static bool is_text(const struct image *img)
{
	for (size_t i = 0; i < img->len && i < 512; i++)
		if (!is_letter(img->data[i]))
			return false;
	return true;
}

static bool is_uboot(const struct image *img)
{
	static const char banner[] = "U-Boot 20";

	return memmem(img->data, img->len, banner, sizeof(banner) - 1);
}

int refuse_unlikely(struct loader *l, const struct image *img)
{
	const struct signature *s = find_in(unlikely, COUNT(unlikely), img);

	if (s)
		return loader_fail(l, "%s is %s: %s", img->path, s->what,
				   s->kernel_mend);
	if (is_uboot(img))
		return loader_fail(l,
				   "%s is a firmware (U-Boot): give it as"
				   " bootrom=",
				   img->path);
	if (is_text(img))
		return loader_fail(l, "%s is a text: give a kernel", img->path);
	return 0;
}

bool find_no_firmware(const struct image *img, const char **what,
		      const char **mend)
{
	const struct signature *s = find_signature(img);

	if (!s)
		s = find_in(unlikely, COUNT(unlikely), img);
	*what = s ? s->what : "a text";
	*mend = s ? s->rom_mend : ROM;
	return s ? s->rom_mend != NULL : is_text(img);
}

static bool probe_refused(const struct image *img)
{
	return find_signature(img) != NULL;
}

static int load_refused(struct loader *l, const struct image *img,
			struct boot *boot)
{
	const struct signature *s = find_signature(img);

	(void)boot;
	return loader_fail(l, "%s is %s: %s", img->path, s->what,
			   s->kernel_mend);
}

const struct image_format refused_format = {
	.name = "not a kernel",
	.probe = probe_refused,
	.load = load_refused,
};
