/* SPDX-License-Identifier: BSD-2-Clause */
/* Recognizes a file's format, and allocates guest memory for its parts. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/boot/loader.h"
#include "bhyve/machine/machine.h"
#include "lib/vmmapi.h"

#define MIB UINT64_C(0x100000)

int loader_fail(struct loader *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(l->error, sizeof(l->error), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static bool is_within(uint64_t gpa, uint64_t len, uint64_t base, uint64_t size)
{
	return gpa >= base && len <= size && gpa - base <= size - len;
}

bool loader_in_flash(const struct loader *l, uint64_t gpa, uint64_t len)
{
	return is_within(gpa, len, l->flash_base, l->flash_size);
}

/* The memory behind an address; NULL: there is none. */
static void *memory_at(const struct loader *l, uint64_t gpa, uint64_t len)
{
	if (loader_in_flash(l, gpa, len))
		return l->flash + (gpa - l->flash_base);
	return vm_map_gpa(l->ctx, gpa, len);
}

/* The range that [@gpa, @gpa + @len) overlaps, or NULL. */
static const struct load_range *find_overlap(const struct loader *l,
					     uint64_t gpa, uint64_t len)
{
	for (unsigned int i = 0; i < l->nranges; i++) {
		const struct load_range *r = &l->ranges[i];

		if (gpa < r->gpa + r->len && r->gpa < gpa + len)
			return r;
	}
	return NULL;
}

static int fail_no_ram(struct loader *l, const char *what, uint64_t gpa,
		       uint64_t len)
{
	uint64_t need = (gpa - l->ram_base + len + MIB - 1) / MIB;
	uint64_t base = gpa & ~(MACHINE_RAM_ALIGN - 1);

	if (gpa < l->ram_base || need > 2048)
		return loader_fail(l,
				   "%s belongs at 0x%" PRIx64 ", where this"
				   " machine has no RAM: link it for 0x%" PRIx64
				   " and up, or move the RAM with -o"
				   " machine.ram.base=0x%" PRIx64,
				   what, gpa, l->ram_base, base);
	if (gpa - l->ram_base >= l->ram_size)
		return loader_fail(l,
				   "%s belongs at 0x%" PRIx64 ", behind this"
				   " machine's RAM: give at least -m %" PRIu64
				   "M, or move the RAM with -o"
				   " machine.ram.base=0x%" PRIx64,
				   what, gpa, need, base);
	return loader_fail(l,
			   "too little RAM: %s needs it up to 0x%" PRIx64
			   "; give at least -m %" PRIu64 "M",
			   what, gpa + len, need);
}

int loader_reserve(struct loader *l, const char *what, uint64_t gpa,
		   uint64_t len)
{
	const struct load_range *r;

	if (!len)
		return 0;
	if (gpa + len < gpa ||
	    !(is_within(gpa, len, l->ram_base, l->ram_size) ||
	      loader_in_flash(l, gpa, len)))
		return fail_no_ram(l, what, gpa, len);
	r = find_overlap(l, gpa, len);
	if (r)
		return loader_fail(l,
				   "overlapping loads: %s at 0x%" PRIx64
				   "-0x%" PRIx64 " and %s at 0x%" PRIx64
				   "-0x%" PRIx64 "; link one of them elsewhere"
				   " or give more RAM (-m)",
				   what, gpa, gpa + len - 1, r->what, r->gpa,
				   r->gpa + r->len - 1);
	if (l->nranges == LOADER_MAXRANGES)
		return loader_fail(l, "%s: too many parts to load", what);
	l->ranges[l->nranges++] = (struct load_range){ what, gpa, len };
	return 0;
}

int loader_put(struct loader *l, const char *what, uint64_t gpa,
	       const void *data, uint64_t len)
{
	void *mem;
	int ret;

	ret = loader_reserve(l, what, gpa, len);
	if (ret || !len)
		return ret;
	mem = memory_at(l, gpa, len);
	if (!mem)
		return fail_no_ram(l, what, gpa, len);
	memcpy(mem, data, len);
	return 0;
}

/* The next address to try, below range @r; 0: there is none. */
static uint64_t step_down(const struct load_range *r, uint64_t len,
			  uint64_t align)
{
	return r->gpa < len ? 0 : (r->gpa - len) & ~(align - 1);
}

int loader_place(struct loader *l, const char *what, uint64_t len,
		 uint64_t align, uint64_t limit, uint64_t *gpap)
{
	const struct load_range *r;
	uint64_t end = l->ram_base + l->ram_size, gpa = 0;

	if (limit < end)
		end = limit;
	if (len <= end)
		gpa = (end - len) & ~(align - 1);
	while (gpa >= l->ram_base && (r = find_overlap(l, gpa, len)))
		gpa = step_down(r, len, align);
	if (gpa < l->ram_base)
		return loader_fail(l,
				   "too little RAM: no %" PRIu64 " KiB left"
				   " for the %s; give more with -m",
				   (len + 1023) / 1024, what);
	*gpap = gpa;
	return loader_reserve(l, what, gpa, len);
}

int load_image(struct loader *l, const struct image *img, struct boot *boot)
{
	/* The raw format accepts any file, so it is last. */
	static const struct image_format *const formats[] = {
		&gzip_format,	 &uimage_format, &elf_format, &zimage_format,
		&refused_format, &linux_format,	 &raw_format,
	};
	unsigned int i = 0;

	while (!formats[i]->probe(img))
		i++;
	if (l->raw_base != LOADER_NO_BASE && formats[i] != &raw_format &&
	    formats[i] != &refused_format)
		return loader_fail(l,
				   "%s: its format is %s: raw.base is for raw"
				   " binaries alone: leave it out",
				   img->path, formats[i]->name);
	boot->format = formats[i]->name;
	boot->image = img;
	return formats[i]->load(l, img, boot);
}
