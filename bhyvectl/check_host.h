/* SPDX-License-Identifier: BSD-2-Clause */
/* What this host has and lacks for running guests, and a report of it. */
#ifndef BHYVECTL_CHECK_HOST_H
#define BHYVECTL_CHECK_HOST_H

/*
 * Prints a line for each thing that guests need, or should have, and what to do
 * if it is missing. Returns 0 if a guest can run.
 */
int check_host(bool json);

/*
 * Prints what helps someone to find out why the host runs no guests. Returns 0.
 */
int report(void);

#endif /* BHYVECTL_CHECK_HOST_H */
