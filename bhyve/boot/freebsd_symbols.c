/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The symbol table for FreeBSD's kernel debugger, as FreeBSD's loader lays it
 * out: the size of .symtab, its bytes, the size of its strings, and the
 * strings. A file with no symbols, or with damaged ones, boots without them.
 */
#include <string.h>
#include "bhyve/boot/freebsd.h"
#include "bhyve/boot/loader.h"

#define WORD 4u

static bool in_file(const struct image *img, uint64_t offset, uint64_t len)
{
	return offset <= img->len && len <= img->len - offset;
}

static bool get_section(const struct image *img, const Elf32_Ehdr *eh,
			uint32_t index, Elf32_Shdr *sh)
{
	if (index >= eh->e_shnum || eh->e_shentsize != sizeof(*sh) ||
	    !in_file(img, eh->e_shoff, eh->e_shnum * sizeof(*sh)))
		return false;
	memcpy(sh, img->data + eh->e_shoff + index * sizeof(*sh), sizeof(*sh));
	return in_file(img, sh->sh_offset, sh->sh_size);
}

/*
 * A file has at most one symbol table; its size must be a whole number of
 * words.
 */
void freebsd_find_symbols(const struct image *img, const Elf32_Ehdr *eh,
			  struct freebsd_symbols *syms)
{
	Elf32_Shdr sh = { 0 };
	uint32_t i = 0;

	*syms = (struct freebsd_symbols){ 0 };
	while (i < eh->e_shnum &&
	       !(get_section(img, eh, i, &sh) && sh.sh_type == SHT_SYMTAB))
		i++;
	if (i == eh->e_shnum || sh.sh_size % WORD ||
	    !get_section(img, eh, sh.sh_link, &syms->strings) ||
	    syms->strings.sh_type != SHT_STRTAB)
		return;
	syms->table = sh;
	/* The kernel expects whole words, also of strings. */
	syms->len = 2 * WORD + sh.sh_size +
		    (((uint64_t)syms->strings.sh_size + WORD - 1) &
		     ~(uint64_t)(WORD - 1));
}

static int put_section(struct loader *l, const struct image *img,
		       const Elf32_Shdr *sh, uint64_t gpa)
{
	uint8_t len[WORD];
	int ret;

	put_le32(len, sh->sh_size);
	ret = loader_put(l, "length of symbols", gpa, len, WORD);
	if (ret)
		return ret;
	return loader_put(l, "symbols", gpa + WORD, img->data + sh->sh_offset,
			  sh->sh_size);
}

int freebsd_load_symbols(struct loader *l, const struct image *img,
			 const struct freebsd_symbols *syms, uint64_t gpa)
{
	int ret;

	if (!syms->len)
		return 0;
	ret = put_section(l, img, &syms->table, gpa);
	if (ret)
		return ret;
	return put_section(l, img, &syms->strings,
			   gpa + WORD + syms->table.sh_size);
}
