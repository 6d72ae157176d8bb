/* SPDX-License-Identifier: BSD-2-Clause */
/* The loaders, on files that are made here. */
#include <elf.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include <cmocka.h>
#include "bhyve/boot/freebsd.h"
#include "bhyve/boot/loader.h"
#include "tests/unit/bhyve_fake.h"

#define RAM FAKE_RAM_BASE
#define MIB 0x100000u

static uint8_t file[0x20000];
static struct image img;
static struct loader l;
static struct boot boot;

static int setup(void **state)
{
	(void)state;
	fake_reset();
	memset(file, 0, sizeof(file));
	img = (struct image){ .path = "kernel", .data = file };
	l = (struct loader){ .ram_base = RAM,
			     .ram_size = FAKE_RAM_SIZE,
			     .raw_base = LOADER_NO_BASE };
	boot = (struct boot){ 0 };
	return 0;
}

static void put32(size_t at, uint32_t val)
{
	memcpy(file + at, &val, 4);
}

static void put_be32(size_t at, uint32_t val)
{
	put32(at, __builtin_bswap32(val));
}

static void loads(const char *format, uint64_t entry)
{
	if (load_image(&l, &img, &boot))
		fail_msg("%s", l.error);
	assert_string_equal(boot.format, format);
	assert_int_equal(boot.entry, entry);
}

/* The file is refused, and the message contains the reason. */
static void refused(const char *because)
{
	assert_int_not_equal(load_image(&l, &img, &boot), 0);
	if (!strstr(l.error, because))
		fail_msg("\"%s\" does not say \"%s\"", l.error, because);
}

/* arch/arm/boot/compressed/head.S: the words at 0x24 to 0x38. */
static void make_zimage(uint32_t len)
{
	put32(0x24, 0x016f2818);
	put32(0x28, 0);
	put32(0x2c, len);
	put32(0x30, 0x04030201);
	put32(0x0, 0xe1a00000);
	img.len = len;
}

/* The table of sizes: 3 MiB unpacked, 1 MiB of .bss, unpacks to 0x208000. */
static void make_zimage_table(void)
{
	put32(0x34, 0x45454545);
	put32(0x38, 0x1000);
	put32(0x1000, 6);
	put32(0x1004, 0x5a534c4b);
	put32(0x1008, 0x1ffc);
	put32(0x100c, MIB);
	put32(0x1010, 0x208000);
	put32(0x1014, 0x10000);
	put32(0x1ffc, 3 * MIB);
}

static void zimage(void **state)
{
	(void)state;
	make_zimage(0x2000);
	make_zimage_table();
	/* 0x208000 + 4 MiB, up to the next 2 MiB. */
	loads("zImage", RAM + 8 * MIB);
	assert_memory_equal(fake_ram() + 8 * MIB, file, 0x2000);
	assert_int_equal(boot.dtb_len, 0);
}

static void zimage_without_table(void **state)
{
	(void)state;
	make_zimage(0x10000);
	/* 0x8000 + five times 64 KiB is below 2 MiB. */
	loads("zImage", RAM + 2 * MIB);
}

static void zimage_appended_dtb(void **state)
{
	(void)state;
	make_zimage(0x2000);
	put_be32(0x2000, 0xd00dfeed);
	put_be32(0x2004, 0x40);
	img.len = 0x2040;
	loads("zImage", RAM + 2 * MIB);
	assert_int_equal(boot.dtb_offset, 0x2000);
	assert_int_equal(boot.dtb_len, 0x40);
}

static void zimage_appended_dtb_lies_about_its_size(void **state)
{
	(void)state;
	make_zimage(0x2000);
	put_be32(0x2000, 0xd00dfeed);
	put_be32(0x2004, 0xffffffff);
	img.len = 0x2040;
	loads("zImage", RAM + 2 * MIB);
	assert_int_equal(boot.dtb_len, 0x40);
}

static void zimage_truncated(void **state)
{
	(void)state;
	make_zimage(0x2000);
	img.len = 0x1fff;
	refused("cut short");
}

