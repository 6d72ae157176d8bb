/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF programs and kernels, 32-bit ARM (ARM IHI 0044, gABI 4). */
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
		return loader_fail(l, "%s: a big-endian ELF file: take one"
				   " built for little-endian 32-bit ARM",
				   img->path);
	if (img->data[EI_CLASS] != ELFCLASS32 || machine != EM_ARM)
		return loader_fail(l, "%s: an ELF file for %s: take one built"
				   " for 32-bit ARM (armhf, armv7)", img->path,
				   machine_name(machine));
	return 0;
}

static int check_headers(struct loader *l, const struct image *img,
			 const Elf32_Ehdr *eh)
{
	uint64_t end = (uint64_t)eh->e_phoff + eh->e_phnum * sizeof(Elf32_Phdr);

	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return loader_fail(l, "%s: an ELF file that is not linked: give"
				   " the linked kernel", img->path);
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

/* The entry is a virtual address: it moves with its segment. */
static void find_entry(const Elf32_Ehdr *eh, const Elf32_Phdr *ph,
		       struct boot *boot)
{
	uint32_t into = eh->e_entry - ph->p_vaddr;

	if (eh->e_entry >= ph->p_vaddr && into < ph->p_memsz)
		boot->entry = (uint64_t)ph->p_paddr + into;
}

static int load_segments(struct loader *l, const struct image *img,
			 const Elf32_Ehdr *eh, struct boot *boot)
{
	int ret = 0;

	for (unsigned int i = 0; i < eh->e_phnum && !ret; i++) {
		Elf32_Phdr ph = get_phdr(img, eh, i);

		if (ph.p_type != PT_LOAD || !ph.p_memsz)
			continue;
		ret = elf_load_segment(l, img, &ph, ph.p_paddr);
		find_entry(eh, &ph, boot);
	}
	return ret;
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
		return loader_fail(l, "%s: a Linux kernel as the linker left it"
				   " (vmlinux), for debuggers: give the zImage"
				   " or Image made of it", img->path);
	/* Where QEMU has it for programs that bring no boot protocol; and on a
	 * host with huge pages likely in one that is touched anyhow. */
	boot->dtb_at_start = true;
	boot->entry = UINT64_MAX;
	ret = load_segments(l, img, &eh, boot);
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
