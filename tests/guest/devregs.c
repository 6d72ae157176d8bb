/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every word of the platform devices, as gicregs.c does it for the interrupt
 * controller. Each register gets its value back, since the console is one of them.
 */
#include "exception.h"
#include "io.h"
#include "pl011.h"
#include "print.h"
#include "test.h"
#include "words.h"

#define PL031_BASE  0x09010000u
#define FWCFG_BASE  0x09020000u
#define PL061_BASE  0x09030000u
#define VIRTIO_BASE 0x0a000000u
#define VIRTIO_SLOT 0x200u
#define VIRTIO_END  (32 * VIRTIO_SLOT)

/* DDI 0183, DDI 0224 */
#define UARTDR	0x00
#define UARTFR	0x18
#define UARTRIS 0x3c
#define UARTMIS 0x40
#define RTCDR	0x00
#define RTCMR	0x04
#define RTCLR	0x08

static struct word try_all(uint32_t addr)
{
	struct word word = { .is = read32(addr) };

	write32(addr, ~0u);
	word.ones = read32(addr);
	write32(addr, 0);
	word.zeros = read32(addr);
	write32(addr, word.is);
	return word;
}

/* What the FIFOs hold, and the interrupts for it, are not for comparison. */
static struct word look_uart(uint32_t base, uint32_t offset)
{
	if (offset == UARTDR || offset == UARTFR || offset == UARTRIS ||
	    offset == UARTMIS)
		return (struct word){ 0 };
	return try_all(base + offset);
}

/* Neither is the time; an alarm would come with the next second. */
static struct word look_clock(uint32_t base, uint32_t offset)
{
	if (offset == RTCDR)
		return (struct word){ 0 };
	if (offset == RTCMR || offset == RTCLR)
		return (struct word){ .is = read32(base + offset) };
	return try_all(base + offset);
}

static struct word look_any(uint32_t base, uint32_t offset)
{
	return try_all(base + offset);
}

static struct word look_only(uint32_t base, uint32_t offset)
{
	return (struct word){ .is = read32(base + offset) };
}

/* The slots differ in nothing but their addresses. */
static void virtio(void)
{
	uint32_t offset;

	print_words("virtio slot 0", look_only, VIRTIO_BASE, 0, VIRTIO_SLOT);
	for (offset = VIRTIO_SLOT; offset < VIRTIO_END; offset += 4) {
		uint32_t first = offset % VIRTIO_SLOT;

		if (read32(VIRTIO_BASE + offset) != read32(VIRTIO_BASE + first))
			print("virtio %x is not like slot 0\n", offset);
	}
}

/* Writes the selector, and reads bytes of the item. */
static void fw_cfg(uint16_t key)
{
	uint32_t n;

	write16(FWCFG_BASE + 8, (uint16_t)(key >> 8 | key << 8));
	print("fw_cfg %x:", key);
	for (n = 0; n < 4; n++)
		print(" %x", read8(FWCFG_BASE));
	print("\n");
}

static void flash(const char *name, uint32_t base)
{
	static uint32_t word;
	struct trap trap;

	if (TRAP(&trap, word = read32(base)) == VECTOR_NONE)
		print("%s reads as %x\n", name, word);
	else
		print("%s aborts\n", name);
}

int main(void)
{
	print_words("pl011", look_uart, PL011_BASE, 0, 0x1000);
	print_words("pl031", look_clock, PL031_BASE, 0, 0x1000);
	print_words("pl061", look_any, PL061_BASE, 0, 0x1000);
	virtio();
	fw_cfg(0x0000);
	fw_cfg(0x0001);
	fw_cfg(0x0005);
	flash("flash 0", 0);
	flash("flash 1", 0x04000000u);
	return 0;
}
