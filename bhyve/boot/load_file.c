/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads files into memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/boot/loader.h"
#include "bhyve/base/progress.h"

#define CHUNK ((size_t)1 << 20)

static int read_chunk(int fd, uint8_t *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		done += n;
	}
	return 0;
}

static int read_all(int fd, const char *path, uint8_t *data, size_t len)
{
	struct progress progress;
	char what[80];
	int ret = 0;

	snprintf(what, sizeof(what), "reading %s", path);
	progress_begin(&progress, what, len);
	for (size_t done = 0; done < len && !ret; done += CHUNK) {
		size_t left = len - done;

		ret = read_chunk(fd, data + done, left < CHUNK ? left : CHUNK);
		progress_at(&progress, done);
	}
	progress_end(&progress);
	return ret;
}

static int read_fd(struct loader *l, int fd, struct image *img)
{
	struct stat st;
	int ret;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return loader_fail(l, "%s: not a regular file", img->path);
	if ((uint64_t)st.st_size > l->ram_size)
		return loader_fail(l,
				   "%s: the file is larger than the guest's"
				   " RAM; give more with -m",
				   img->path);
	/* One byte more, so that an empty file has a pointer, too. */
	img->len = st.st_size;
	img->data = malloc(img->len + 1);
	if (!img->data)
		return -ENOMEM;
	ret = read_all(fd, img->path, img->data, img->len);
	if (ret)
		image_free(img);
	return ret;
}

int image_read(struct loader *l, const char *path, struct image *img)
{
	int fd, ret;

	*img = (struct image){ .path = path };
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 ? -errno : read_fd(l, fd, img);
	if (fd >= 0)
		close(fd);
	if (ret && ret != -EINVAL)
		loader_fail(l, "%s: %s", path, strerror(-ret));
	return ret;
}

void image_free(struct image *img)
{
	free(img->data);
	img->data = NULL;
	img->len = 0;
}
