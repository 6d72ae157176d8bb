/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line; see bhyve(8). */
#ifndef BHYVE_OPTIONS_H
#define BHYVE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct bhyve_options {
	const char *name;
	unsigned int ncpus;
	uint64_t mem_size; /* bytes */
};

/*
 * Turns the arguments into configuration values, checks those bhyve itself
 * uses, and gives the most important ones. Prints help and exits for -h; says
 * what is wrong and exits with status 4.
 */
void parse_options(int argc, char *argv[], struct bhyve_options *opts);

/*
 * -m's argument: a number with K, M, G or T behind it, without one MiB (or
 * bytes from 1 MiB up, as bhyve(8) reads it). -EINVAL.
 */
int parse_memsize(const char *text, uint64_t *bytesp);

/* -c's argument: "2" or "cpus=2,sockets=1,..." into cpus, sockets... */
int parse_topology(const char *text);

/*
 * -f's argument, "[name=]NAME,string=TEXT" or "...,file=PATH", into the first
 * free fwcfg.N. -EINVAL: it is not that.
 */
int parse_fwcfg_file(const char *text);

/*
 * -l's argument, "com1,WHERE" or "bootrom,FILE[,VARS]", into keys. 0; -EINVAL: it
 * is wrong, and was said to be.
 */
int parse_lpc(const char *text);

/* Does option -@letter take an argument? */
bool option_takes_argument(char letter);

/*
 * An option of QEMU's or kvmtool's among the arguments, or a long one that nobody
 * knows, is said, with ours in its place, and exits with status 4.
 */
void refuse_foreign_options(int argc, char *argv[]);

/*
 * A key that nobody has read by now, after the machine was made and its guest
 * loaded, is said and exits with status 4.
 */
void refuse_unread_keys(void);

#endif /* BHYVE_OPTIONS_H */
