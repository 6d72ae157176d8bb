/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PCI function: its configuration space, BARs and interrupts, as devices see
 * it. "PCI" is PCI Local Bus 3.0.
 *
 * Locking: each function has a lock, for configuration space and MSI-X. The
 * functions of struct pci_devemu are called without it.
 */
#ifndef BHYVE_PCI_DEV_H
#define BHYVE_PCI_DEV_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct config_node;
struct mevent;
struct vmctx;

#define PCI_SLOTS     32
#define PCI_FUNCS     8
#define PCI_BARS      6
#define PCI_CFG_SIZE  256
#define PCI_ECAM_FUNC 4096 /* a function's share of ECAM */

/* Offsets of the header: PCI 6.1. */
#define PCIR_VENDOR    0x00
#define PCIR_DEVICE    0x02
#define PCIR_COMMAND   0x04
#define PCIR_STATUS    0x06
#define PCIR_REVID     0x08
#define PCIR_PROGIF    0x09
#define PCIR_SUBCLASS  0x0a
#define PCIR_CLASS     0x0b
#define PCIR_HDRTYPE   0x0e
#define PCIR_BAR(n)    (0x10 + 4 * (n))
#define PCIR_SUBVEND_0 0x2c
#define PCIR_SUBDEV_0  0x2e
#define PCIR_CAP_PTR   0x34
#define PCIR_INTLINE   0x3c
#define PCIR_INTPIN    0x3d

#define PCIM_CMD_PORTEN	       0x0001
#define PCIM_CMD_MEMEN	       0x0002
#define PCIM_CMD_BUSMASTEREN   0x0004
#define PCIM_CMD_INTxDIS       0x0400
#define PCIM_STATUS_INTx       0x0008
#define PCIM_STATUS_CAPPRESENT 0x0010
#define PCIM_MFDEV	       0x80
#define PCIM_BAR_IO_SPACE      0x1

#define PCIY_VENDOR 0x09
#define PCIY_MSIX   0x11

struct pci_devinst;

struct pci_devemu {
	const char *name; /* its name in "-s slot,NAME" */

	/*
	 * For an emulation with several names, one of which is the value of
	 * the key "device". serves() returns whether @name is one of them;
	 * list() prints all of them on stdout, one on each line. Both are NULL
	 * if name is set.
	 */
	bool (*serves)(const char *name);
	void (*list)(void);

	/*
	 * True: the configuration puts the device on another bus. NULL: never.
	 */
	bool (*elsewhere)(void);

	/*
	 * Turns the text after "-s slot,NAME," into keys of node; NULL: the
	 * text consists of options. 0; -EINVAL after printing the error.
	 */
	int (*legacy_config)(struct config_node *node, const char *opts);

	/*
	 * Fills configuration space and allocates BARs. 0; -EINVAL after printing
	 * the error.
	 */
	int (*init)(struct pci_devinst *pi, struct config_node *node);

	/*
	 * For a device that can be detached. in_use(): a driver has it. stop()
	 * resets it, and waits until it has let go of the guest's memory. close()
	 * frees what init has made, also if init has failed on the way. Event
	 * thread, with no vCPU in the guest. All may be NULL.
	 */
	bool (*in_use)(struct pci_devinst *pi);
	void (*stop)(struct pci_devinst *pi);
	void (*close)(struct pci_devinst *pi);

	/*
	 * An access of size 1, 2, 4 or 8 at off inside a BAR, but not in one
	 * with the MSI-X table.
	 */
	uint64_t (*bar_read)(struct pci_devinst *pi, int bar, uint64_t off,
			     int size);
	void (*bar_write)(struct pci_devinst *pi, int bar, uint64_t off,
			  int size, uint64_t val);

	/*
	 * An access to configuration space that the device answers itself: true
	 * if it did. Both may be NULL.
	 */
	bool (*cfg_read)(struct pci_devinst *pi, uint32_t off, int size,
			 uint32_t *val);
	bool (*cfg_write)(struct pci_devinst *pi, uint32_t off, int size,
			  uint32_t val);
};

struct pci_bar {
	uint32_t size; /* 0: no BAR; else a power of two */
	bool io;       /* of I/O ports; else of memory */
	uint64_t home; /* its address on the bus after a reset */
	uint64_t addr; /* where the guest's CPUs find it */
	bool mapped;
};

/* An offset in a BAR at which stores signal an eventfd. */
struct pci_doorbell {
	int bar;
	uint32_t off;
	int fd;
};

/* An eventfd whose signals send a vector; see pci_add_irqfd(). */
struct pci_irqfd {
	struct pci_irqfd *next;
	int fd;
	struct mevent *otherwise;
	bool on;
	uint16_t vector;
	uint32_t intid; /* the SPI that vmm.ko raises for it; 0: none */
};

