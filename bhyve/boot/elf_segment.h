/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments of ELF files. */
#ifndef BHYVE_ELF_SEGMENT_H
#define BHYVE_ELF_SEGMENT_H

#include <elf.h>
#include <stdint.h>

struct image;
struct loader;

/*
 * Loads one segment of @img, whose ELF header has been checked, at @gpa. 0;
 * -EINVAL: it is cut short, or there is no room for it.
 */
int elf_load_segment(struct loader *l, const struct image *img,
		     const Elf32_Phdr *ph, uint64_t gpa);

#endif /* BHYVE_ELF_SEGMENT_H */
