/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BHYVE_TITLE_H
#define BHYVE_TITLE_H

/*
 * ps(1) and pgrep -f show this process as "bhyve: NAME", as on FreeBSD, by which
 * managers find it. The arguments are gone from then on.
 */
void set_process_title(int argc, char *argv[], const char *name);

#endif /* BHYVE_TITLE_H */
