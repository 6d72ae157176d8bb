/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are plainly something else than a kernel for this machine. */
#include <string.h>
#include "bhyve/boot/loader.h"

struct signature {
	size_t offset;
	const char *bytes;
	size_t len;
	const char *what;
	const char *mend;
};

#define SIG(offset, bytes, what, mend) \
	{ offset, bytes, sizeof(bytes) - 1, what, mend }

#define NEED_ARM "take one built for 32-bit ARM (armhf, armv7)"
#define UNPACK "unpack it first"

static const struct signature signatures[] = {
	SIG(0x38, "ARM\x64", "a kernel for AArch64", NEED_ARM),
	SIG(0x38, "RSC\x05", "a kernel for RISC-V", NEED_ARM),
	SIG(0x202, "HdrS", "a kernel for x86", NEED_ARM),
	SIG(0, "\xfd" "7zXZ", "compressed with xz", UNPACK),
	SIG(0, "\x28\xb5\x2f\xfd", "compressed with zstd", UNPACK),
	SIG(0, "\x02\x21\x4c\x18", "compressed with lz4", UNPACK),
	SIG(0, "BZh", "compressed with bzip2", UNPACK),
	SIG(0, "\xd0\x0d\xfe\xed", "a device tree or a FIT image",
	    "take the kernel out of it (dumpimage), or give a tree as dtb="),
	SIG(0, "ANDROID!", "an Android boot image",
	    "take the kernel out of it"),
	SIG(0, "070701", "a cpio archive", "give it as initrd="),
	SIG(0, "#!", "a script", "give a kernel"),
	SIG(0, "MZ", "a program for EFI without a kernel's header", NEED_ARM),
};

static const struct signature *find_signature(const struct image *img)
{
	const size_t n = sizeof(signatures) / sizeof(signatures[0]);

	for (size_t i = 0; i < n; i++) {
		const struct signature *s = &signatures[i];

		if (img->len >= s->offset + s->len &&
		    !memcmp(img->data + s->offset, s->bytes, s->len))
			return s;
	}
	return NULL;
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
	return loader_fail(l, "%s is %s: %s", img->path, s->what, s->mend);
}

const struct image_format refused_format = {
	.name = "not a kernel",
	.probe = probe_refused,
	.load = load_refused,
};
