/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line; see bhyve(8). */
#ifndef BHYVE_OPTIONS_H
#define BHYVE_OPTIONS_H

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

#endif /* BHYVE_OPTIONS_H */
