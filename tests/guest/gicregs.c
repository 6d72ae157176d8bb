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
#include "words.h"

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

static struct word look(uint32_t base, uint32_t offset)
{
	struct word word = { .is = read32(base + offset) };

	if (is_delicate(base, offset))
		return word;
	write32(base + offset, ~0u);
	word.ones = read32(base + offset);
	write32(base + offset, 0);
	word.zeros = read32(base + offset);
	return word;
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
	print_words("gicd", look, GICD_BASE, 0x004, 0x1000);
	bytes("priority", GICD_IPRIORITYR + 64);
	bytes("target", GICD_ITARGETSR + 64);
	/* Last, because pending interrupts would move while it is on. */
	print_words("gicd", look, GICD_BASE, GICD_CTLR, 4);
	print_words("gicc", look, GICC_BASE, 0, 0x100);
	return 0;
}
