/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD/armv7 kernels in ELF, entered as by FreeBSD's own loader. */
#ifndef BHYVE_FREEBSD_H
#define BHYVE_FREEBSD_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

struct boot;
struct image;
struct loader;

/*
 * Where the symbols are in a kernel's file; @len is their size in memory, 0:
 * none.
 */
struct freebsd_symbols {
	Elf32_Shdr table, strings;
	uint64_t len;
};

/* Finds the symbols of @img, whose ELF header is @eh. */
void freebsd_find_symbols(const struct image *img, const Elf32_Ehdr *eh,
			  struct freebsd_symbols *syms);

/*
 * Copies the symbols to guest memory at @gpa, a multiple of 4. 0; -EINVAL: no
 * room.
 */
int freebsd_load_symbols(struct loader *l, const struct image *img,
			 const struct freebsd_symbols *syms, uint64_t gpa);

/* Whether @img is an uncompressed ELF kernel or kernel.bin of FreeBSD. */
bool is_freebsd_kernel(const struct image *img);

/*
 * Sets virtio.transport to legacy if it is not set and the configured kernel is
 * FreeBSD's. To be called before devices are made. It ignores a file that
 * cannot be read, or is larger than @ram_size bytes; the loader reports these
 * later.
 */
void freebsd_choose_transport(uint64_t ram_size);

/*
 * Takes fbsd.kenv.* and fbsd.howto from the configuration. On an error prints
 * it and exits.
 */
void freebsd_options(struct loader *l);

/*
 * Loads @img, a 32-bit ARM ELF file whose headers have been checked, with its
 * metadata and room for the device tree behind it. 0; -EINVAL, with l->error.
 */
int load_freebsd(struct loader *l, const struct image *img, struct boot *boot);

#endif /* BHYVE_FREEBSD_H */
