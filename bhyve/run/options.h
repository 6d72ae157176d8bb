/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line; see bhyve(8). */
#ifndef BHYVE_OPTIONS_H
#define BHYVE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct bhyve_options {
	const char *name;
	unsigned int ncpus;
	uint64_t mem_size; /* in bytes */
};

/*
 * Turns the arguments into configuration values, checks those that bhyve itself
 * uses, and returns the most important ones. For -h prints help and exits; on
 * an error prints it and exits with status 4.
 */
void parse_options(int argc, char *argv[], struct bhyve_options *opts);

/*
 * Turns -c's argument, "2" or "cpus=2,sockets=1,...", into keys. 0 or -EINVAL.
 */
int parse_topology(const char *text);

/*
 * Turns -f's argument, "[name=]NAME,string=TEXT" or "...,file=PATH", into keys
 * of the first free fwcfg.N. 0 or -EINVAL.
 */
int parse_fwcfg_file(const char *text);

/*
 * Turns -l's argument, "com1,WHERE" or "bootrom,FILE[,VARS]", into keys. 0;
 * -EINVAL after printing the error.
 */
int parse_lpc(const char *text);

/* Whether option -@letter takes an argument. */
bool option_takes_argument(char letter);

/*
 * If an argument is an option of QEMU or kvmtool, or an unknown long option,
 * prints what to use instead and exits with status 4.
 */
void refuse_foreign_options(int argc, char *argv[]);

/*
 * If a key was not read while the machine was made and its guest loaded, or a device
 * attached, prints it and returns -EINVAL. Else 0.
 */
int refuse_unread_keys(void);

#endif /* BHYVE_OPTIONS_H */