static void zimage_end_before_start(void **state)
{
	(void)state;
	make_zimage(0x2000);
	put32(0x28, 0x2000);
	put32(0x2c, 0x1000);
	refused("damaged");
}

static void zimage_ram_too_small(void **state)
{
	(void)state;
	make_zimage(0x2000);
	make_zimage_table();
	put32(0x1ffc, 80 * MIB);
	l.ram_size = 64 * MIB;
	refused("too little RAM");
}

static void zimage_table_out_of_bounds(void **state)
{
	(void)state;
	make_zimage(0x2000);
	make_zimage_table();
	put32(0x38, 0xfffffffc);
	loads("zImage", RAM + 2 * MIB);
}

static void zimage_size_out_of_bounds(void **state)
{
	(void)state;
	make_zimage(0x2000);
	make_zimage_table();
	put32(0x1008, 0x1ffd);
	loads("zImage", RAM + 2 * MIB);
}

/* Not Linux: a program linked for the address in its header. */
static void zimage_with_an_address(void **state)
{
	(void)state;
	make_zimage(0x2000);
	put32(0x28, RAM + 0x10000);
	put32(0x2c, RAM + 0x12000);
	loads("zImage", RAM + 0x10000);
	assert_memory_equal(fake_ram() + 0x10000, file, 0x2000);
	setup(state);
	make_zimage(0x2000);
	put32(0x28, 0x80008000);
	put32(0x2c, 0x8000a000);
	refused("machine.ram.base=0x80000000");
}

static void make_linux(void)
{
	put32(0, 0xe3a00000);
	memcpy(file + 0x1800, "Linux version 6.1", 17);
	img.len = 0x2000;
}

/* At 32 KiB in RAM, with its page tables before it. */
static void linux_image(void **state)
{
	uint64_t gpa;

	(void)state;
	make_linux();
	loads("Linux Image", RAM + 0x8000);
	assert_memory_equal(fake_ram() + 0x8000, file, 0x2000);
	assert_int_equal(boot.dtb_gpa, 0);
	assert_int_not_equal(loader_reserve(&l, "x", RAM, 1), 0);
	assert_int_not_equal(loader_place(&l, "x", 1, 1, RAM + 0xa000, &gpa),
			     0);
}

/* Like Debian's armmp (6.1), which leaves 2 MiB to Qualcomm's SoCs. */
static void linux_text_offset(void **state)
{
	static const uint32_t insns[] = { 0xe2488982, 0xe2884a05, 0xe2884982 };

	(void)state;
	make_linux();
	memcpy(file + 0x50, insns, sizeof(insns));
	loads("Linux Image", RAM + 0x208000);
	assert_memory_equal(fake_ram() + 0x208000, file, 0x2000);
	assert_int_not_equal(loader_reserve(&l, "x", RAM + 0x204000, 1), 0);
}

static Elf32_Ehdr *make_elf(unsigned int nph)
{
	Elf32_Ehdr *eh = (Elf32_Ehdr *)file;

	memcpy(eh->e_ident, ELFMAG, SELFMAG);
	eh->e_ident[EI_CLASS] = ELFCLASS32;
	eh->e_ident[EI_DATA] = ELFDATA2LSB;
	eh->e_type = ET_EXEC;
	eh->e_machine = EM_ARM;
	eh->e_phoff = sizeof(*eh);
	eh->e_phentsize = sizeof(Elf32_Phdr);
	eh->e_phnum = nph;
	img.len = 0x4000;
	return eh;
}

static Elf32_Phdr *segment(unsigned int i, uint32_t va, uint32_t pa,
			   uint32_t filesz, uint32_t memsz)
{
	Elf32_Phdr *ph = (Elf32_Phdr *)(file + sizeof(Elf32_Ehdr)) + i;

	*ph = (Elf32_Phdr){ .p_type = PT_LOAD,
			    .p_offset = 0x1000,
			    .p_vaddr = va,
			    .p_paddr = pa,
			    .p_filesz = filesz,
			    .p_memsz = memsz };
	return ph;
}

