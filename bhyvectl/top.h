/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bhyvectl --top.
 */
#ifndef BHYVECTL_TOP_H
#define BHYVECTL_TOP_H

/*
 * Prints what all running VMs do, and what it costs: on a terminal every two seconds
 * until a signal ends it, else once. An exit status.
 */
int top(void);

#endif /* BHYVECTL_TOP_H */
