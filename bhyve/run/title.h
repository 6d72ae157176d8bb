/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVE_TITLE_H
#define BHYVE_TITLE_H

/*
 * Makes ps(1) and pgrep -f show this process as "bhyve: NAME", as on FreeBSD,
 * because managers look for that. Overwrites @argv.
 */
void set_process_title(int argc, char *argv[], const char *name);

#endif /* BHYVE_TITLE_H */
