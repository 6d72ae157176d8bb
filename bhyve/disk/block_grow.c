/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk that grows while the guest runs. It never shrinks. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bhyve/disk/block_impl.h"

/* Why the image cannot be made @size bytes long; NULL: it can. */
static const char *refusal(const struct blockif *bc, uint64_t size,
			   uint64_t image)
{
	if (bc->is_device)
		return "a block device has its own size: enlarge it on the host,"
		       " then leave out SIZE";
	if (bc->geo.readonly)
		return "the disk is read-only: enlarge its image on the host, then"
		       " leave out SIZE";
	if (size % bc->geo.sector)
		return "SIZE is no multiple of the disk's sectors";
	if (size < bc->geo.size)
		return "a disk does not shrink, because that would cut off the"
		       " guest's data";
	if (size < image)
		return "the image is longer than that already: leave out SIZE to"
		       " give the guest all of it";
	return NULL;
}

static int set_length(const struct blockif *bc, uint64_t size, uint64_t image,
		      const char **why)
{
	*why = refusal(bc, size, image);
	if (*why)
		return -EINVAL;
	if (!ftruncate(bc->fd, size))
		return 0;
	*why = strerror(errno);
	return -errno;
}

int blockif_grow(struct blockif *bc, uint64_t size, const char **why)
{
	/*
	 * lseek() tells the size of a block device, too. Nothing else uses the
	 * file's position.
	 */
	off_t image = lseek(bc->fd, 0, SEEK_END);
	int error;

	if (image < 0) {
		*why = strerror(errno);
		return -errno;
	}
	if (size) {
		error = set_length(bc, size, image, why);
		if (error)
			return error;
		image = size;
	}
	image -= image % bc->geo.sector;
	if ((uint64_t)image < bc->geo.size) {
		*why = "the image is shorter than the guest's disk, whose end now"
		       " fails: make it as long again (truncate -s)";
		return -EINVAL;
	}
	bc->geo.size = image;
	return 0;
}