static void elf(void **state)
{
	Elf32_Ehdr *eh = make_elf(1);

	(void)state;
	segment(0, 0xc0008000, RAM + 0x8000, 0x1000, 0x3000);
	memset(file + 0x1000, 0x5a, 0x1000);
	eh->e_entry = 0xc0008040;
	loads("ELF", RAM + 0x8040);
	assert_int_equal(fake_ram()[0x8fff], 0x5a);
	assert_int_equal(fake_ram()[0x9000], 0);
	assert_int_equal(boot.dtb_gpa, 0);
	assert_true(boot.dtb_at_start);
}

static void elf_thumb_entry(void **state)
{
	(void)state;
	make_elf(1)->e_entry = RAM + 0x8001;
	segment(0, RAM + 0x8000, RAM + 0x8000, 0x1000, 0x1000);
	loads("ELF", RAM + 0x8001);
}

static void elf_other_architecture(void **state)
{
	Elf32_Ehdr *eh = make_elf(1);

	(void)state;
	eh->e_machine = EM_X86_64;
	eh->e_ident[EI_CLASS] = ELFCLASS64;
	refused("x86-64");
	eh->e_machine = EM_AARCH64;
	refused("AArch64");
	eh->e_ident[EI_DATA] = ELFDATA2MSB;
	refused("big-endian");
}

static void elf_truncated(void **state)
{
	make_elf(1);
	(void)state;
	segment(0, RAM, RAM, 0x4000, 0x4000);
	refused("cut short");
	img.len = 20;
	refused("cut short");
}

static void elf_wild_numbers(void **state)
{
	Elf32_Phdr *ph;

	(void)state;
	make_elf(1);
	ph = segment(0, RAM, 0xfffff000, 0x1000, 0xffffffff);
	refused("RAM");
	ph->p_offset = 0xfffffff0;
	refused("cut short");
	ph->p_memsz = 0x10;
	refused("damaged");
	make_elf(1)->e_phoff = 0xfffffff0;
	refused("cut short");
	make_elf(0)->e_phoff = 0;
	refused("nothing to load");
}

static void elf_overlapping(void **state)
{
	(void)state;
	make_elf(2)->e_entry = RAM;
	segment(0, RAM, RAM, 0x1000, 0x3000);
	segment(1, RAM + 0x2000, RAM + 0x2000, 0x1000, 0x1000);
	refused("overlapping loads");
}

/* Code and the initial contents of .data in flash, .data itself in RAM. */
static void elf_in_flash(void **state)
{
	static uint8_t flash[0x4000];
	Elf32_Ehdr *eh = make_elf(3);

	(void)state;
	l.flash = flash;
	l.flash_size = sizeof(flash);
	segment(0, 0, 0, 0x1000, 0x1000);
	segment(1, RAM, 0x3000, 0x1000, 0x1000);
	segment(2, RAM + 0x4000, RAM + 0x4000, 0, 0x1000);
	memset(file + 0x1000, 0x5a, 0x1000);
	eh->e_entry = 0x20;
	loads("ELF", 0x20);
	assert_int_equal(flash[0xfff], 0x5a);
	assert_int_equal(flash[0x1000], 0);
	assert_true(loader_in_flash(&l, 0x3fff, 1));
	assert_false(loader_in_flash(&l, 0x3fff, 2));
	segment(0, 0, 0x3800, 0x1000, 0x1000);
	refused("no RAM");
}

/* Linked high, started low: its entry is a physical address. */
static void elf_physical_entry(void **state)
{
	(void)state;
	make_elf(2)->e_entry = RAM + 0x1010;
	segment(0, 0x80000000, RAM, 0x1000, 0x1000);
	segment(1, 0x80001000, RAM + 0x1000, 0x1000, 0x1000);
	loads("ELF", RAM + 0x1010);
}

static void elf_user_program(void **state)
{
	(void)state;
	make_elf(2)->e_entry = 0x10100;
	segment(0, 0x10000, 0x10000, 0x1000, 0x1000);
	segment(1, 0, 0, 0, 0)->p_type = PT_INTERP;
	refused("program for Linux");
	segment(1, 0, 0, 0, 0)->p_type = PT_GNU_STACK;
	refused("program for Linux");
}

