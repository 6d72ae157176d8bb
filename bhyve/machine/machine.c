/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of the machine. */
#include "bhyve/machine/machine.h"

/*
 * Addresses and SPIs are those of QEMU's "virt" (hw/arm/virt.c). bvmcons has
 * the address of FreeBSD's bvm_console for ARM, which is inside the PCI memory
 * window, so the window leaves it out.
 */
const struct machine virt_machine = {
	.name = "virt",
	.map = {
		[MACHINE_FLASH0] = { 0x00000000, 0x04000000 },
		[MACHINE_FLASH1] = { 0x04000000, 0x04000000 },
		[MACHINE_GICD] = { 0x08000000, 0x00010000 },
		[MACHINE_GICC] = { 0x08010000, 0x00010000 },
		[MACHINE_V2M] = { 0x08020000, 0x00001000 },
		[MACHINE_UART] = { 0x09000000, 0x00001000 },
		[MACHINE_RTC] = { 0x09010000, 0x00001000 },
		[MACHINE_FW_CFG] = { 0x09020000, 0x00000018 },
		[MACHINE_GPIO] = { 0x09030000, 0x00001000 },
		[MACHINE_VIRTIO_MMIO] = { 0x0a000000,
			MACHINE_NVIRTIO * MACHINE_VIRTIO_STRIDE },
		[MACHINE_PCI_MMIO] = { 0x10000000, 0x2eff0000 },
		[MACHINE_BVMCONS] = { 0x1c090000, 0x00001000 },
		[MACHINE_PCI_PIO] = { 0x3eff0000, 0x00010000 },
		[MACHINE_PCI_ECAM] = { 0x3f000000, 0x01000000 },
		/*
		 * The largest RAM for which a 32-bit process of the host has
		 * room.
		 */
		[MACHINE_RAM] = { 0x40000000, 0x80000000 },
	},
	.uart_irq = SPI(1),
	.rtc_irq = SPI(2),
	.pci_intx_irq = SPI(3),
	.gpio_irq = SPI(7),
	.virtio_mmio_irq = SPI(16),
	.msi_irq = SPI(48),
	.nmsi = 64,
	.nirqs = 288,
};
