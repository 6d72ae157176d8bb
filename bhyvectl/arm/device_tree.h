/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree that the kernel was started with, as /proc/device-tree has it.
 */
#ifndef BHYVECTL_ARM_DEVICE_TREE_H
#define BHYVECTL_ARM_DEVICE_TREE_H

struct host_facts;

/*
 * What the tree says of GIC, timer and PSCI. Addresses are those of the nodes'
 * own bus. False: this kernel has no tree to look at.
 */
bool tree_look(struct host_facts *facts);

#endif /* BHYVECTL_ARM_DEVICE_TREE_H */
