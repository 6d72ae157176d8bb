/* SPDX-License-Identifier: BSD-2-Clause */
/* The firmware in flash. */
#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/boot/bootrom.h"
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/dev/flash_cfi.h"
#include "bhyve/machine/machine.h"
#include "bhyve/boot/loader.h"

#define HEADER_LEN 0x40
#define HEAD_LEN   0x8800
/*
 * EDK2's firmware volumes (PI specification, vol. 3): the signature, before
 * which 16 bytes are reserved for the reset vector.
 */
#define FV_SIGNATURE 0x28

/* The two parts of bootrom=ROM,VARS; NULL if not given. */
struct files {
	char *rom, *vars;
};

static const struct files *files(void)
{
	static struct files parts;
	const char *text = get_config_value("bootrom");
	const char *vars = get_config_value("bootvars");
	char *comma;

	if (parts.rom || !text)
		return &parts;
	if (!*text || (!strcmp(text, "true") && access(text, F_OK)))
		die("-o bootrom wants a file: -o bootrom=FILE");
	parts.rom = strdup(text);
	if (!parts.rom)
		die("out of memory");
	comma = strchr(parts.rom, ',');
	if (comma) {
		*comma = '\0';
		parts.vars = comma + 1;
	} else if (vars) {
		parts.vars = strdup(vars);
	}
	return &parts;
}

const char *bootrom_path(void)
{
	return files()->rom;
}

static bool is_elf(const Elf32_Ehdr *eh)
{
	return !memcmp(eh->e_ident, ELFMAG, SELFMAG);
}

bool bootrom_is_elf(void)
{
	FILE *fp = files()->rom ? fopen(files()->rom, "re") : NULL;
	Elf32_Ehdr eh = { 0 };
	bool elf;

	if (!fp)
		return false;
	elf = fread(&eh, sizeof(eh), 1, fp) == 1 && is_elf(&eh);
	fclose(fp);
	return elf;
}

/* Whether the first instruction is an A64 branch. */
static bool is_a64_branch(const uint8_t *header)
{
	return get_le32(header) >> 26 == 0x05;
}

/* What is no firmware by a header that looks like one's. */
static const char *find_fault(const uint8_t *h)
{
	if (h[0] == 0x1f && h[1] == 0x8b)
		return "compressed with gzip: unpack it first";
	if (get_le32(h + 0x24) == 0x016f2818)
		return "a Linux kernel: give it as kernel=";
	if (!memcmp(h + FV_SIGNATURE, "_FVH", 4) && !get_le32(h))
		return "a firmware volume that no 32-bit ARM CPU can start"
		       " from: variables (give them behind the firmware:"
		       " bootrom=ROM,VARS), or built for another architecture";
	return NULL;
}

static const char *find_late_fault(const uint8_t *h, size_t len)
{
	if (len < HEADER_LEN)
		return "too short for a firmware";
	if (is_a64_branch(h))
		return "a firmware for AArch64: take one built for 32-bit ARM"
		       " (u-boot-qemu's qemu_arm, qemu-efi-arm's"
		       " AAVMF32_CODE.fd)";
	return NULL;
}

/* @head has HEAD_LEN bytes, of which @len are the file's. */
static void check_head(const char *path, uint8_t *head, size_t len)
{
	const struct image img = { .path = path, .data = head, .len = len };
	const char *fault = find_fault(head), *what, *mend;

	if (!fault && find_no_firmware(&img, &what, &mend))
		die("bootrom: %s is %s: %s", path, what, mend);
	if (!fault)
		fault = find_late_fault(head, len);
	if (fault)
		die("bootrom: %s is %s", path, fault);
}

static void check_rom(const char *path)
{
	static uint8_t head[HEAD_LEN];
	struct stat st;
	FILE *fp = fopen(path, "re");
	size_t n;

	if (!fp)
		die("bootrom: %s: %s", path, strerror(errno));
	if (fstat(fileno(fp), &st) || !S_ISREG(st.st_mode))
		die("bootrom: %s: not a regular file", path);
	n = fread(head, 1, sizeof(head), fp);
	fclose(fp);
	check_head(path, head, n);
}

/* Whether @path is a 32-bit ELF file with a segment in @flash. */
static bool is_linked_into(const struct machine_range *flash, const char *path)
{
	FILE *fp = fopen(path, "re");
	bool found = false;
	Elf32_Ehdr eh;
	Elf32_Phdr ph;

	if (!fp)
		return false;
	if (fread(&eh, sizeof(eh), 1, fp) == 1 && is_elf(&eh) &&
	    eh.e_ident[EI_CLASS] == ELFCLASS32 &&
	    !fseek(fp, eh.e_phoff, SEEK_SET))
		while (!found && eh.e_phnum-- && fread(&ph, sizeof(ph), 1, fp))
			found = ph.p_type == PT_LOAD && ph.p_filesz &&
				ph.p_paddr - flash->base < flash->size;
	fclose(fp);
	return found;
}

/* RAM that was moved to the flash's address takes its place. */
static bool is_kernel_for_flash(const struct machine *machine)
{
	const struct machine_range *flash = &machine->map[MACHINE_FLASH0];
	const char *kernel = get_config_value("kernel");

	return kernel &&
	       machine->map[MACHINE_RAM].base >= flash->base + flash->size &&
	       is_linked_into(flash, kernel);
}

static bool is_for_the_loader;

int bootrom_init(struct vmctx *ctx, const struct machine *machine)
{
	const struct files *f = files();

	is_for_the_loader = f->rom ? bootrom_is_elf() :
				     is_kernel_for_flash(machine);
	if (!f->rom && !is_for_the_loader)
		return 0;
	if (!is_for_the_loader)
		check_rom(f->rom);
	return flash_init(ctx, machine, is_for_the_loader ? NULL : f->rom,
			  f->vars);
}

uint8_t *bootrom_memory(void)
{
	return is_for_the_loader ? flash_code() : NULL;
}
