/* SPDX-License-Identifier: BSD-2-Clause */
/* Unpacks gzip-compressed kernels (RFC 1952), by zlib. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "bhyve/boot/loader.h"
#include "bhyve/boot/load_gzip.h"
#include "bhyve/base/progress.h"

#define GZIP_FORMAT (16 + MAX_WBITS) /* zlib: expect a gzip header */
#define CHUNK	    0x400000

static bool probe_gzip(const struct image *img)
{
	return img->len > 2 && img->data[0] == 0x1f && img->data[1] == 0x8b;
}

/* Makes room for more output, at most the size of the guest's RAM. */
static int grow(struct loader *l, struct image *out, size_t used)
{
	uint8_t *bigger;

	if (used >= l->ram_size)
		return loader_fail(l,
				   "%s: larger than the guest's RAM once"
				   " unpacked; give more with -m",
				   out->path);
	bigger = realloc(out->data, used + CHUNK);
	if (!bigger)
		return loader_fail(l, "%s: out of memory", out->path);
	out->data = bigger;
	out->len = used + CHUNK;
	return 0;
}

static int inflate_all(struct loader *l, z_stream *z, struct image *out,
		       struct progress *progress)
{
	int zret = Z_OK, ret;

	while (zret == Z_OK) {
		size_t used = z->total_out;

		ret = grow(l, out, used);
		if (ret)
			return ret;
		z->next_out = out->data + used;
		z->avail_out = out->len - used;
		zret = inflate(z, Z_NO_FLUSH);
		progress_at(progress, z->total_in);
	}
	out->len = z->total_out;
	if (zret == Z_STREAM_END)
		return 0;
	return loader_fail(
		l,
		zret == Z_BUF_ERROR ?
			"%s: gzip data cut short: fetch the file again" :
			"%s: gzip data damaged: fetch the file again",
		out->path);
}

int gunzip_image(struct loader *l, const struct image *img, struct image *out)
{
	z_stream z = { .next_in = img->data, .avail_in = img->len };
	struct progress progress;
	int ret;

	*out = (struct image){ .path = img->path };
	if (inflateInit2(&z, GZIP_FORMAT) != Z_OK)
		return loader_fail(l, "%s: out of memory", img->path);
	progress_begin(&progress, "unpacking it", img->len);
	ret = inflate_all(l, &z, out, &progress);
	progress_end(&progress);
	inflateEnd(&z);
	if (ret)
		image_free(out);
	return ret;
}

static int load_gzip(struct loader *l, const struct image *img,
		     struct boot *boot)
{
	/* static, because @boot may point into it as long as the VM lives. */
	static struct image unpacked;
	int ret;

	image_free(&unpacked);
	ret = gunzip_image(l, img, &unpacked);
	if (ret)
		return ret;
	if (probe_gzip(&unpacked))
		return loader_fail(l, "%s: compressed twice: unpack it once",
				   img->path);
	return load_image(l, &unpacked, boot);
}

const struct image_format gzip_format = {
	.name = "gzip",
	.probe = probe_gzip,
	.load = load_gzip,
};
