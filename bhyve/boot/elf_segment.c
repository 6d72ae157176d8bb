/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads one segment of an ELF file. */
#include <errno.h>
#include "bhyve/boot/elf_segment.h"
#include "bhyve/boot/loader.h"

int elf_load_segment(struct loader *l, const struct image *img,
		     const Elf32_Phdr *ph, uint64_t gpa)
{
	if (ph->p_filesz > ph->p_memsz)
		return loader_fail(l,
				   "%s: damaged ELF file: a segment larger"
				   " in the file than in memory",
				   img->path);
	if (ph->p_offset > img->len || ph->p_filesz > img->len - ph->p_offset)
		return loader_fail(l, "%s: ELF file cut short: fetch it again",
				   img->path);
	/* Guest memory is zero at first, so .bss only has to be reserved. */
	if (loader_put(l, "kernel segment", gpa, img->data + ph->p_offset,
		       ph->p_filesz))
		return -EINVAL;
	return loader_reserve(l, "kernel .bss", gpa + ph->p_filesz,
			      ph->p_memsz - ph->p_filesz);
}
