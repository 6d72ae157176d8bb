/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD/armv7 kernels in ELF, entered as FreeBSD's own loader does it.
 */
#ifndef BHYVE_FREEBSD_H
#define BHYVE_FREEBSD_H

struct boot;
struct image;
struct loader;

/*
 * Takes fbsd.kenv.* and fbsd.howto from the configuration for the loader.
 * Says what is wrong and exits.
 */
void freebsd_options(struct loader *l);

/*
 * Loads @img, an ELF file for 32-bit ARM whose headers have been checked,
 * with metadata and room for the device tree behind it. -EINVAL.
 */
int load_freebsd(struct loader *l, const struct image *img,
		 struct boot *boot);

#endif /* BHYVE_FREEBSD_H */
