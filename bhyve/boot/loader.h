/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading a kernel: its file format, where its parts go in guest memory, and in
 * which state a CPU enters it.
 *
 * Each format has a file of its own. Input files are hostile: each length and
 * offset in them is checked against what is there. A loader that fails leaves
 * one line in @error that says why, and what to do.
 */
#ifndef BHYVE_LOADER_H
#define BHYVE_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vmctx;

#define LOADER_MAXRANGES 40
#define LOADER_NO_BASE	 UINT64_MAX
#define LOADER_DTB_LEN	 UINT64_C(0x100000) /* enough for any device tree */

/* A file in memory, or what was unpacked from a file. */
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
	/* The first bank of flash and its contents; flash_size is 0: there is none. */
	uint8_t *flash;
	uint64_t flash_base, flash_size;
	/* Where a raw binary goes; LOADER_NO_BASE: the default place. */
	uint64_t raw_base;
	struct load_range ranges[LOADER_MAXRANGES]; /* in use */
	unsigned int nranges;
	/*
	 * For FreeBSD's loader ABI: "name=value" strings, each with its NUL,
	 * and the flags of reboot(2).
	 */
	const char *kenv;
	size_t kenv_len;
	uint32_t howto;
	char error[256];
};

/* What was loaded, and how to enter it. */
struct boot {
	const char *format; /* for messages */
	uint64_t entry;	    /* physical address; bit 0 set: Thumb */
	uint64_t dtb_gpa;   /* 0: wherever there is room */
	/*
	 * put the tree at the start of RAM if there is room; only if dtb_gpa is
	 * 0
	 */
	bool dtb_at_start;
	/* a device tree in the image's tail; 0: none */
	size_t dtb_offset, dtb_len;
	const struct image *image; /* the image that has it */
	uint32_t r0;		   /* 0 for the Linux boot protocol */
};

struct image_format {
	const char *name;
	bool (*probe)(const struct image *img);
	int (*load)(struct loader *l, const struct image *img,
		    struct boot *boot);
};

extern const struct image_format gzip_format, uimage_format, elf_format,
	zimage_format, refused_format, linux_format, raw_format;

/* 0; -EINVAL: the file is plainly no program, and l->error says what it is. */
int refuse_unlikely(struct loader *l, const struct image *img);

/*
 * Whether a file, of which @img has at least the first 34 KiB, is plainly no firmware.
 * If so, @what says what it is, and @mend what to do.
 */
bool find_no_firmware(const struct image *img, const char **what,
		      const char **mend);

/* Whether the file contains "Linux version ...", and so is not compressed. */
bool has_linux_banner(const struct image *img);

/* Sets l->error, and returns -EINVAL for the caller to return. */
int loader_fail(struct loader *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Reads the whole file. 0, or a negative errno with l->error. */
int image_read(struct loader *l, const char *path, struct image *img);
void image_free(struct image *img);

/*
 * Recognizes @img and loads it. @img must live as long as @boot is used. 0;
 * -EINVAL, with l->error.
 */
int load_image(struct loader *l, const struct image *img, struct boot *boot);

/*
 * Finds the RAM disk in @img, which may have U-Boot's header (uInitrd);
 * @ramdisk is a part of @img. 0; -EINVAL: it has a header, but is no RAM disk.
 */
int uimage_ramdisk(struct loader *l, const struct image *img,
		   struct image *ramdisk);

/*
 * Reserves [@gpa, @gpa + @len). 0; -EINVAL: it is neither in RAM nor in flash, or
 * @what overlaps another part. The string @what is kept, not copied.
 */
int loader_reserve(struct loader *l, const char *what, uint64_t gpa,
		   uint64_t len);

/* Whether all of the range is in the flash. */
bool loader_in_flash(const struct loader *l, uint64_t gpa, uint64_t len);

/* Reserves the range and copies @data there. */
int loader_put(struct loader *l, const char *what, uint64_t gpa,
	       const void *data, uint64_t len);

/*
 * Reserves the highest free @len bytes below @limit, aligned to @align (a power
 * of two). -EINVAL: no room.
 */
int loader_place(struct loader *l, const char *what, uint64_t len,
		 uint64_t align, uint64_t limit, uint64_t *gpap);

/*
 * Read numbers from files, little-endian unless the name says otherwise, at any
 * alignment.
 */
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
