/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of bhyve's processes. */
#ifndef BHYVE_TITLE_H
#define BHYVE_TITLE_H

/*
 * Makes ps(1) and pgrep -f show this process as "bhyve: NAME", as on FreeBSD,
 * because managers look for that. Overwrites @argv. @name is kept.
 */
void set_process_title(int argc, char *argv[], const char *name);

/*
 * Makes ps(1) and pgrep -f show a helper process of bhyve's as "PROGRAM: NAME", so that
 * managers do not take it for the VM. NAME is that of set_process_title().
 */
void set_child_title(const char *program);

#endif /* BHYVE_TITLE_H */
