/* SPDX-License-Identifier: BSD-2-Clause */
/* A vCPU's counters, in the order in which VM_STATS returns them. */
#ifndef VMM_VMM_STAT_H
#define VMM_VMM_STAT_H

/*
 * One line for each counter: its enumerator, and the name that bhyvectl prints.
 */
#define VM_STATS_LIST(X)                                                   \
	X(VM_STAT_ENTRIES, "guest entries")                                \
	X(VM_STAT_IRQ, "exits: host interrupt")                            \
	X(VM_STAT_TIMER, "exits: timer")                                   \
	X(VM_STAT_WFI, "exits: WFI")                                       \
	X(VM_STAT_WFE, "exits: WFE")                                       \
	X(VM_STAT_CP15, "exits: CP15, CP14 or CP10 access")                \
	X(VM_STAT_HVC, "exits: HVC")                                       \
	X(VM_STAT_SMC, "exits: SMC")                                       \
	X(VM_STAT_FAULT, "exits: stage 2 fault on memory")                 \
	X(VM_STAT_GICD, "exits: GIC distributor")                          \
	X(VM_STAT_MMIO, "exits: MMIO to user space")                       \
	X(VM_STAT_IOEVENTFD, "exits: MMIO to an eventfd")                  \
	X(VM_STAT_POSTED, "exits: posted device memory")                   \
	X(VM_STAT_UNCLAIMED, "accesses that no device claims")             \
	X(VM_STAT_UNDEF, "exits answered with UNDEF")                      \
	X(VM_STAT_OTHER, "exits: other")                                   \
	X(VM_STAT_BLOCKED, "times blocked in the host")                    \
	X(VM_STAT_USER, "returns to user space")                           \
	X(VM_STAT_FAST_HVC, "answered in HYP: HVC")                        \
	X(VM_STAT_FAST_CP15, "answered in HYP: CP15, CP14 or CP10 access") \
	X(VM_STAT_FAST_DIST, "answered in HYP: GIC distributor")           \
	X(VM_STAT_FAST_POSTED, "answered in HYP: posted device memory")    \
	X(VM_STAT_FAST_TIMER, "answered in HYP: timer")                    \
	X(VM_STAT_FAST_VFP, "answered in HYP: first use of VFP")

#define VM_STAT_ENUM(name, text) name,
enum vm_stat {
	VM_STATS_LIST(VM_STAT_ENUM) VM_STAT_MAX
};
#undef VM_STAT_ENUM

#endif /* VMM_VMM_STAT_H */
