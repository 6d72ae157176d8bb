/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's Image, the kernel that a zImage contains. It has no header, and is
 * recognized by its banner. It runs at its text offset from a multiple of 2 MiB
 * (16 MiB before 5.11), and puts its first page tables before itself.
 */
#include <string.h>
#include "bhyve/boot/loader.h"

#define TEXT_OFFSET UINT64_C(0x8000)

/*
 * The first page contains head.S, which computes the address of its page tables
 * from the start of RAM in r8 by "add r4, r8, #TEXT_OFFSET".
 */
#define HEAD_LEN      0x1000
#define ADD_R4_R8_IMM UINT32_C(0xe2884000)
#define ADD_IMM_MASK  UINT32_C(0xfffff000)

bool has_linux_banner(const struct image *img)
{
	static const char banner[] = "Linux version ";

	return memmem(img->data, img->len, banner, sizeof(banner) - 1);
}

/*
 * The modified immediate constant of an ARM instruction: eight bits, rotated.
 */
static uint32_t expand_imm(uint32_t insn)
{
	uint32_t value = insn & 0xff;
	unsigned int by = 2 * (insn >> 8 & 0xf);

	return by ? value >> by | value << (32 - by) : value;
}

/*
 * Returns the text offset, which only the instructions show. It is 32 KiB. Kernels
 * that keep free the memory that some SoC reserves, such as Debian's, have some whole
 * MiB more (arch/arm/Makefile).
 */
static uint64_t text_offset(const struct image *img)
{
	for (size_t at = 0; at < HEAD_LEN && at + 4 <= img->len; at += 4) {
		uint32_t insn = get_le32(img->data + at);

		if ((insn & ADD_IMM_MASK) == ADD_R4_R8_IMM &&
		    (expand_imm(insn) & 0xfffff) == TEXT_OFFSET)
			return expand_imm(insn);
	}
	return TEXT_OFFSET;
}

static int load_linux(struct loader *l, const struct image *img,
		      struct boot *boot)
{
	uint64_t offset = text_offset(img);
	int ret;

	boot->entry = l->ram_base + offset;
	ret = loader_reserve(l, "the kernel's page tables", l->ram_base,
			     offset);
	if (ret)
		return ret;
	return loader_put(l, "kernel", boot->entry, img->data, img->len);
}

const struct image_format linux_format = {
	.name = "Linux Image",
	.probe = has_linux_banner,
	.load = load_linux,
};
