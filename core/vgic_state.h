/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt controller's state in the form that leaves the host: struct
 * vm_vgic_state, in which no list register is.
 */
#ifndef CORE_VGIC_STATE_H
#define CORE_VGIC_STATE_H

#include <vmm/vmm_vgic.h>

#include "core/vgic.h"

/*
 * Writes all of *state, with the levels of all SPI lines in "line". copy is a
 * copy of an interrupt controller whose vCPUs are all synced; it is changed.
 * A PPI of vgic_inject_hw_ppi() is pending in *state only by its latch, since
 * the physical interrupt raises it again.
 */
void vgic_save(struct vgic *copy, struct vm_vgic_state *state);

/*
 * Puts vgic into this state, from vgic_init() with the same number of vCPUs and
 * INTIDs, or from vgic_reset(). False: the state is not one that vmm_vgic.h
 * permits, or of another number of vCPUs or INTIDs; then vgic is unchanged. No
 * vCPU is in the guest; each has to write all list registers, vmcr and apr
 * before its next entry.
 */
bool vgic_load(struct vgic *vgic, const struct vm_vgic_state *state);

#endif /* CORE_VGIC_STATE_H */
