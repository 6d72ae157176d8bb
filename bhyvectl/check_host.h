/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this machine has and lacks for guests, and all of it for a report.
 */
#ifndef BHYVECTL_CHECK_HOST_H
#define BHYVECTL_CHECK_HOST_H

/*
 * Prints a line for each thing that guests need or are better with, and what to
 * do where it is missing. 0: a guest can run.
 */
int check_host(bool json);

/* Prints what helps others to find out why a machine runs no guests. 0. */
int report(void);

#endif /* BHYVECTL_CHECK_HOST_H */
