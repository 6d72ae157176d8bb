/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state in which FreeBSD/armv7 is entered, read as FreeBSD reads it: by
 * Linux's boot ABI (kernel.bin, with -o fdt.bootargs=FreeBSD:-v) and by its own
 * loader's (ELF, with -o fbsd.howto=-vs -o fbsd.kenv.hello=world).
 */
#include <stddef.h>
#include "print.h"
#include "sysreg.h"
#include "test.h"

#define MIB	    0x100000u
#define KERNEL_VA   0xc0000000u
#define REACH	    (64 * MIB) /* what its first page tables map */
#define PAGE_MASK   0xfffu
#define SCTLR_OFF   (SCTLR_M | SCTLR_C)
#define CPSR_MASKED (CPSR_A | CPSR_I | CPSR_F)
#define MODE_SVC    0x13u

/* FreeBSD: sys/linker.h, arm/include/metadata.h, sys/reboot.h */
enum {
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
#define RB_SINGLE  0x2u
#define RB_VERBOSE 0x800u

/* freebsd_start.S */
struct entry_state {
	uint32_t r0, r1, r2, base, cpsr, sctlr, elf;
};
extern const struct entry_state entry_state;
extern char image_end[], freebsd_elf_entry[];

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static bool starts(const char *text, const char *with)
{
	while (*with && *text == *with)
		text++, with++;
	return !*with;
}

/* The device tree (Devicetree Specification 0.3, chapter 5). */
#define FDT_MAGIC 0xd00dfeedu
enum {
	FDT_BEGIN_NODE = 1,
	FDT_END_NODE,
	FDT_PROP,
	FDT_NOP,
	FDT_END = 9
};

static uint32_t be32(const void *p)
{
	const uint8_t *b = p;

	return (uint32_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
}

static uint32_t words(uint32_t bytes)
{
	return (bytes + 3) & ~3u;
}

static uint32_t length(const char *s)
{
	uint32_t n = 0;

	while (s[n])
		n++;
	return n;
}

/*
 * A property of the root, or of a node below it; "name@" finds a node with any
 * unit address.
 */
static const void *property(const char *fdt, const char *node, const char *name,
			    uint32_t *len)
{
	const char *p = fdt + be32(fdt + 8), *strings = fdt + be32(fdt + 12);
	int depth = 0;
	bool inside = false;

	for (;;) {
		uint32_t token = be32(p);

		p += 4;
		if (token == FDT_BEGIN_NODE) {
			depth++;
			if (depth <= 2)
				inside = depth == 1 ? !*node :
						      *node && starts(p, node);
			p += words(length(p) + 1);
		} else if (token == FDT_END_NODE) {
			if (--depth <= 1)
				inside = false;
		} else if (token == FDT_PROP) {
			*len = be32(p);
			if (inside && depth == (*node ? 2 : 1) &&
			    same(strings + be32(p + 4), name))
				return p + 8;
			p += 8 + words(*len);
		} else if (token != FDT_NOP) {
			return NULL;
		}
	}
}

/* Whether the string list contains this string. */
static bool lists(const char *list, uint32_t len, const char *want)
{
	const char *end = list + len;

	while (list && list < end) {
		if (same(list, want))
			return true;
		list += length(list) + 1;
	}
	return false;
}

/* Without these FreeBSD hangs silently. */
static void tree(const char *fdt)
{
	const void *prop;
	uint32_t len = 0;

	prop = property(fdt, "", "compatible", &len);
	check("freebsd/dtb-platform", lists(prop, len, "linux,dummy-virt"));
	prop = property(fdt, "timer", "interrupts", &len);
	check("freebsd/dtb-timer-interrupts", prop && len >= 2 * 3 * 4);
	prop = property(fdt, "psci", "method", &len);
	check("freebsd/dtb-psci", lists(prop, len, "hvc"));
	prop = property(fdt, "memory@", "reg", &len);
	check("freebsd/dtb-memory",
	      prop && len == 16 &&
		      entry_state.base - be32((const char *)prop + 4) <
			      be32((const char *)prop + 12));
	prop = property(fdt, "chosen", "stdout-path", &len);
	check("freebsd/dtb-console", prop && starts(prop, "/pl011@9000000"));
}

static void linux_abi(void)
{
	const char *fdt = (const char *)entry_state.r2;
	uint32_t from_base = entry_state.r2 - entry_state.base, len = 0;
	uint32_t image = (uint32_t)image_end - KERNEL_VA;
	const char *args;

	check_eq("freebsd/linux-r0", entry_state.r0, 0);
	check_eq("freebsd/linux-r1", entry_state.r1, ~0u);
	check_eq("freebsd/linux-entry", entry_state.elf, 0);
	check_eq("freebsd/linux-dtb-aligned", entry_state.r2 & 7, 0);
	if (!check_eq("freebsd/linux-dtb", be32(fdt), FDT_MAGIC))
		return;
	check("freebsd/linux-dtb-clear-of-kernel",
	      from_base >= image && 0u - from_base >= be32(fdt + 4));
	check("freebsd/linux-dtb-in-reach",
	      from_base < REACH || 0u - from_base < REACH);
	args = property(fdt, "chosen", "bootargs", &len);
	check("freebsd/linux-bootargs", args && starts(args, "FreeBSD:-v"));
	tree(fdt);
}

/* FreeBSD's preload_search_info() */
static const void *record(uint32_t type, uint32_t *len)
{
	const uint32_t *p = (const uint32_t *)(entry_state.r0 & ~PAGE_MASK);

	while (p[0] || p[1]) {
		*len = p[1];
		if (p[0] == type)
			return p + 2;
		p += 2 + words(p[1]) / 4;
	}
	return NULL;
}

static uint32_t word(uint32_t type)
{
	uint32_t len = 0;
	const uint32_t *p = record(type, &len);

	return p && len == 4 ? *p : 0;
}

static bool text(uint32_t type, const char *want)
{
	uint32_t len = 0;
	const char *p = record(type, &len);

	return p && same(p, want) && len == length(want) + 1;
}

static bool in_map(uint32_t va)
{
	return va - KERNEL_VA < REACH;
}

/* FreeBSD's kern_getenv(): strings, with an empty one at the end. */
static const char *getenv(const char *name)
{
	const char *p = (const char *)word(MODINFOMD_ENVP);
	uint32_t n = length(name);

	for (; *p; p += length(p) + 1)
		if (starts(p, name) && p[n] == '=')
			return p + n + 1;
	return "";
}

struct elf_sym {
	uint32_t name, value, size, info;
};

/* FreeBSD's link_elf_preload_parse_symbols() */
static void symbols(void)
{
	const char *start = (const char *)word(MODINFOMD_SSYM);
	const char *end = (const char *)word(MODINFOMD_ESYM);
	uint32_t table_len = *(const uint32_t *)start;
	const struct elf_sym *sym = (const void *)(start + 4);
	const char *strings = start + 4 + words(table_len);
	uint32_t strings_len = *(const uint32_t *)strings;
	uint32_t n = table_len / sizeof(*sym), value = 0;

	strings += 4;
	check("freebsd/symbols-fit",
	      strings + words(strings_len) <= end && strings > start);
	while (n--)
		if (same(strings + sym[n].name, "freebsd_elf_entry"))
			value = sym[n].value;
	check_eq("freebsd/symbols-name", value, (uint32_t)freebsd_elf_entry);
}

static void loader_abi(void)
{
	const char *fdt = (const char *)word(MODINFOMD_DTBP);
	uint32_t end = word(MODINFOMD_KERNEND);

	check_eq("freebsd/loader-entry", entry_state.elf, 1);
	check_eq("freebsd/loader-list-aligned", entry_state.r0 & PAGE_MASK, 0);
	if (!check("freebsd/loader-list-in-map", in_map(entry_state.r0)))
		return;
	check("freebsd/loader-name", text(MODINFO_NAME, "kernel"));
	check("freebsd/loader-type", text(MODINFO_TYPE, "elf kernel"));
	check_eq("freebsd/loader-addr", word(MODINFO_ADDR), KERNEL_VA);
	check("freebsd/loader-size",
	      word(MODINFO_SIZE) >= (uint32_t)image_end - KERNEL_VA);
	check_eq("freebsd/loader-howto", word(MODINFOMD_HOWTO),
		 RB_VERBOSE | RB_SINGLE);
	check("freebsd/loader-kenv", same(getenv("hello"), "world"));
	symbols();
	check("freebsd/loader-end",
	      in_map(end) && !(end & PAGE_MASK) && end > entry_state.r0 &&
		      end > word(MODINFOMD_ENVP) && end > word(MODINFOMD_ESYM));
	if (!check("freebsd/loader-dtb",
		   in_map((uint32_t)fdt) && be32(fdt) == FDT_MAGIC))
		return;
	check("freebsd/loader-dtb-before-end",
	      (uint32_t)fdt + be32(fdt + 4) <= end);
	tree(fdt);
}

int main(void)
{
	check_eq("freebsd/mode", entry_state.cpsr & (CPSR_MODE | CPSR_T),
		 MODE_SVC);
	check_eq("freebsd/masked", entry_state.cpsr & CPSR_MASKED, CPSR_MASKED);
	check_eq("freebsd/mmu-and-caches", entry_state.sctlr & SCTLR_OFF, 0);
	check_eq("freebsd/boundary", entry_state.base & (MIB - 1), 0);
	if (entry_state.r0)
		loader_abi();
	else
		linux_abi();
	return 0;
}
