/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD/armv7 kernels in ELF, entered as FreeBSD's own loader does it.
 */
#ifndef BHYVE_FREEBSD_H
#define BHYVE_FREEBSD_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

struct boot;
struct image;
struct loader;

/* Where the symbols are in a kernel's file; @len bytes in memory, 0: none. */
struct freebsd_symbols {
	Elf32_Shdr table, strings;
	uint64_t len;
};

/* Of @img, whose ELF header is @eh. */
void freebsd_find_symbols(const struct image *img, const Elf32_Ehdr *eh,
			  struct freebsd_symbols *syms);

/* Copies them to guest memory at @gpa, four-byte aligned. -EINVAL: no room. */
int freebsd_load_symbols(struct loader *l, const struct image *img,
			 const struct freebsd_symbols *syms, uint64_t gpa);

/* An ELF kernel or a kernel.bin, neither compressed. */
bool is_freebsd_kernel(const struct image *img);

/*
 * Where the configured kernel is FreeBSD's and virtio.transport is not set, sets
 * it to legacy. To be called before devices are made; a file that cannot be read is
 * left to the loader to complain of, as is one larger than @ram_size bytes.
 */
void freebsd_choose_transport(uint64_t ram_size);

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
