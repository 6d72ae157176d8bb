/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests of devices: the machine around them, with the real bus and
 * configuration, and a driver's access to a device by either transport.
 */
#ifndef TESTS_UNIT_VIRTIO_MACHINE_H
#define TESTS_UNIT_VIRTIO_MACHINE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/unit/virtio_driver.h"

#define ECAM	       0x3f000000ull
#define MMIO_SLOT(n)   (0x0a000000ull + 0x200 * (n))
#define PORTS	       0x3eff0000ull
#define CFG(slot, reg) (ECAM + ((uint64_t)(slot) << 15) + (reg))

/* What devices have told vmm.ko. */
extern bool irq_level[256];	     /* by INTID */
extern unsigned int irq_raised[256]; /* how often the line has risen */
extern unsigned int msi_count;
extern uint64_t msi_data; /* of the last message */

/*
 * The number of stores that vmm.ko takes as signals to eventfds (0: it has
 * forgotten them), and how many it has taken.
 */
extern unsigned int ioeventfds, kicks;

/* The eventfds whose signals vmm.ko takes for interrupts, and for which (0: none). */
extern unsigned int irqfds;
uint32_t irqfd_intid(int fd);

/* The last message of eprintln() or die(). */
extern char last_message[512];

/* Runs a statement; true if it ended in die(). */
extern jmp_buf die_jump;
extern bool die_armed;
#define DIES(statement)                                                    \
	(die_armed = true, setjmp(die_jump) == 0 ?                         \
				   (statement, die_armed = false, false) : \
				   (die_armed = false, true))

/*
 * Call what waits for any descriptor or timer, until nothing more happens; or
 * only what waits for one of them.
 */
void machine_events(void);
void machine_event(int fd);
void machine_forget_events(void);

/* Calls what waits for this signal. */
void machine_signal(int signo);

/* Starts afresh: no device, no configuration, guest memory zero. */
void machine_init(void);

/* The same, but guest memory stays: for a machine that takes over another's guest. */
void machine_again(void);

/* Makes the bus, with the devices that were given to pci_parse_slot(). */
void machine_start(bool mmio);
void machine_start_on(const char *transport); /* virtio.transport */

/* Guest accesses. A read that no device answers fails the test. */
uint64_t rd(uint64_t addr, int size);
void wr(uint64_t addr, int size, uint64_t val);

/* A driver's view of one device. */
struct vdev {
	bool pci;
	bool legacy;   /* a device from before 1.0 */
	uint64_t base; /* registers; on PCI a BAR */
	unsigned int slot;
};

/* Finds the device in virtio-mmio slot 0, or in PCI slot n. */
void vdev_find(struct vdev *v, bool pci, unsigned int slot);

/* The legacy interface of the device in PCI slot n. */
void vdev_find_ports(struct vdev *v, unsigned int slot);

uint64_t vdev_features(struct vdev *v);
uint8_t vdev_status(struct vdev *v);
void vdev_set_status(struct vdev *v, uint8_t status);

/*
 * Resets the device, goes up to DRIVER, and writes the features @f; they are
 * not agreed yet.
 */
void vdev_write_features(struct vdev *v, uint64_t f);

/*
 * Resets the device, agrees on exactly these features, and stops before
 * DRIVER_OK. False: it has refused them.
 */
bool vdev_negotiate(struct vdev *v, uint64_t features);

/* Sets up a queue at d->base, and enables it. */
void vdev_queue(struct vdev *v, unsigned int q, const struct driver *d);

void vdev_driver_ok(struct vdev *v);
void vdev_kick(struct vdev *v, unsigned int q);
uint64_t vdev_config(struct vdev *v, uint32_t off, int size);
void vdev_config_write(struct vdev *v, uint32_t off, int size, uint64_t val);

/* Waits some seconds for a used buffer; gives its id and length. */
bool vdev_wait(struct driver *d, uint16_t *id, uint32_t *len);

#define S_NEEDS_RESET 64
#define F_VERSION_1   (1ull << 32)
#define F_PACKED      (1ull << 34)
#define F_INDIRECT    (1ull << 28)
#define F_EVENT_IDX   (1ull << 29)

#endif /* TESTS_UNIT_VIRTIO_MACHINE_H */
