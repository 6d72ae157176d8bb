/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree with which the kernel was started, from /proc/device-tree. */
#ifndef BHYVECTL_ARM_DEVICE_TREE_H
#define BHYVECTL_ARM_DEVICE_TREE_H

struct host_facts;

/*
 * Fills in what the tree says about GIC, timer and PSCI. Addresses are those of
 * the nodes' own bus. False: this kernel has no device tree.
 */
bool tree_look(struct host_facts *facts);

#endif /* BHYVECTL_ARM_DEVICE_TREE_H */