static void elf_entry_nowhere(void **state)
{
	(void)state;
	make_elf(1)->e_entry = 0x1234;
	segment(0, RAM, RAM, 0x1000, 0x1000);
	refused("entry");
}

static void elf_outside_ram(void **state)
{
	(void)state;
	make_elf(1)->e_entry = 0x8000;
	segment(0, 0x8000, 0x8000, 0x1000, 0x1000);
	refused("no RAM");
}

static void elf_for_another_board(void **state)
{
	(void)state;
	make_elf(1)->e_entry = 0x60010000;
	segment(0, 0x60010000, 0x60010000, 0x1000, 0x1000);
	l.ram_size = 64 * MIB;
	refused("-m 513M");
	segment(0, 0xe0010000, 0xe0010000, 0x1000, 0x1000);
	refused("machine.ram.base=0xe0000000");
	setup(state);
	l.ram_base = 0x60000000;
	make_elf(1)->e_entry = 0x40000000;
	segment(0, 0x40000000, 0x40000000, 0x1000, 0x1000);
	refused("machine.ram.base=0x40000000");
}

static void elf_vmlinux(void **state)
{
	(void)state;
	make_linux();
	make_elf(1)->e_entry = 0xc0008000;
	segment(0, 0xc0008000, 0xc0008000, 0x1000, 0x1000);
	refused("zImage");
}

/* Finds a record of FreeBSD's metadata, as its preload_search_info() does. */
static const void *record(uint64_t list, uint32_t type, uint32_t *len)
{
	const uint8_t *p = fake_ram() + list;

	while (get_le32(p) != type) {
		if (!get_le32(p) && !get_le32(p + 4))
			fail_msg("no record 0x%x", type);
		p += 8 + ((get_le32(p + 4) + 3) & ~3u);
	}
	*len = get_le32(p + 4);
	return p + 8;
}

static uint32_t record_word(uint64_t list, uint32_t type)
{
	uint32_t len;
	const uint8_t *p = record(list, type, &len);

	assert_int_equal(len, 4);
	return get_le32(p);
}

static void freebsd(void **state)
{
	static const char kenv[] = "a=1\0b.c=2";
	Elf32_Ehdr *eh = make_elf(1);
	uint64_t list;
	uint32_t len, kenv_at;

	(void)state;
	eh->e_ident[EI_OSABI] = ELFOSABI_FREEBSD;
	eh->e_entry = 0xc0000100;
	/* Its p_paddr is meaningless. */
	segment(0, 0xc0000000, 0xc0000000, 0x1000, 0x5001);
	memset(file + 0x1000, 0x5a, 0x1000);
	l.kenv = kenv;
	l.kenv_len = sizeof(kenv);
	l.howto = 0x800;
	loads("FreeBSD kernel", RAM + 2 * MIB + 0x100);
	assert_int_equal(fake_ram()[2 * MIB + 0xfff], 0x5a);
	assert_int_equal(boot.r0 & 0xfff, 0);
	list = boot.r0 - 0xc0000000 + 2 * MIB;
	assert_true(list >= 2 * MIB + 0x5001);
	assert_string_equal(record(list, 1, &len), "kernel");
	assert_string_equal(record(list, 2, &len), "elf kernel");
	assert_int_equal(len, 11);
	assert_int_equal(record_word(list, 3), 0xc0000000);
	assert_int_equal(record_word(list, 4), 0x5001);
	assert_int_equal(record_word(list, 0x8007), 0x800);
	assert_int_equal(record_word(list, 0x9002) - 0xc0000000 + RAM + 2 * MIB,
			 boot.dtb_gpa);
	assert_true(record_word(list, 0x8008) - 0xc0000000 + RAM + 2 * MIB >=
		    boot.dtb_gpa + LOADER_DTB_LEN);
	kenv_at = record_word(list, 0x8006) - 0xc0000000 + 2 * MIB;
	assert_memory_equal(fake_ram() + kenv_at, "a=1\0b.c=2\0", 11);
}

static bool is_freebsd(const void *data, size_t len)
{
	struct image one = { .data = (uint8_t *)data, .len = len };

	return is_freebsd_kernel(&one);
}

