/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hardware for the tests of the interrupt controller: one GICv2 virtual CPU
 * interface with list registers, by IHI 0048B (virtualization), and the world
 * switch that loads and saves it.
 */
#ifndef TESTS_UNIT_VGIC_GICV_H
#define TESTS_UNIT_VGIC_GICV_H

#include "core/vgic.h"

#define SPURIOUS 1023u

struct gicv {
	struct vgic *vgic;
	unsigned int vcpu;
	uint32_t lr[VGIC_MAX_LRS];
	uint32_t hcr;
	uint32_t vmcr;
	uint32_t apr;
	/* PPIs deactivated in the physical GIC; the test clears it */
	uint32_t deactivated;
	unsigned int exits; /* number of maintenance interrupts */
};

/* A virtual CPU interface that lets group 0 through at every priority. */
void gicv_init(struct gicv *gicv, struct vgic *vgic, unsigned int vcpu);

/* The world switch, as core/vgic.h demands it. */
void gicv_enter(struct gicv *gicv);
void gicv_exit(struct gicv *gicv);
/* An exit and an entry, as after a kick. */
void gicv_kick(struct gicv *gicv);

/*
 * What a guest does. Maintenance interrupts are taken until there is none left;
 * many in a row are a storm, and fail the test.
 */
uint32_t gicv_iar(struct gicv *gicv);
uint32_t gicv_aiar(struct gicv *gicv);
void gicv_eoir(struct gicv *gicv, uint32_t val);
void gicv_dir(struct gicv *gicv, uint32_t val);
void gicv_set_vmcr(struct gicv *gicv, uint32_t vmcr);

/*
 * With all of a VM's CPUs: kicks them; kicks those that vgic_take_kick()
 * returns; makes a guest's access to the distributor, with the syncs before it
 * and the kicks after it.
 */
void gicv_kick_all(struct gicv *cpus, uint32_t vcpus);
void gicv_settle(struct gicv *cpus);
uint32_t gicv_read(struct gicv *cpus, unsigned int vcpu, uint32_t off);
void gicv_write(struct gicv *cpus, unsigned int vcpu, uint32_t off,
		unsigned int size, uint32_t val);

/* Whether the CPU interface asserts IRQ or FIQ. */
bool gicv_signals(const struct gicv *gicv);
uint32_t gicv_misr(const struct gicv *gicv);

#endif /* TESTS_UNIT_VGIC_GICV_H */
