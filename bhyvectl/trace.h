/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bhyvectl --trace.
 */
#ifndef BHYVECTL_TRACE_H
#define BHYVECTL_TRACE_H

#define TRACE_MAX_SECONDS 3600

/*
 * Records what the VM @name does for @seconds, or until it ends or a signal comes, as a
 * timeline in the file @path, and prints sums beside the VM's counters. The VM is
 * paused for an instant before and after, so that both are of the same time. An exit
 * status: NOT_DONE where events were lost, too.
 */
int trace(const char *name, unsigned int seconds, const char *path);

#endif /* BHYVECTL_TRACE_H */