static void tells_freebsd(void **state)
{
	static const char kernel_bin[] =
		"\0\0\0\xea@(#)FreeBSD 13.2-RELEASE #0";
	Elf32_Ehdr *eh = make_elf(1);

	(void)state;
	assert_false(is_freebsd(file, 0x1000));
	eh->e_ident[EI_OSABI] = ELFOSABI_FREEBSD;
	assert_true(is_freebsd(file, 0x1000));
	assert_false(is_freebsd(file, EI_OSABI));
	assert_true(is_freebsd(kernel_bin, sizeof(kernel_bin)));
	assert_false(is_freebsd(kernel_bin, 12));
	assert_false(is_freebsd(kernel_bin, 0));
}

static Elf32_Shdr *section(unsigned int i, uint32_t type, uint32_t offset,
			   uint32_t size)
{
	Elf32_Shdr *sh = (Elf32_Shdr *)(file + 0x3000) + i;

	*sh = (Elf32_Shdr){ .sh_type = type,
			    .sh_offset = offset,
			    .sh_size = size };
	return sh;
}

/* Null section, strings, symbols. */
static void make_freebsd_with_symbols(void)
{
	Elf32_Ehdr *eh = make_elf(1);

	eh->e_ident[EI_OSABI] = ELFOSABI_FREEBSD;
	eh->e_entry = 0xc0000100;
	segment(0, 0xc0000000, 0xc0000000, 0x1000, 0x5001);
	eh->e_shoff = 0x3000;
	eh->e_shentsize = sizeof(Elf32_Shdr);
	eh->e_shnum = 3;
	section(1, SHT_STRTAB, 0x2800, 0x33);
	section(2, SHT_SYMTAB, 0x2000, 0x40)->sh_link = 1;
	memset(file + 0x2000, 0x11, 0x40);
	memset(file + 0x2800, 0x22, 0x33);
}

/* Reads them as FreeBSD's link_elf_preload_parse_symbols() does. */
static void freebsd_symbols(void **state)
{
	uint64_t list, at, end;

	(void)state;
	make_freebsd_with_symbols();
	loads("FreeBSD kernel", RAM + 2 * MIB + 0x100);
	list = boot.r0 - 0xc0000000 + 2 * MIB;
	at = record_word(list, 0x8003) - 0xc0000000 + 2 * MIB;
	end = record_word(list, 0x8004) - 0xc0000000 + 2 * MIB;
	assert_in_range(at, 2 * MIB + 0x5001, list);
	assert_int_equal(end, at + 4 + 0x40 + 4 + 0x34);
	assert_int_equal(get_le32(fake_ram() + at), 0x40);
	assert_memory_equal(fake_ram() + at + 4, file + 0x2000, 0x40);
	assert_int_equal(get_le32(fake_ram() + at + 0x44), 0x33);
	assert_memory_equal(fake_ram() + at + 0x48, file + 0x2800, 0x33);
	assert_true(list >= end);
}

/* The kernel boots without them. */
static void freebsd_damaged_symbols(void **state)
{
	(void)state;
	make_freebsd_with_symbols();
	section(2, SHT_SYMTAB, 0x2000, 0x40)->sh_link = 9;
	loads("FreeBSD kernel", RAM + 2 * MIB + 0x100);
	setup(state);
	make_freebsd_with_symbols();
	section(2, SHT_SYMTAB, 0xfffffff0, 0x40)->sh_link = 1;
	loads("FreeBSD kernel", RAM + 2 * MIB + 0x100);
	setup(state);
	make_freebsd_with_symbols();
	((Elf32_Ehdr *)file)->e_shoff = 0xfffffff0;
	loads("FreeBSD kernel", RAM + 2 * MIB + 0x100);
}

static void freebsd_too_large(void **state)
{
	(void)state;
	make_freebsd_with_symbols();
	segment(0, 0xc0000000, 0xc0000000, 0x1000, 0x3ff8000);
	refused("strip");
}

