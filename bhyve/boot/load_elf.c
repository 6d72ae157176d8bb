/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads 32-bit ARM ELF programs and kernels. */
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "bhyve/boot/freebsd.h"
#include "bhyve/boot/elf_segment.h"
#include "bhyve/boot/loader.h"

static bool probe_elf(const struct image *img)
{
	return img->len >= EI_NIDENT && !memcmp(img->data, ELFMAG, SELFMAG);
}

static const char *machine_name(uint16_t machine)
{
	switch (machine) {
	case EM_386:
		return "i386";
	case EM_X86_64:
		return "x86-64";
	case EM_AARCH64:
		return "AArch64";
	case EM_RISCV:
		return "RISC-V";
	case EM_PPC:
	case EM_PPC64:
		return "PowerPC";
	case EM_MIPS:
		return "MIPS";
	default:
		return "another architecture";
	}
}

static int check_ident(struct loader *l, const struct image *img,
		       Elf32_Ehdr *eh)
{
	uint16_t machine;

	if (img->len < sizeof(*eh))
		return loader_fail(l, "%s: ELF file cut short: fetch it again",
				   img->path);
	memcpy(eh, img->data, sizeof(*eh));
	machine = get_le16(img->data + offsetof(Elf32_Ehdr, e_machine));
	if (img->data[EI_DATA] != ELFDATA2LSB)
		return loader_fail(l,
				   "%s: a big-endian ELF file: take one"
				   " built for little-endian 32-bit ARM",
				   img->path);
	if (img->data[EI_CLASS] != ELFCLASS32 || machine != EM_ARM)
		return loader_fail(l,
				   "%s: an ELF file for %s: take one built"
				   " for 32-bit ARM (armhf, armv7)",
				   img->path, machine_name(machine));
	return 0;
}

static int check_headers(struct loader *l, const struct image *img,
			 const Elf32_Ehdr *eh)
{
	uint64_t end = (uint64_t)eh->e_phoff + eh->e_phnum * sizeof(Elf32_Phdr);

	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return loader_fail(l,
				   "%s: an ELF file that is not linked: give"
				   " the linked kernel",
				   img->path);
	if (!eh->e_phnum || eh->e_phentsize != sizeof(Elf32_Phdr))
		return loader_fail(l, "%s: an ELF file with nothing to load",
				   img->path);
	if (end > img->len)
		return loader_fail(l, "%s: ELF file cut short: fetch it again",
				   img->path);
	return 0;
}

static Elf32_Phdr get_phdr(const struct image *img, const Elf32_Ehdr *eh,
			   unsigned int i)
{
	Elf32_Phdr ph;

	memcpy(&ph, img->data + eh->e_phoff + i * sizeof(ph), sizeof(ph));
	return ph;
}

static bool is_within(uint32_t addr, uint32_t start, uint32_t len)
{
	return addr >= start && addr - start < len;
}

/*
 * The entry is a virtual address, and moves with its segment. A kernel that is
 * linked high and starts without an MMU may give a physical entry: it is taken
 * as physical if no segment contains it as a virtual address.
 */
static uint64_t find_entry(const struct image *img, const Elf32_Ehdr *eh)
{
	uint64_t entry = UINT64_MAX;

	for (unsigned int i = 0; i < eh->e_phnum; i++) {
		Elf32_Phdr ph = get_phdr(img, eh, i);

		if (ph.p_type != PT_LOAD)
			continue;
		if (is_within(eh->e_entry, ph.p_vaddr, ph.p_memsz))
			return (uint64_t)ph.p_paddr + eh->e_entry - ph.p_vaddr;
		if (is_within(eh->e_entry, ph.p_paddr, ph.p_memsz))
			entry = eh->e_entry;
	}
	return entry;
}

static int load_segments(struct loader *l, const struct image *img,
			 const Elf32_Ehdr *eh)
{
	int ret = 0;

	for (unsigned int i = 0; i < eh->e_phnum && !ret; i++) {
		Elf32_Phdr ph = get_phdr(img, eh, i);

		if (ph.p_type != PT_LOAD || !ph.p_memsz)
			continue;
		ret = elf_load_segment(l, img, &ph, ph.p_paddr);
	}
	return ret;
}

/*
 * Where Linux's user programs are linked, unless a dynamic loader moves them.
 */
#define USER_BASE 0x10000u

/*
 * A program for Linux's user space: it names a dynamic loader, or has a
 * PT_GNU_STACK and is linked where such programs are.
 */
static bool is_user_program(const struct image *img, const Elf32_Ehdr *eh)
{
	bool at_base = false, has_stack = false;

	for (unsigned int i = 0; i < eh->e_phnum; i++) {
		Elf32_Phdr ph = get_phdr(img, eh, i);

		if (ph.p_type == PT_INTERP)
			return true;
		at_base |= ph.p_type == PT_LOAD && ph.p_vaddr == USER_BASE;
		has_stack |= ph.p_type == PT_GNU_STACK;
	}
	return at_base && has_stack;
}

static int load_elf(struct loader *l, const struct image *img,
		    struct boot *boot)
{
	Elf32_Ehdr eh;
	int ret;

	ret = check_ident(l, img, &eh);
	if (!ret)
		ret = check_headers(l, img, &eh);
	if (ret)
		return ret;
	if (img->data[EI_OSABI] == ELFOSABI_FREEBSD)
		return load_freebsd(l, img, boot);
	if (has_linux_banner(img))
		return loader_fail(l,
				   "%s: a Linux kernel as the linker left it"
				   " (vmlinux), for debuggers: give the zImage"
				   " or Image made of it",
				   img->path);
	if (is_user_program(img, &eh))
		return loader_fail(l,
				   "%s: a program for Linux, not a kernel:"
				   " give a kernel (zImage), and the program"
				   " in an initrd",
				   img->path);
	/*
	 * Programs without a boot protocol find the tree where QEMU puts it. On
	 * a host with huge pages it is often in one that is touched anyway.
	 */
	boot->dtb_at_start = true;
	boot->entry = find_entry(img, &eh);
	ret = load_segments(l, img, &eh);
	if (!ret && boot->entry == UINT64_MAX)
		return loader_fail(l, "%s: ELF entry 0x%x is in no segment",
				   img->path, eh.e_entry);
	return ret;
}

const struct image_format elf_format = {
	.name = "ELF",
	.probe = probe_elf,
	.load = load_elf,
};
