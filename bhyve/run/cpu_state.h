/* SPDX-License-Identifier: BSD-2-Clause */
/* What vmm.ko has of a guest's state: the vCPUs and the interrupt controller. */
#ifndef BHYVE_CPU_STATE_H
#define BHYVE_CPU_STATE_H

struct vmctx;

/*
 * Registers them as devices, for snapshots; vmm.ko resets them by itself. After
 * all devices, so that they are loaded last.
 */
void register_cpu_state(struct vmctx *ctx, unsigned int ncpus);

#endif /* BHYVE_CPU_STATE_H */
