/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads the configured kernel or firmware, and prepares vCPU 0 to enter it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyve/arch.h"
#include "bhyve/boot/boot.h"
#include "bhyve/boot/bootrom.h"
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/machine/fdt.h"
#include "bhyve/boot/freebsd.h"
#include "bhyve/dev/fwcfg.h"
#include "bhyve/boot/fwcfg_files.h"
#include "bhyve/boot/loader.h"
#include "bhyve/machine/machine.h"
#include "lib/vmmapi.h"

#define PAGE UINT64_C(0x1000)
/*
 * Linux reaches the initrd and the device tree only in lowmem, which may end
 * not far above this, depending on how the kernel splits its address space.
 */
#define LOWMEM (UINT64_C(512) << 20)

struct booting {
	struct loader loader;
	struct image rom, kernel, initrd, dtb;
	struct boot boot;
	struct fdt_params fdt;
};

static void check(const struct booting *b, int ret)
{
	if (ret)
		die("%s", b->loader.error);
}

/* The file that a key names; "-o kernel" without a value means kernel=true. */
static const char *path_of(const char *key)
{
	const char *path = get_config_value(key);

	if (path && (!*path || (!strcmp(path, "true") && access(path, F_OK))))
		die("-o %s wants a file: -o %s=FILE", key, key);
	return path;
}

static void load_kernel(struct booting *b)
{
	const char *path = path_of("kernel");

	if (!path)
		die("nothing to boot: give -o kernel=FILE, or a firmware with"
		    " -o bootrom=FILE");
	check(b, image_read(&b->loader, path, &b->kernel));
	check(b, load_image(&b->loader, &b->kernel, &b->boot));
}

static void load_initrd(struct booting *b)
{
	const char *path = path_of("initrd");
	struct image *img = &b->initrd, disk;
	uint64_t gpa;

	if (!path)
		return;
	check(b, image_read(&b->loader, path, img));
	check(b, uimage_ramdisk(&b->loader, img, &disk));
	if (!disk.len)
		die("%s: an empty file: give an initrd or none", path);
	check(b, loader_place(&b->loader, "initrd", disk.len, PAGE,
			      b->loader.ram_base + LOWMEM, &gpa));
	memcpy(vm_map_gpa(b->loader.ctx, gpa, disk.len), disk.data, disk.len);
	b->fdt.initrd_gpa = gpa;
	b->fdt.initrd_len = disk.len;
	image_free(img);
}

/* Gives a file to the firmware by fw_cfg, which keeps its data. */
static void give_file(struct booting *b, const char *key, struct image *img,
		      uint16_t size_item, uint16_t data_item)
{
	const char *path = path_of(key);

	if (!path)
		return;
	check(b, image_read(&b->loader, path, img));
	fwcfg_add_number(size_item, img->len, 4);
	fwcfg_add_item(data_item, img->data, img->len);
}

static void give_command_line(const char *text)
{
	if (!text)
		return;
	fwcfg_add_number(FWCFG_CMDLINE_SIZE, strlen(text) + 1, 4);
	fwcfg_add_item(FWCFG_CMDLINE_DATA, text, strlen(text) + 1);
}

/*
 * QEMU's firmwares expect the device tree at the start of RAM, and the kernel
 * to boot in fw_cfg. The tree is 1 MiB there, and so is GRUB's copy of it,
 * which then lies between Linux's zImage and the initrd. Without this distance
 * the zImage's decompressor, whose heap is behind its image, would overwrite
 * the initrd ("invalid magic at start of compressed archive").
 */
static void start_firmware(struct booting *b, const struct machine *machine)
{
	if (bootrom_is_elf()) {
		check(b, image_read(&b->loader, bootrom_path(), &b->rom));
		check(b, load_image(&b->loader, &b->rom, &b->boot));
		image_free(&b->rom);
	} else {
		b->boot.format = "firmware";
		b->boot.entry = machine->map[MACHINE_FLASH0].base;
	}
	b->boot.dtb_gpa = machine->map[MACHINE_RAM].base;
	b->fdt.room = true;
	give_file(b, "kernel", &b->kernel, FWCFG_KERNEL_SIZE,
		  FWCFG_KERNEL_DATA);
	give_file(b, "initrd", &b->initrd, FWCFG_INITRD_SIZE,
		  FWCFG_INITRD_DATA);
	give_command_line(b->fdt.bootargs);
}

/* The items of fw_cfg that describe the machine. */
static void describe_machine(unsigned int ncpus, uint64_t ram_size)
{
	fwcfg_add_number(FWCFG_RAM_SIZE, ram_size, 8);
	fwcfg_add_number(FWCFG_NOGRAPHIC, 1, 2);
	fwcfg_add_number(FWCFG_NB_CPUS, ncpus, 2);
	fwcfg_add_number(FWCFG_MAX_CPUS, ncpus, 2);
	fwcfg_add_files();
}

