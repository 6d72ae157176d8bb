/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are compressed with gzip. */
#ifndef BHYVE_LOAD_GZIP_H
#define BHYVE_LOAD_GZIP_H

struct image;
struct loader;

/*
 * Unpacks @img into @out, which the caller frees. 0; -EINVAL, with l->error: it
 * is damaged, cut short, or larger than the guest's RAM.
 */
int gunzip_image(struct loader *l, const struct image *img, struct image *out);

#endif /* BHYVE_LOAD_GZIP_H */
