/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refuses images that are not raw, that is, a disk's sectors one after the
 * other.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/disk/block_impl.h"

#define HEAD_LEN 4096 /* the smallest read that O_DIRECT allows everywhere */

static const struct signature {
	size_t offset;
	const char *bytes;
	size_t len;
	const char *what;
	const char *mend;
} signatures[] = {
#define CONVERT "convert it (qemu-img convert -O raw IN OUT)"
#define UNPACK	"unpack it first"
#define SIG(offset, bytes, what, mend)                       \
	{                                                    \
		offset, bytes, sizeof(bytes) - 1, what, mend \
	}
	SIG(0, "QFI\xfb", "a qcow2 image", CONVERT),
	SIG(0, "QED\0", "a QED image", CONVERT),
	SIG(0, "KDMV", "a VMDK image", CONVERT),
	SIG(0, "COWD", "a VMDK image", CONVERT),
	SIG(0, "# Disk DescriptorFile", "the description of a VMDK image",
	    CONVERT),
	SIG(0x40, "\x7f\x10\xda\xbe", "a VDI image", CONVERT),
	SIG(0, "vhdxfile", "a VHDX image", CONVERT),
	SIG(0, "conectix", "a VHD image", CONVERT),
	SIG(0, "WithoutFreeSpace", "a Parallels image", CONVERT),
	SIG(0, "WithouFreSpacExt", "a Parallels image", CONVERT),
	SIG(0, "Bochs Virtual HD Image", "a Bochs image", CONVERT),
	SIG(0, "\x1f\x8b\x08", "compressed with gzip", UNPACK),
	SIG(0,
	    "\xfd"
	    "7zXZ\0",
	    "compressed with xz", UNPACK),
	SIG(0, "\x28\xb5\x2f\xfd", "compressed with zstd", UNPACK),
	SIG(0, "BZh", "compressed with bzip2", UNPACK),
	SIG(0, "PK\x03\x04", "a ZIP archive", UNPACK),
};

static const struct signature *find_signature(const char *head)
{
	const size_t n = sizeof(signatures) / sizeof(signatures[0]);

	for (size_t i = 0; i < n; i++)
		if (!memcmp(head + signatures[i].offset, signatures[i].bytes,
			    signatures[i].len))
			return &signatures[i];
	return NULL;
}

int block_check_format(const struct blockif *bc, struct config_node *node,
		       const char *path, const char *tag)
{
	const char *format = get_config_value_node(node, "format");
	const struct signature *s;
	char *head;

	if (format && strcmp(format, "raw"))
		return refuse("%s: format=%s: disks are raw images: convert it"
			      " (qemu-img convert -O raw IN OUT)",
			      tag, format);
	if (format)
		return 0;
	head = calloc(1, HEAD_LEN);
	if (!head)
		return refuse("%s: out of memory", tag);
	s = pread(bc->cached_fd, head, HEAD_LEN, 0) > 0 ? find_signature(head) :
							  NULL;
	free(head);
	if (s)
		return refuse("%s: %s is %s, and a disk is a raw image: %s;"
			      " format=raw takes it as it is",
			      tag, path, s->what, s->mend);
	return 0;
}
