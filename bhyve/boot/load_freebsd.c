/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD/armv7's loader ABI. The kernel is linked at 0xc0000000 and runs at
 * any multiple of 1 MiB. r0 has the virtual address of a list of records about
 * it (FreeBSD: sys/linker.h, arm/include/metadata.h).
 */
#include <errno.h>
#include <string.h>
#include "bhyve/boot/freebsd.h"
#include "bhyve/boot/elf_segment.h"
#include "bhyve/boot/loader.h"

#define KERNEL_VA     UINT32_C(0xc0000000)
#define KERNEL_OFFSET UINT64_C(0x200000) /* from the start of RAM */
/* what the kernel's first page tables map */
#define KERNEL_MAX UINT64_C(0x4000000)
#define PAGE	   UINT64_C(0x1000)
#define LIST_LEN   PAGE

enum { /* record types: MODINFO_*, or 0x8000 | MODINFOMD_* */
	MODINFO_END = 0,
	MODINFO_NAME = 1,
	MODINFO_TYPE = 2,
	MODINFO_ADDR = 3,
	MODINFO_SIZE = 4,
	MODINFOMD_SSYM = 0x8003,
	MODINFOMD_ESYM = 0x8004,
	MODINFOMD_ENVP = 0x8006,
	MODINFOMD_HOWTO = 0x8007,
	MODINFOMD_KERNEND = 0x8008,
	MODINFOMD_DTBP = 0x9002,
};

/* Offsets from the kernel's start. */
struct layout {
	uint64_t base; /* guest-physical */
	uint64_t kernel_end;
	uint64_t symbols, symbols_end;
	uint64_t list;
	uint64_t kenv;
	uint64_t dtb;
	uint64_t end;
};

struct list {
	uint8_t data[LIST_LEN];
	size_t len;
};

static uint64_t page_up(uint64_t val)
{
	return (val + PAGE - 1) & ~(PAGE - 1);
}

/*
 * Appends {type, length, data}, padded to four bytes. The list is large enough
 * for all records.
 */
static void add(struct list *list, uint32_t type, const void *data,
		uint32_t len)
{
	put_le32(list->data + list->len, type);
	put_le32(list->data + list->len + 4, len);
	if (len)
		memcpy(list->data + list->len + 8, data, len);
	list->len += 8 + ((len + 3) & ~3u);
}

static void add_word(struct list *list, uint32_t type, uint32_t val)
{
	uint8_t word[4];

	put_le32(word, val);
	add(list, type, word, sizeof(word));
}

static void add_text(struct list *list, uint32_t type, const char *text)
{
	add(list, type, text, strlen(text) + 1);
}

static void make_list(struct list *list, const struct loader *l,
		      const struct layout *lay)
{
	add_text(list, MODINFO_NAME, "kernel");
	add_text(list, MODINFO_TYPE, "elf kernel");
	add_word(list, MODINFO_ADDR, KERNEL_VA);
	add_word(list, MODINFO_SIZE, lay->symbols_end);
	add_word(list, MODINFOMD_HOWTO, l->howto);
	add_word(list, MODINFOMD_ENVP, KERNEL_VA + lay->kenv);
	add_word(list, MODINFOMD_DTBP, KERNEL_VA + lay->dtb);
	add_word(list, MODINFOMD_KERNEND, KERNEL_VA + lay->end);
	if (lay->symbols_end > lay->symbols) {
		add_word(list, MODINFOMD_SSYM, KERNEL_VA + lay->symbols);
		add_word(list, MODINFOMD_ESYM, KERNEL_VA + lay->symbols_end);
	}
	add(list, MODINFO_END, NULL, 0);
}

static int load_one(struct loader *l, const struct image *img,
		    const Elf32_Phdr *ph, struct layout *lay)
{
	uint64_t offset = (uint64_t)ph->p_vaddr - KERNEL_VA;
	uint64_t end = offset + ph->p_memsz;

	if (ph->p_vaddr < KERNEL_VA || end > KERNEL_MAX)
		return loader_fail(l,
				   "%s: a FreeBSD kernel with a segment at"
				   " 0x%x: take one for armv7, which is linked"
				   " at 0x%x",
				   img->path, ph->p_vaddr, KERNEL_VA);
	if (end > lay->kernel_end)
		lay->kernel_end = end;
	return elf_load_segment(l, img, ph, lay->base + offset);
}

