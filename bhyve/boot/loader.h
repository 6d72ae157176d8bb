/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading a kernel: what kind of file it is, where its parts go in guest
 * memory and in which state a CPU enters it.
 *
 * Every format is a file of its own. Files are hostile: each length and
 * offset in them is checked against what is there. A loader that gives up
 * leaves one line in @error saying why and what to do.
 */
#ifndef BHYVE_LOADER_H
#define BHYVE_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vmctx;

#define LOADER_MAXRANGES	40
#define LOADER_NO_BASE		UINT64_MAX
#define LOADER_DTB_LEN		UINT64_C(0x100000) /* room for any tree */

/* A file in memory, or what was unpacked from one. */
struct image {
	const char *path;
	uint8_t *data;
	size_t len;
};

struct load_range {
	const char *what;
	uint64_t gpa, len;
};

struct loader {
	struct vmctx *ctx;
	uint64_t ram_base, ram_size;
	/* Where a raw binary goes; LOADER_NO_BASE: where it usually does. */
	uint64_t raw_base;
	struct load_range ranges[LOADER_MAXRANGES]; /* in use */
	unsigned int nranges;
	/* For FreeBSD's loader ABI: "name=value" strings, each with its NUL,
	 * and the flags of reboot(2). */
	const char *kenv;
	size_t kenv_len;
	uint32_t howto;
	char error[256];
};

/* What was loaded, and how to enter it. */
struct boot {
	const char *format; /* for messages */
	uint64_t entry; /* physical; bit 0: Thumb */
	uint64_t dtb_gpa; /* 0: wherever there is room */
	bool dtb_at_start; /* of RAM, if there is room; only with dtb_gpa 0 */
	size_t dtb_offset, dtb_len; /* tree in the image's tail; 0: none */
	const struct image *image; /* where that is */
	uint32_t r0; /* 0: the Linux boot protocol */
};

struct image_format {
	const char *name;
	bool (*probe)(const struct image *img);
	int (*load)(struct loader *l, const struct image *img,
		    struct boot *boot);
};

extern const struct image_format gzip_format, uimage_format, elf_format,
	zimage_format, refused_format, linux_format, raw_format;

/*
 * Of a file that may be anything: -EINVAL where it plainly is no program, with
 * @l->error saying what it is.
 */
int refuse_unlikely(struct loader *l, const struct image *img);

/* Is there Linux's "Linux version ..." in it, which is not compressed then? */
bool has_linux_banner(const struct image *img);

/* Notes why loading failed; returns -EINVAL for the caller to return. */
int loader_fail(struct loader *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Reads the whole file. -errno, with @l->error saying why. */
int image_read(struct loader *l, const char *path, struct image *img);
void image_free(struct image *img);

/* Recognizes @img and loads it. @img must live as long as @boot is used. */
int load_image(struct loader *l, const struct image *img, struct boot *boot);

/*
 * The RAM disk in @img, which may wear U-Boot's header (uInitrd): @ramdisk is
 * a part of @img. -EINVAL: it is wrapped, and is not one.
 */
int uimage_ramdisk(struct loader *l, const struct image *img,
		   struct image *ramdisk);

/*
 * Marks [@gpa, @gpa + @len) as taken. -EINVAL: not in RAM, or @what overlaps
 * something else. @what is kept, not copied.
 */
int loader_reserve(struct loader *l, const char *what, uint64_t gpa,
		   uint64_t len);

/* Reserves, and copies @data there. */
int loader_put(struct loader *l, const char *what, uint64_t gpa,
	       const void *data, uint64_t len);

/*
 * The highest free @len bytes, aligned to @align (a power of two), below
 * @limit; reserved. -EINVAL: no room.
 */
int loader_place(struct loader *l, const char *what, uint64_t len,
		 uint64_t align, uint64_t limit, uint64_t *gpap);

/* Bytes in files, little-endian unless said otherwise; any alignment. */
static inline uint16_t get_le16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t get_le32(const uint8_t *p)
{
	return get_le16(p) | (uint32_t)get_le16(p + 2) << 16;
}

static inline void put_le32(uint8_t *p, uint32_t val)
{
	for (int i = 0; i < 4; i++)
		p[i] = val >> 8 * i;
}

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

#endif /* BHYVE_LOADER_H */