/* A multiple of 4, because the boot protocol does not enter Thumb code. */
static void read_raw_base(struct loader *l)
{
	if (get_config_u64("raw.base", &l->raw_base) == -EINVAL ||
	    (l->raw_base != LOADER_NO_BASE && l->raw_base % 4))
		die("raw.base=%s: give an address, a multiple of 4",
		    get_config_value("raw.base"));
}

static void start_kernel(struct booting *b)
{
	read_raw_base(&b->loader);
	freebsd_options(&b->loader);
	load_kernel(b);
	load_initrd(b);
}

static void place_dtb(struct booting *b, uint64_t len)
{
	struct loader *l = &b->loader;

	if (b->boot.dtb_gpa)
		check(b, loader_reserve(l, "device tree", b->boot.dtb_gpa,
					LOADER_DTB_LEN));
	else if (b->boot.dtb_at_start &&
		 !loader_reserve(l, "device tree", l->ram_base, len))
		b->boot.dtb_gpa = l->ram_base;
	else
		check(b, loader_place(l, "device tree", LOADER_DTB_LEN,
				      LOADER_DTB_LEN, l->ram_base + LOWMEM,
				      &b->boot.dtb_gpa));
}

#define FDT_MAGIC      0xd00dfeedu
#define FDT_HEADER_LEN 40

static void check_dtb(const char *path, const struct image *img)
{
	if (img->len < FDT_HEADER_LEN || get_be32(img->data) != FDT_MAGIC)
		die("%s: not a device tree: compile it with dtc", path);
	if (get_be32(img->data + 4) > img->len)
		die("%s: a device tree cut short, %zu of %u bytes: fetch the"
		    " file again",
		    path, img->len, get_be32(img->data + 4));
}

/*
 * The tree of dtb=, else the one that the kernel brought along, else a
 * generated one.
 */
static int make_dtb(struct booting *b, void *buf)
{
	const char *path = path_of("dtb");

	if (path) {
		check(b, image_read(&b->loader, path, &b->dtb));
		check_dtb(path, &b->dtb);
		return fdt_adapt(buf, LOADER_DTB_LEN, b->dtb.data, b->dtb.len,
				 &b->fdt);
	}
	if (b->boot.dtb_len)
		return fdt_adapt(buf, LOADER_DTB_LEN,
				 b->boot.image->data + b->boot.dtb_offset,
				 b->boot.dtb_len, &b->fdt);
	return fdt_build(buf, LOADER_DTB_LEN, &b->fdt);
}

static const char *dtb_source(const struct booting *b)
{
	const char *path = get_config_value("dtb");

	if (path)
		return path;
	return b->boot.dtb_len ? "the kernel's appended device tree" :
				 "the generated device tree";
}

/*
 * The tree is made aside and copied, so that it never depends on guest memory.
 */
static void load_dtb(struct booting *b)
{
	static uint64_t buf[LOADER_DTB_LEN / sizeof(uint64_t)];
	int len = make_dtb(b, buf);

	if (len < 0)
		die("%s: %s", dtb_source(b),
		    len == -ENOSPC ? "larger than 1 MiB" :
				     "a damaged device tree: make it anew with"
				     " dtc");
	if (get_config_value("dtb") && !fdt_has_uart(buf, b->fdt.machine))
		eprintln("%s: it has no arm,pl011 at 0x%" PRIx64 ", this"
			 " machine's serial port: a guest may say nothing",
			 dtb_source(b), b->fdt.machine->map[MACHINE_UART].base);
	place_dtb(b, len);
	memcpy(vm_map_gpa(b->loader.ctx, b->boot.dtb_gpa, len), buf, len);
	image_free(&b->dtb);
}

/* Copies of what the guest found at its start: no file can be read later. */
static struct {
	struct load_range range[LOADER_MAXRANGES];
	void *data[LOADER_MAXRANGES];
	unsigned int n;
	uint64_t entry, r0, dtb_gpa;
} start;

static void keep_range(struct vmctx *ctx, const struct load_range *r)
{
	void *data = malloc(r->len);

	if (!data)
		die("out of memory: restart_on_reboot keeps a copy of the %s",
		    r->what);
	memcpy(data, vm_map_gpa(ctx, r->gpa, r->len), r->len);
	start.range[start.n] = *r;
	start.data[start.n++] = data;
}

/* A guest cannot change what is in flash. */
static bool is_kept(const struct loader *l, const struct load_range *r)
{
	return r->len && !loader_in_flash(l, r->gpa, r->len);
}

