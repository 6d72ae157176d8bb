/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hardware that the tests of the interrupt controller run against: one
 * GICv2 virtual CPU interface with its list registers, after IHI 0048B chapter
 * 5, and the world switch that loads and saves it.
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
	uint32_t deactivated; /* PPIs ended in the physical GIC; test clears */
	unsigned int exits;   /* maintenance interrupts taken */
};

/* A virtual CPU interface open for group 0 at every priority. */
void gicv_init(struct gicv *gicv, struct vgic *vgic, unsigned int vcpu);

/* The world switch, as core/vgic.h asks for it. */
void gicv_enter(struct gicv *gicv);
void gicv_exit(struct gicv *gicv);
/* An exit and an entry, as a kick makes them. */
void gicv_kick(struct gicv *gicv);

/*
 * What a guest does. Maintenance interrupts it causes are taken until none is
 * left; more than a few in a row are a storm and fail the test.
 */
uint32_t gicv_iar(struct gicv *gicv);
uint32_t gicv_aiar(struct gicv *gicv);
void gicv_eoir(struct gicv *gicv, uint32_t val);
void gicv_dir(struct gicv *gicv, uint32_t val);
void gicv_set_vmcr(struct gicv *gicv, uint32_t vmcr);

/*
 * With cpus[] all of a VM: kicks; those that vgic_take_kick() still has; a
 * guest's access to the distributor with the syncs before and kicks after it.
 */
void gicv_kick_all(struct gicv *cpus, uint32_t vcpus);
void gicv_settle(struct gicv *cpus);
uint32_t gicv_read(struct gicv *cpus, unsigned int vcpu, uint32_t off);
void gicv_write(struct gicv *cpus, unsigned int vcpu, uint32_t off,
		unsigned int size, uint32_t val);

/* The CPU interface asserts its IRQ or FIQ output. */
bool gicv_signals(const struct gicv *gicv);
uint32_t gicv_misr(const struct gicv *gicv);

#endif /* TESTS_UNIT_VGIC_GICV_H */
