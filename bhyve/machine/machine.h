/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine: addresses and interrupts, in one table. It has the memory map of
 * QEMU's "virt", so that guests ported to that run here; see docs/machine.md.
 */
#ifndef BHYVE_MACHINE_H
#define BHYVE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* GIC interrupt ids: SPI n is INTID 32 + n, PPI n is INTID 16 + n. */
#define SPI(n) (32u + (n))
#define PPI(n) (16u + (n))

struct machine_range {
	uint64_t base;
	uint64_t size;
};

enum machine_region {
	MACHINE_FLASH0,
	MACHINE_FLASH1,
	MACHINE_GICD,
	MACHINE_GICC,
	MACHINE_V2M,
	MACHINE_UART,
	MACHINE_RTC,
	MACHINE_FW_CFG,
	MACHINE_GPIO,
	MACHINE_VIRTIO_MMIO, /* MACHINE_NVIRTIO slots of 0x200 bytes */
	MACHINE_PCI_MMIO,
	MACHINE_BVMCONS, /* inside PCI_MMIO, which leaves it out */
	MACHINE_PCI_PIO,
	MACHINE_PCI_ECAM,
	MACHINE_RAM, /* its size is the largest there can be */
	MACHINE_NREGIONS
};

#define MACHINE_NVIRTIO	      32
#define MACHINE_VIRTIO_STRIDE 0x200

struct machine {
	const char *name;
	struct machine_range map[MACHINE_NREGIONS];
	uint32_t uart_irq; /* INTIDs */
	uint32_t rtc_irq;
	uint32_t gpio_irq;
	uint32_t pci_intx_irq;	  /* the first of four INTIDs */
	uint32_t virtio_mmio_irq; /* the first of MACHINE_NVIRTIO INTIDs */
	uint32_t msi_irq;	  /* the first of nmsi INTIDs, edge-triggered */
	uint32_t nmsi;
	uint32_t nirqs; /* number of INTIDs */
};

extern const struct machine virt_machine;

/*
 * A zImage rounds its own address down to a multiple of this to find the start
 * of RAM.
 */
#define MACHINE_RAM_ALIGN UINT64_C(0x8000000)

/*
 * virt_machine with the configuration's changes (machine.ram.base), for
 * @ram_size bytes of RAM, with or without flash. On an error prints it and
 * exits.
 */
const struct machine *machine_configured(uint64_t ram_size, bool flash);

#endif /* BHYVE_MACHINE_H */
