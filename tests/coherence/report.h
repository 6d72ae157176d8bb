/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the plugin says what it saw. */
#ifndef COHERENCE_REPORT_H
#define COHERENCE_REPORT_H

#include "caches.h"

/* False: the file cannot be made. */
bool report_open(const char *path);

/* A line of its own, written out at once: QEMU ends by a signal. */
void report_line(const char *text);

/* Another test begins: what was told once is told again. */
void report_again(void);

#endif /* COHERENCE_REPORT_H */