struct msix_entry {
	uint32_t addr_lo;
	uint32_t addr_hi;
	uint32_t data;
	uint32_t control;
};

struct pci_devinst {
	const struct pci_devemu *emul;
	struct vmctx *ctx;
	uint8_t slot;
	uint8_t func;
	char name[24]; /* "pci 0:S:F", for messages */
	bool attached; /* while the VM ran; it can be detached */
	void *arg;     /* for the device */
	pthread_mutex_t lock;

	uint8_t cfg[PCI_CFG_SIZE];
	uint8_t cfg_reset[PCI_CFG_SIZE]; /* its contents after start-up */
	uint8_t cfg_mask[PCI_CFG_SIZE];	 /* the bits that the guest may write */
	uint8_t cap_end;		 /* offset of the next capability */
	uint8_t cap_last;
	struct pci_bar bar[PCI_BARS];
	struct pci_doorbell *doorbells;
	unsigned int ndoorbells;

	bool intx;	/* the level that the device wants for its INTx pin */
	bool intx_line; /* the level that the bus has been told */

	int msix_bar;
	uint8_t msix_cap; /* offset of the capability; 0: no MSI-X */
	uint16_t msix_count;
	struct msix_entry *msix;
	/* a bit for each vector; as many words as the PBA has */
	uint64_t *msix_pending;
	bool msix_faulted;
	struct pci_irqfd *irqfds;
};

/* Adds an emulation to the table that -s searches. */
#define PCI_EMUL(emul)                                        \
	static const struct pci_devemu *const pci_emul_##emul \
		__attribute__((used, section("pci_devemus"))) = &emul

/* The emulation called @name, or NULL. */
const struct pci_devemu *pci_emul_find(const char *name);

/* Prints the names of all emulations on stdout, one on each line. */
void pci_emul_list(void);

/* Set fields of configuration space; in init only. */
void pci_set_cfgdata8(struct pci_devinst *pi, uint32_t off, uint8_t val);
void pci_set_cfgdata16(struct pci_devinst *pi, uint32_t off, uint16_t val);
void pci_set_cfgdata32(struct pci_devinst *pi, uint32_t off, uint32_t val);
uint16_t pci_get_cfgdata16(const struct pci_devinst *pi, uint32_t off);
uint32_t pci_get_cfgdata32(const struct pci_devinst *pi, uint32_t off);

/*
 * Appends a capability of len bytes, including its id and next pointer, and
 * returns its offset. In init only.
 */
uint8_t pci_add_capability(struct pci_devinst *pi, const void *cap,
			   uint8_t len);

/*
 * Allocates a 32-bit memory BAR of at least size bytes; in init only. As those below, 0;
 * -EINVAL after printing the error.
 */
int pci_alloc_bar(struct pci_devinst *pi, int bar, uint32_t size);

/* A BAR of at least size I/O ports, up to 256 (PCI 6.2.5.1); in init only. */
int pci_alloc_io_bar(struct pci_devinst *pi, int bar, uint32_t size);

/*
 * Makes the guest's stores of any width to offset off of the BAR signal an
 * eventfd, wherever the BAR is. A store that vmm.ko does not decode still comes
 * to bar_write. In init only.
 */
int pci_add_doorbell(struct pci_devinst *pi, int bar, uint32_t off, int fd);

/*
 * Adds MSI-X with count vectors; the table and the PBA are in that BAR. In init
 * only.
 */
int pci_add_msix(struct pci_devinst *pi, int bar, uint16_t count);

/* Whether MSI-X is on, which silences INTx (PCI, 6.8.3.3). */
bool pci_msix_enabled(struct pci_devinst *pi);

/*
 * Sends a vector, or remembers it while it is masked. Any thread. False: the
 * guest has given it an address that takes no message, which is reported once.
 */
bool pci_generate_msix(struct pci_devinst *pi, uint16_t vector);

/*
 * Fills in @irqfd, which the caller keeps: signals of the eventfd @fd are to
 * send a vector. @otherwise is a disabled event on @fd. In init only.
 */
void pci_add_irqfd(struct pci_devinst *pi, struct pci_irqfd *irqfd, int fd,
		   struct mevent *otherwise);

/*
 * On: while the guest has @vector unmasked, vmm.ko sends it for each signal,
 * without bhyve. At all other times (it is masked, leads nowhere, does not exist,
 * or MSI-X is off) @otherwise is enabled. Off: neither.
 */
void pci_set_irqfd(struct pci_devinst *pi, struct pci_irqfd *irqfd, bool on,
		   uint16_t vector);

/* Gives the device an INTA pin; in init only. */
void pci_request_intx(struct pci_devinst *pi);

/* Sets the level of INTA. Any thread. */
void pci_set_intx(struct pci_devinst *pi, bool level);

#endif /* BHYVE_PCI_DEV_H */