static void freebsd_linked_elsewhere(void **state)
{
	Elf32_Ehdr *eh = make_elf(1);

	(void)state;
	eh->e_ident[EI_OSABI] = ELFOSABI_FREEBSD;
	segment(0, 0x80000000, 0, 0x1000, 0x1000);
	refused("armv7");
	segment(0, 0xc0000000, 0, 0x1000, 0x8000000);
	refused("armv7");
}

static void raw(void **state)
{
	(void)state;
	put32(0, 0xea000000);
	img.len = 0x1000;
	/*
	 * The same address as QEMU's virt uses (KERNEL_LOAD_ADDR of
	 * hw/arm/boot.c).
	 */
	loads("raw binary", RAM + 0x10000);
	assert_int_equal(boot.dtb_gpa, 0);
}

static void raw_freebsd(void **state)
{
	(void)state;
	put32(0, 0xea000000);
	memcpy(file + 0x800, "@(#)FreeBSD 13.2", 16);
	img.len = 0x1000;
	loads("raw binary", RAM + 2 * MIB);
	/* The tree is before the kernel, whose end is not known. */
	assert_int_equal(boot.dtb_gpa, RAM + MIB);
}

/* raw.base applies only to raw binaries; with another format it is refused. */
static void raw_base_without_raw(void **state)
{
	(void)state;
	l.raw_base = RAM + 0x8000;
	make_zimage(0x2000);
	refused("raw.base");
	setup(state);
	l.raw_base = 0;
	l.ram_base = 0;
	put32(0, 0xea000000);
	img.len = 0x1000;
	assert_int_not_equal(load_image(&l, &img, &boot), 1);
	assert_int_equal(boot.entry, 0);
}

static void refused_unless_base(const char *because)
{
	l.raw_base = LOADER_NO_BASE;
	refused(because);
	l.raw_base = RAM + 0x8000;
	l.nranges = 0;
	loads("raw binary", RAM + 0x8000);
}