static void keep_start(const struct booting *b)
{
	start.entry = b->boot.entry;
	start.r0 = b->boot.r0;
	start.dtb_gpa = b->boot.dtb_gpa;
	if (!get_config_bool_default("restart_on_reboot", false))
		return;
	for (unsigned int i = 0; i < b->loader.nranges; i++)
		if (is_kept(&b->loader, &b->loader.ranges[i]))
			keep_range(b->loader.ctx, &b->loader.ranges[i]);
}

static int set_boot_state(struct vmctx *ctx)
{
	return arch_set_boot_state(vm_get_vcpu(ctx, 0), start.entry, start.r0,
				   start.dtb_gpa);
}

int boot_again(struct vmctx *ctx)
{
	for (unsigned int i = 0; i < start.n; i++)
		memcpy(vm_map_gpa(ctx, start.range[i].gpa, start.range[i].len),
		       start.data[i], start.range[i].len);
	return set_boot_state(ctx);
}

static char description[256];

const char *boot_description(void)
{
	return description;
}

static void describe_start(const struct booting *b)
{
	snprintf(description, sizeof(description),
		 "%s was taken for %s %s and entered at 0x%08" PRIx64 "%s",
		 bootrom_path() ? bootrom_path() : b->kernel.path,
		 b->boot.format[0] == 'E' ? "an" : "a", b->boot.format,
		 b->boot.entry,
		 strcmp(b->boot.format, "raw binary") ?
			 "" :
			 " (raw.base=ADDRESS puts it elsewhere)");
}

/* Linux's COMMAND_LINE_SIZE; it cuts off a longer line silently. */
#define BOOTARGS_MAX 1023

static const char *boot_arguments(void)
{
	const char *text = get_config_value("fdt.bootargs");

	if (text && strlen(text) > BOOTARGS_MAX)
		die("fdt.bootargs: %zu characters, and a guest takes %d: give"
		    " fewer",
		    strlen(text), BOOTARGS_MAX);
	return text;
}

/* They were used when the guest was started, and are not needed any more. */
static void ignore_boot_keys(void)
{
	static const char *const keys[] = {
		"kernel", "initrd",   "dtb",	    "fdt.bootargs",
		"uuid",	  "raw.base", "fbsd.howto", "boot.watch",
	};
	struct config_node *kenv = find_config_node("fbsd.kenv");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		get_config_value(keys[i]);
	if (kenv)
		mark_config_read(kenv);
}

void boot_restored(unsigned int ncpus, uint64_t ram_size)
{
	static struct booting b; /* fw_cfg keeps its images */

	if (get_config_bool_default("restart_on_reboot", false))
		die("-r, -R: restart_on_reboot needs the files that the guest was"
		    " started with: leave it out");
	describe_machine(ncpus, ram_size);
	ignore_boot_keys();
	if (!bootrom_path())
		return;
	give_file(&b, "kernel", &b.kernel, FWCFG_KERNEL_SIZE,
		  FWCFG_KERNEL_DATA);
	give_file(&b, "initrd", &b.initrd, FWCFG_INITRD_SIZE,
		  FWCFG_INITRD_DATA);
	give_command_line(boot_arguments());
}

void boot_guest(struct vmctx *ctx, const struct machine *machine,
		unsigned int ncpus, uint64_t ram_size)
{
	struct vcpu *bsp = vm_get_vcpu(ctx, 0);
	struct booting b = {
		.loader = {
			.ctx = ctx,
			.ram_base = machine->map[MACHINE_RAM].base,
			.ram_size = ram_size,
			.raw_base = LOADER_NO_BASE,
			.flash = bootrom_memory(),
			.flash_base = machine->map[MACHINE_FLASH0].base,
			.flash_size = bootrom_memory() ?
				machine->map[MACHINE_FLASH0].size : 0,
		},
		.fdt = {
			.machine = machine,
			.ncpus = ncpus,
			.cpu_compatible = arch_cpu_compatible(bsp),
			.timer_hz = arch_timer_hz(bsp),
			.ram_size = ram_size,
			.bootargs = boot_arguments(),
			.uuid = get_config_value("uuid"),
		},
	};
	int ret;

	describe_machine(ncpus, ram_size);
	if (bootrom_path())
		start_firmware(&b, machine);
	else
		start_kernel(&b);
	load_dtb(&b);
	if (!bootrom_path())
		image_free(&b.kernel);
	describe_start(&b);
	keep_start(&b);
	ret = set_boot_state(ctx);
	if (ret)
		die("vCPU 0 refuses its registers: %s", strerror(-ret));
}