static int load_segments(struct loader *l, const struct image *img,
			 const Elf32_Ehdr *eh, struct layout *lay)
{
	int ret = 0;

	for (unsigned int i = 0; i < eh->e_phnum && !ret; i++) {
		Elf32_Phdr ph;

		memcpy(&ph, img->data + eh->e_phoff + i * sizeof(ph),
		       sizeof(ph));
		if (ph.p_type == PT_LOAD && ph.p_memsz)
			ret = load_one(l, img, &ph, lay);
	}
	return ret;
}

static void lay_out(const struct loader *l, uint64_t symbols_len,
		    struct layout *lay)
{
	lay->symbols = symbols_len ? page_up(lay->kernel_end) : lay->kernel_end;
	lay->symbols_end = lay->symbols + symbols_len;
	lay->list = page_up(lay->symbols_end);
	lay->kenv = lay->list + LIST_LEN;
	lay->dtb = page_up(lay->kenv + l->kenv_len + 1);
	lay->end = lay->dtb + LOADER_DTB_LEN;
}

/*
 * All of it must be within the kernel's first page tables, because it maps no
 * more before it reads the records.
 */
static int check_reach(struct loader *l, const struct image *img,
		       const struct layout *lay)
{
	if (lay->end > KERNEL_MAX)
		return loader_fail(l,
				   "%s: a FreeBSD kernel that takes %u MiB"
				   " with its symbols and metadata, more than"
				   " the %u MiB it maps at first: strip it",
				   img->path, (unsigned int)(lay->end >> 20),
				   (unsigned int)(KERNEL_MAX >> 20));
	return 0;
}

/* An empty string ends the environment; guest memory is zero there. */
static int load_metadata(struct loader *l, const struct layout *lay)
{
	struct list list = { .len = 0 };
	int ret;

	make_list(&list, l, lay);
	ret = loader_put(l, "FreeBSD's metadata", lay->base + lay->list,
			 list.data, LIST_LEN);
	if (ret)
		return ret;
	return loader_put(l, "FreeBSD's environment", lay->base + lay->kenv,
			  l->kenv, l->kenv_len);
}

bool is_freebsd_kernel(const struct image *img)
{
	static const char banner[] = "@(#)FreeBSD ";

	if (img->len > EI_OSABI && !memcmp(img->data, ELFMAG, SELFMAG))
		return img->data[EI_OSABI] == ELFOSABI_FREEBSD;
	return memmem(img->data, img->len, banner, sizeof(banner) - 1);
}

int load_freebsd(struct loader *l, const struct image *img, struct boot *boot)
{
	struct layout lay = { .base = l->ram_base + KERNEL_OFFSET };
	struct freebsd_symbols syms;
	Elf32_Ehdr eh;
	int ret;

	memcpy(&eh, img->data, sizeof(eh));
	ret = load_segments(l, img, &eh, &lay);
	if (ret)
		return ret;
	if (eh.e_entry < KERNEL_VA || eh.e_entry - KERNEL_VA >= lay.kernel_end)
		return loader_fail(l, "%s: ELF entry 0x%x is in no segment",
				   img->path, eh.e_entry);
	freebsd_find_symbols(img, &eh, &syms);
	lay_out(l, syms.len, &lay);
	ret = check_reach(l, img, &lay);
	if (!ret)
		ret = freebsd_load_symbols(l, img, &syms,
					   lay.base + lay.symbols);
	if (ret)
		return ret;
	boot->format = "FreeBSD kernel";
	boot->entry = lay.base + (eh.e_entry - KERNEL_VA);
	boot->dtb_gpa = lay.base + lay.dtb;
	boot->r0 = KERNEL_VA + lay.list;
	return load_metadata(l, &lay);
}
