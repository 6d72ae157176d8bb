/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every word of the GICv2's distributor and CPU interface: its value at reset,
 * after writing all ones, and after writing zero. For comparison with QEMU,
 * like regs.c. No interrupt is enabled meanwhile.
 */
#include "gic.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

struct found {
	uint32_t is, ones, zeros;
};

static bool same(const struct found *a, const struct found *b)
{
	return a->is == b->is && a->ones == b->ones && a->zeros == b->zeros;
}

/*
 * Writes that have an effect: other programs test SGIs, and EOI and DIR need an
 * order.
 */
static bool is_delicate(uint32_t base, uint32_t offset)
{
	if (base == GICD_BASE)
		return offset == GICD_SGIR;
	return offset == GICC_EOIR || offset == GICC_DIR;
}

static struct found look(uint32_t base, uint32_t offset)
{
	struct found found = { .is = read32(base + offset) };

	if (is_delicate(base, offset))
		return found;
	write32(base + offset, ~0u);
	found.ones = read32(base + offset);
	write32(base + offset, 0);
	found.zeros = read32(base + offset);
	return found;
}

static void print_found(const char *name, uint32_t from, uint32_t to,
			const struct found *found)
{
	if (!found->is && !found->ones && !found->zeros)
		return;
	print("%s %x", name, from);
	if (to != from)
		print(" to %x", to);
	print(" is %x ones %x zeros %x\n", found->is, found->ones,
	      found->zeros);
}

/* Adjacent words that behave the same share a line. */
static void all_of(const char *name, uint32_t base, uint32_t from, uint32_t end)
{
	struct found found = look(base, from), next;
	uint32_t first = from, offset;

	for (offset = from + 4; offset < end; offset += 4) {
		next = look(base, offset);
		if (same(&found, &next))
			continue;
		print_found(name, first, offset - 4, &found);
		first = offset;
		found = next;
	}
	print_found(name, first, offset - 4, &found);
}

/* One SPI byte by byte: these two registers have byte accesses. */
static void bytes(const char *name, uint32_t offset)
{
	uint32_t n;

	for (n = 0; n < 4; n++)
		write8(GICD_BASE + offset + n, (uint8_t)(0x55 + 0x33 * n));
	print("%s bytes %x %x %x %x word %x\n", name, read8(GICD_BASE + offset),
	      read8(GICD_BASE + offset + 1), read8(GICD_BASE + offset + 2),
	      read8(GICD_BASE + offset + 3), gicd_read(offset));
}

int main(void)
{
	uint32_t intid;

	/*
	 * Not the values at reset: QEMU drops a pending interrupt without a
	 * target.
	 */
	for (intid = 32; intid < 288; intid++)
		gic_set_targets(intid, 1);
	all_of("gicd", GICD_BASE, 0x004, 0x1000);
	bytes("priority", GICD_IPRIORITYR + 64);
	bytes("target", GICD_ITARGETSR + 64);
	/* Last, because pending interrupts would move while it is on. */
	all_of("gicd", GICD_BASE, GICD_CTLR, 4);
	all_of("gicc", GICC_BASE, 0, 0x100);
	return 0;
}