static void no_programs(void **state)
{
	static const struct {
		size_t offset;
		const char *bytes, *because;
	} files[] = {
		{ 0, "!<arch>\n", "ar" },
		{ 0x101, "ustar", "tar" },
		{ 0, "QFI\xfb", "qcow2" },
		{ 0x8001, "CD001", "ISO" },
		{ 0x1fe, "\x55\xaa", "disk" },
		{ 0x438, "\x53\xef", "ext2" },
		{ 0x28, "_FVH", "bootrom=" },
		{ 0x1028, "_FVH", "bootrom=" },
		{ 0x700, "U-Boot 2021.01", "bootrom=" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		setup(state);
		memcpy(file + files[i].offset, files[i].bytes,
		       strlen(files[i].bytes));
		img.len = 0x9000;
		refused_unless_base(files[i].because);
	}
	setup(state);
	memset(file, 'a', 600);
	img.len = 600;
	refused_unless_base("text");
	/* Zeros are none. */
	setup(state);
	img.len = 600;
	loads("raw binary", RAM + 0x10000);
}

/* What is said of a file that was given as bootrom=. */
static const char *as_firmware(void)
{
	static char text[256];
	const char *what, *mend;

	if (!find_no_firmware(&img, &what, &mend))
		return "";
	snprintf(text, sizeof(text), "%s: %s", what, mend);
	return text;
}

static void no_firmware(void **state)
{
	static const struct {
		size_t offset;
		const char *bytes, *because;
	} files[] = {
		{ 0, "!<arch>\n", "unpack" },
		{ 0, "070701", "u-boot-qemu" },
		{ 0, "QFI\xfb", "qemu-img" },
		{ 0, "\xd0\x0d\xfe\xed", "dtb=" },
		{ 0x38, "ARM\x64", "32-bit" },
		{ 0x8001, "CD001", "virtio-blk" },
		{ 0x438, "\x53\xef", "virtio-blk" },
		/* These are firmware. */
		{ 0x28, "_FVH", "" },
		{ 0x1028, "_FVH", "" },
		{ 0x700, "U-Boot 2021.01", "" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		setup(state);
		memcpy(file + files[i].offset, files[i].bytes,
		       strlen(files[i].bytes));
		img.len = 0x8800;
		if (files[i].because[0])
			assert_non_null(
				strstr(as_firmware(), files[i].because));
		else
			assert_string_equal(as_firmware(), "");
	}
	setup(state);
	memset(file, 'a', 600);
	img.len = 600;
	assert_non_null(strstr(as_firmware(), "text"));
}

static void raw_elsewhere(void **state)
{
	(void)state;
	l.raw_base = RAM + 0x10000;
	put32(0, 0xea000000);
	img.len = 0x1000;
	loads("raw binary", RAM + 0x10000);
	assert_int_equal(boot.dtb_gpa, 0);
	l.raw_base = 0x8000;
	refused("machine.ram.base=0x0");
}

static void too_short(void **state)
{
	(void)state;
	for (img.len = 0; img.len < 4; img.len++)
		refused("too short");
}

static void not_kernels(void **state)
{
	(void)state;
	img.len = 0x1000;
	memcpy(file + 0x38, "ARM\x64", 4);
	refused("AArch64");
	memset(file, 0, 0x40);
	memcpy(file + 0x202, "HdrS", 4);
	refused("x86");
	memcpy(file, "\xd0\x0d\xfe\xed", 4);
	memset(file + 0x202, 0, 4);
	refused("device tree");
}

static void pack_gzip(size_t len)
{
	static uint8_t packed[sizeof(file)];
	z_stream z = { .next_in = file,
		       .avail_in = len,
		       .next_out = packed,
		       .avail_out = sizeof(packed) };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, 0), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	memcpy(file, packed, z.total_out);
	img.len = z.total_out;
}

static void gzipped(void **state)
{
	(void)state;
	make_zimage(0x2000);
	pack_gzip(img.len);
	loads("zImage", RAM + 2 * MIB);
}

static void gzip_damaged(void **state)
{
	(void)state;
	make_zimage(0x2000);
	pack_gzip(img.len);
	img.len /= 2;
	refused("cut short");
	memset(file + 10, 0xff, 8);
	refused("damaged");
}

static void make_uimage(size_t payload, uint8_t arch, uint8_t type,
			uint8_t comp)
{
	memmove(file + 64, file, payload);
	memset(file, 0, 64);
	put_be32(0, 0x27051956);
	put_be32(12, payload);
	put_be32(16, RAM + 0x8000);
	put_be32(20, RAM + 0x8010);
	put_be32(24, crc32(0, file + 64, payload));
	file[28] = 5;
	file[29] = arch;
	file[30] = type;
	file[31] = comp;
	put_be32(4, crc32(0, file, 64));
	img.len = 64 + payload;
}

static void uimage_raw(void **state)
{
	(void)state;
	memset(file, 0x77, 0x100);
	make_uimage(0x100, 2, 2, 0);
	loads("uImage", RAM + 0x8010);
	assert_int_equal(fake_ram()[0x8000], 0x77);
}

/* NetBSD's netbsd.ub is entered at its start plus the header's entry. */
static void uimage_noload(void **state)
{
	(void)state;
	memset(file, 0xe7, 0x100);
	make_uimage(0x100, 2, 14, 0);
	put_be32(20, 0x40);
	put_be32(4, 0);
	put_be32(4, crc32(0, file, 64));
	loads("uImage", RAM + 0x10040);
	put_be32(20, 0x100);
	put_be32(4, 0);
	put_be32(4, crc32(0, file, 64));
	l.nranges = 0;
	refused("outside");
}

static void uimage_of_zimage(void **state)
{
	(void)state;
	make_zimage(0x2000);
	make_uimage(0x2000, 2, 2, 0);
	loads("uImage", RAM + 2 * MIB);
}

/* Made for a board with RAM elsewhere, which does not matter to Linux. */
static void uimage_of_linux(void **state)
{
	(void)state;
	make_linux();
	make_uimage(0x2000, 2, 2, 0);
	put_be32(16, 0x80008000);
	put_be32(20, 0x80008000);
	put_be32(4, 0);
	put_be32(4, crc32(0, file, 64));
	loads("uImage", RAM + 0x8000);
}

static void uimage_gzip(void **state)
{
	(void)state;
	memset(file, 0x77, 0x1000);
	pack_gzip(0x1000);
	make_uimage(img.len, 2, 2, 1);
	loads("uImage", RAM + 0x8010);
	assert_int_equal(fake_ram()[0x8fff], 0x77);
}

static void uimage_refused(void **state)
{
	(void)state;
	make_uimage(0x100, 22, 2, 0);
	refused("architecture");
	setup(state);
	make_uimage(0x100, 2, 3, 0);
	refused("type 3");
	setup(state);
	make_uimage(0x100, 2, 2, 3);
	refused("compression");
	setup(state);
	make_uimage(0x100, 2, 2, 0);
	img.len--;
	refused("cut short");
	img.len++;
	file[70] ^= 1;
	refused("damaged uImage data");
	file[20] ^= 1;
	refused("damaged uImage header");
}

static void uinitrd(void **state)
{
	struct image disk;

	(void)state;
	memset(file, 0x77, 0x100);
	img.len = 0x100;
	assert_int_equal(uimage_ramdisk(&l, &img, &disk), 0);
	assert_ptr_equal(disk.data, file);
	assert_int_equal(disk.len, 0x100);
	make_uimage(0x100, 2, 3, 1);
	assert_int_equal(uimage_ramdisk(&l, &img, &disk), 0);
	assert_ptr_equal(disk.data, file + 64);
	assert_int_equal(disk.len, 0x100);
	img.len--;
	assert_int_not_equal(uimage_ramdisk(&l, &img, &disk), 0);
	setup(state);
	make_uimage(0x100, 2, 2, 0);
	assert_int_not_equal(uimage_ramdisk(&l, &img, &disk), 0);
}

static void placing(void **state)
{
	uint64_t a, b;

	(void)state;
	assert_int_equal(
		loader_reserve(&l, "top", RAM + FAKE_RAM_SIZE - MIB, MIB), 0);
	assert_int_equal(loader_place(&l, "a", 0x1001, 0x1000, UINT64_MAX, &a),
			 0);
	assert_int_equal(a, RAM + FAKE_RAM_SIZE - MIB - 0x2000);
	assert_int_equal(loader_place(&l, "b", 0x1000, 0x1000, RAM + MIB, &b),
			 0);
	assert_int_equal(b, RAM + MIB - 0x1000);
	assert_int_not_equal(loader_place(&l, "c", FAKE_RAM_SIZE, 0x1000,
					  UINT64_MAX, &b),
			     0);
	assert_int_not_equal(
		loader_place(&l, "d", UINT64_MAX, 0x1000, UINT64_MAX, &b), 0);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(zimage),
		T(zimage_without_table),
		T(zimage_appended_dtb),
		T(zimage_appended_dtb_lies_about_its_size),
		T(zimage_truncated),
		T(zimage_end_before_start),
		T(zimage_ram_too_small),
		T(zimage_table_out_of_bounds),
		T(zimage_size_out_of_bounds),
		T(zimage_with_an_address),
		T(linux_image),
		T(linux_text_offset),
		T(elf_for_another_board),
		T(elf_vmlinux),
		T(uimage_of_linux),
		T(elf),
		T(elf_thumb_entry),
		T(elf_other_architecture),
		T(elf_truncated),
		T(elf_wild_numbers),
		T(elf_overlapping),
		T(elf_entry_nowhere),
		T(elf_outside_ram),
		T(freebsd),
		T(tells_freebsd),
		T(freebsd_symbols),
		T(freebsd_damaged_symbols),
		T(freebsd_too_large),
		T(freebsd_linked_elsewhere),
		T(raw),
		T(raw_freebsd),
		T(raw_base_without_raw),
		T(no_programs),
		T(no_firmware),
		T(elf_in_flash),
		T(elf_physical_entry),
		T(elf_user_program),
		T(uimage_noload),
		T(raw_elsewhere),
		T(too_short),
		T(not_kernels),
		T(gzipped),
		T(gzip_damaged),
		T(uimage_raw),
		T(uimage_of_zimage),
		T(uimage_gzip),
		T(uimage_refused),
		T(uinitrd),
		T(placing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
